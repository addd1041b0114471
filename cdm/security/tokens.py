"""Tokens of programs."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cdm.errors import NotFound, StoreError
from cdm.security.errors import NotSignedIn
from cdm.security.principal import Principal
from cdm.security.rights import Role, Scope
from cdm.security.secret import TOKEN, digest, new_secret
from cdm.security.users import UserRefused, usual
from cdm.store.api_tokens import ApiToken, NewApiToken
from cdm.store.clock import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdm.store import Store

NOTED_EVERY = timedelta(minutes=10)
"""How exactly it is known when a token was last used."""


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new token with its secret, which nobody can be told again."""

    token: ApiToken
    secret: str


class Tokens:
    """The tokens of a hub.

    Args:
        store: the hub's store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def list(self) -> list[ApiToken]:
        """Return all tokens, revoked ones too, the oldest first."""
        return self._store.tokens.list()

    def create(
        self, name: str, scopes: Collection[Scope], by: str, *, user: str = "", expires: datetime | None = None
    ) -> CreatedToken:
        """Make a token.

        Args:
            name: what it is for, e.g. ``shop``.
            scopes: what it may be used for; with a user and no scopes, all that user may do.
            by: who makes it.
            user: whom it acts for; empty for a program of its own.
            expires: from when on it is useless.

        Raises:
            UserRefused: it has no name, or neither scopes nor a user.
            NotFound: there is no such user.
        """
        if not name.strip():
            raise UserRefused("The token has no name.", remedy="Name it after the program that uses it.")
        if not scopes and not user:
            known = ", ".join(Scope)
            raise UserRefused("A token without scopes may do nothing.", remedy=f"Give some of: {known}.")
        if user and self._store.accounts.find(usual(user)) is None:
            raise NotFound(f"There is no user '{user}'.", remedy="List them with 'cdm user list'.")
        secret = new_secret(TOKEN)
        kept = sorted(scope.value for scope in scopes)
        new = NewApiToken(name.strip(), digest(secret), usual(user), kept, by, expires)
        return CreatedToken(self._store.tokens.add(new, self._now()), secret)

    def revoke(self, number: int, by: str) -> None:
        """Make a token useless at once; raises ``NotFound``."""
        self._store.tokens.revoke(number, self._now(), by)

    def principal(self, secret: str) -> Principal:
        """Return whom a token stands for.

        Raises:
            NotSignedIn: there is no such token, it was revoked, has expired, or its user was removed.
        """
        now = self._now()
        token = self._store.tokens.find(digest(secret))
        if token is None or not token.good(now):
            raise _useless()
        self._note(token, now)
        scopes = frozenset(Scope(scope) for scope in token.scopes)
        if not token.user:
            return Principal(f"token:{token.name}", Role.SERVICE, scopes)
        account = self._store.accounts.find(token.user)
        if account is None:
            raise _useless()
        return Principal(account.name, Role(account.role), scopes or None, account.one_time)

    def _note(self, token: ApiToken, now: datetime) -> None:
        if token.last_used_at is None or token.last_used_at < stamp(now - NOTED_EVERY):
            with suppress(StoreError):  # a hub that is busy writing answers readers all the same
                self._store.tokens.used(token.id, now)


def _useless() -> NotSignedIn:
    return NotSignedIn(
        "The token is unknown, revoked or expired.", remedy="Ask an administrator: cdm token create NAME --scope read."
    )
