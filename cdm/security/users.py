"""Users: add, change, remove; sign in and out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cdm.security import passwords
from cdm.security.errors import NotSignedIn, PasswordRefused, SecurityError, SignInRefused, TooManyAttempts
from cdm.security.principal import Principal
from cdm.security.rights import Role
from cdm.security.secret import SESSION, digest, new_secret
from cdm.store.accounts import Account
from cdm.store.audit import Act
from cdm.store.clock import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdm.store import Store

SESSION_LASTS = timedelta(hours=12)
FREE_ATTEMPTS, FREE_FROM_ANYWHERE = 3, 30
"""Sign-ins of a name that may fail from one address, and from all of them together, before the next one has to wait: 2
s, 4 s, 8 s … up to :data:`LONGEST_WAIT`."""
LONGEST_WAIT = 300
FORGOTTEN_AFTER = timedelta(hours=1)
_NAME = re.compile(r"[\w.@-]{1,60}")
FIRST_USER = "admin"


class UserRefused(SecurityError):  # noqa: N818 - says what is the matter
    """The user cannot be added or changed as asked."""

    code, status = "user_refused", 422


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the secret of the session."""

    principal: Principal
    secret: str
    expires: datetime


class Users:
    """The users of a hub.

    Args:
        store: the hub's store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._accounts, self._now = store.accounts, now

    def list(self) -> list[Account]:
        """Return all users, removed ones too, by name."""
        return self._accounts.list()

    def add(self, name: str, role: Role, by: str, password: str = "") -> str:
        """Add a user.

        Args:
            name: letters, digits and ``_ . @ -``, 60 at most; case does not count.
            role: what they are.
            by: who adds them.
            password: theirs; a one-time one is made where empty.

        Returns:
            The one-time password, to be told once and replaced at the first sign-in; empty where one was given.

        Raises:
            UserRefused: the name or the role cannot be a user's.
            PasswordRefused: the password is too weak.
            Conflict: there is a user of that name.
        """
        name = usual(name)
        if not _NAME.fullmatch(name):
            raise UserRefused(
                f"'{name}' cannot be the name of a user.", remedy="Use letters, digits, _ . @ and - (60 at most)."
            )
        _of_people(role)
        if password:
            passwords.accept(name, password)
        told = "" if password else passwords.one_time()
        kept = passwords.hashed(password or told)
        self._accounts.add(Account(name, role.value, kept, bool(told), ""), self._now(), by)
        return told

    def set_role(self, name: str, role: Role, by: str) -> None:
        """Change what a user is, at once; raises ``NotFound``, ``UserRefused``."""
        name = usual(name)
        _of_people(role)
        if role is not Role.ADMINISTRATOR:
            self._keep_an_administrator(name)
        act = Act(by, "user changed", name, {"role": role.value})
        self._accounts.change(name, act, self._now(), sign_out=False, role=role.value)

    def reset_password(self, name: str, by: str, password: str = "") -> str:
        """Set a user's password and end their sessions; returns a one-time password where none is given.

        Raises:
            NotFound: there is no such user.
            PasswordRefused: the password is too weak.
        """
        name = usual(name)
        if password:
            passwords.accept(name, password)
        told = "" if password else passwords.one_time()
        kept = passwords.hashed(password or told)
        act = Act(by, "password set", name)
        self._accounts.change(name, act, self._now(), password=kept, one_time=bool(told))
        return told

    def remove(self, name: str, by: str) -> None:
        """Remove a user and end their sessions; the tokens that act for them end as well. Raises ``NotFound``."""
        name = usual(name)
        self._keep_an_administrator(name)
        self._accounts.change(name, Act(by, "user removed", name), self._now(), removed_at=stamp(self._now()))

    def first_password(self) -> str:
        """Add the administrator of a hub without users and return the one-time password; empty where there are some."""
        return "" if self._accounts.count() else self.add(FIRST_USER, Role.ADMINISTRATOR, "cdm serve")

    def sign_in(self, name: str, password: str, address: str = "") -> SignedIn:
        """Sign in.

        Args:
            name: as typed.
            password: as typed.
            address: where from; failures are counted per name and address, and per name.

        Raises:
            SignInRefused: name and password do not fit.
            TooManyAttempts: too many failed before; says how long to wait.
        """
        name, now = usual(name), self._now()
        here, anywhere = digest(f"{name}\x1f{address}"), digest(name)
        self._must_not_wait(here, FREE_ATTEMPTS, now)
        self._must_not_wait(anywhere, FREE_FROM_ANYWHERE, now)
        known = self._accounts.find(name)
        if not passwords.fits(known.password if known else None, password):
            act = Act("hub", "sign-in failed", name if known else "unknown user", {"address": address})
            self._accounts.failed((here, anywhere), now - FORGOTTEN_AFTER, act, now)
            raise SignInRefused("Name or password is wrong.", remedy="Try again, or ask an administrator.")
        assert known is not None
        self._accounts.succeeded((here, anywhere))
        if passwords.outdated(known.password):
            again = passwords.hashed(password)
            self._accounts.change(name, Act("hub", "password hashed anew", name), now, sign_out=False, password=again)
        secret, expires = new_secret(SESSION), now + SESSION_LASTS
        self._accounts.begin_session(digest(secret), name, now, expires)
        return SignedIn(_principal(known), secret, expires)

    def change_password(self, name: str, old: str, new: str, address: str = "") -> SignedIn:
        """Replace one's own password; all sessions end and a new one begins.

        Raises:
            SignInRefused, TooManyAttempts: as for :meth:`sign_in`.
            PasswordRefused: the new one is too weak, or the same.
        """
        name = usual(name)
        signed_in = self.sign_in(name, old, address)
        if new == old:
            raise PasswordRefused("The new password is the present one.", remedy="Choose another one.")
        self.reset_password(name, signed_in.principal.name, new or " ")
        return self.sign_in(name, new, address)

    def of_session(self, secret: str) -> Principal:
        """Return who is signed in; raises ``NotSignedIn``."""
        account = self._accounts.of_session(digest(secret), self._now())
        if account is None:
            raise NotSignedIn("The session is over.", remedy="Sign in again.")
        return _principal(account)

    def sign_out(self, secret: str) -> None:
        """End a session; one that is over already is no error."""
        self._accounts.end_session(digest(secret))

    def _must_not_wait(self, subject: str, free: int, now: datetime) -> None:
        failed = self._accounts.failures(subject, now - FORGOTTEN_AFTER)
        if failed.count < free:
            return
        wait = LONGEST_WAIT if failed.count - free > 8 else min(2 ** (failed.count - free + 1), LONGEST_WAIT)
        left = wait - int((now - datetime.fromisoformat(failed.last_at)).total_seconds())
        if left > 0:
            raise TooManyAttempts(
                f"Sign-ins failed {failed.count} times in a row.",
                remedy=f"Wait {left} seconds, then try again.",
                retry_after=left,
            )

    def _keep_an_administrator(self, name: str) -> None:
        known = self._accounts.find(name)
        last = known is not None and known.role == Role.ADMINISTRATOR.value
        if last and self._accounts.count(Role.ADMINISTRATOR.value) == 1:
            raise UserRefused(f"'{name}' is the only administrator.", remedy="Make somebody else one first.")


def usual(name: str) -> str:
    """Return a user's name as it is kept: without differences nobody sees (NFKC, no case)."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _of_people(role: Role) -> None:
    if role is Role.SERVICE:
        raise UserRefused("A user cannot be a service.", remedy="Create a token: cdm token create NAME --scope read.")


def _principal(account: Account) -> Principal:
    return Principal(account.name, Role(account.role), None, account.one_time)
