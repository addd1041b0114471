"""Who may sign in and which programs may ask: users and tokens, managed by administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cdm.security import Right, Role, Scope
from cdm.security.tokens import Tokens
from cdm.security.users import Users
from cdm.service.context import Context
from cdm.service.shapes import Shape
from cdm.store.accounts import Account
from cdm.store.api_tokens import ApiToken


class UserView(Shape):
    """One user; ``removed_at`` is set where they may sign in no more."""

    name: str
    role: str
    waits: bool
    """The one-time password was not replaced yet."""
    created_at: str
    removed_at: str | None


class TokenView(Shape):
    """One token; ``user`` is whom it acts for, empty for a program of its own."""

    id: int
    name: str
    user: str
    scopes: Sequence[str]
    created_at: str
    created_by: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    good: bool
    """Neither revoked nor expired, and whom it acts for may sign in."""


class AccessDesk:
    """What a principal may do about users and tokens; every step needs the right to manage and is audited.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._hub = context, context.hub

    def users(self) -> list[UserView]:
        """Return all users, those first who may sign in; raises ``Forbidden``."""
        found = self._users.list()
        return [_user(one) for one in sorted(found, key=lambda one: (one.removed_at is not None, one.name))]

    def add_user(self, name: str, role: Role) -> str:
        """Add a user; returns the one-time password. Raises ``Forbidden`` and as :meth:`Users.add`."""
        return self._users.add(name, role, self._me)

    def set_role(self, name: str, role: Role) -> None:
        """Change what a user is; raises ``Forbidden`` and as :meth:`Users.set_role`."""
        self._users.set_role(name, role, self._me)

    def reset_password(self, name: str) -> str:
        """End a user's sessions; returns a one-time password. Raises ``Forbidden``, ``NotFound``."""
        return self._users.reset_password(name, self._me)

    def remove_user(self, name: str) -> None:
        """Let a user sign in no more; raises ``Forbidden`` and as :meth:`Users.remove`."""
        self._users.remove(name, self._me)

    def tokens(self) -> list[TokenView]:
        """Return all tokens, those first that are good, the newest first among them; raises ``Forbidden``."""
        now = self._hub.now()
        known = {"", *(one.name for one in self._users.list() if one.removed_at is None)}
        found = [(one.good(now) and one.user in known, one) for one in self._tokens.list()]
        return [_token(one, good) for good, one in sorted(found, key=lambda pair: (not pair[0], -pair[1].id))]

    def create_token(self, name: str, scopes: Sequence[Scope], days: int) -> str:
        """Make a token for a program; returns its secret, which nobody can be told again.

        Args:
            name: what it is for.
            scopes: what it may be used for.
            days: from now until it expires.

        Raises:
            Forbidden: no right to manage.
            UserRefused: it has no name or no scopes.
        """
        expires = self._hub.now() + timedelta(days=days)
        return self._tokens.create(name, scopes, self._me, expires=expires).secret

    def revoke_token(self, number: int) -> None:
        """Make a token useless at once; raises ``Forbidden``, ``NotFound``."""
        self._tokens.revoke(number, self._me)

    @property
    def _me(self) -> str:
        return self._context.principal.name

    @property
    def _users(self) -> Users:
        self._context.require(Right.MANAGE)
        return Users(self._hub.store, self._hub.now)

    @property
    def _tokens(self) -> Tokens:
        self._context.require(Right.MANAGE)
        return Tokens(self._hub.store, self._hub.now)


def _user(one: Account) -> UserView:
    return UserView(
        name=one.name, role=one.role, waits=one.one_time, created_at=one.created_at, removed_at=one.removed_at
    )


def _token(one: ApiToken, good: bool) -> TokenView:
    said = {name: getattr(one, name) for name in TokenView.model_fields if name != "good"}
    return TokenView(**said, good=good)
