"""Users, who is signed in, and sign-ins that failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from cdm.errors import Conflict, NotFound
from cdm.store.access_tables import failed_sign_in, user_account, user_session
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow
from cdm.store.clock import stamp
from cdm.store.database import Database


@dataclass(frozen=True, slots=True)
class Account:
    """One user; ``password`` is a hash, ``one_time`` says that it has to be replaced at the first sign-in."""

    name: str
    role: str
    password: str
    one_time: bool
    created_at: str
    removed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Failures:
    """Sign-ins that failed in a row."""

    count: int
    last_at: str


class Accounts:
    """The users of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: Account, now: datetime, by: str) -> None:
        """Add a user; one who was removed comes back under the old name.

        Raises:
            Conflict: there is one of that name.
        """
        values: dict[str, Any] = {"role": account.role, "password": account.password, "one_time": account.one_time}
        values |= {"changed_at": stamp(now), "removed_at": None}
        with self._database.write() as connection:
            known = connection.execute(_named(account.name)).first()
            if known is not None and known.removed_at is None:
                raise Conflict(f"There is a user '{account.name}' already.", remedy="Choose another name.")
            if known is None:
                connection.execute(insert(user_account).values(name=account.name, created_at=stamp(now), **values))
            else:
                connection.execute(update(user_account).where(user_account.c.name == account.name).values(values))
            log(connection, Act(by, "user added", account.name, {"role": account.role}), now)

    def list(self) -> list[Account]:
        """Return all users, removed ones too, by name."""
        with self._database.read() as connection:
            return [_account(row) for row in connection.execute(select(user_account).order_by(user_account.c.name))]

    def find(self, name: str) -> Account | None:
        """Return the user of that name, ``None`` where there is none or no more."""
        with self._database.read() as connection:
            row = connection.execute(_named(name)).first()
        return None if row is None or row.removed_at is not None else _account(row)

    def count(self, role: str | None = None) -> int:
        """Return how many users there are, of one role where it is given."""
        query = select(func.count()).select_from(user_account).where(user_account.c.removed_at.is_(None))
        if role is not None:
            query = query.where(user_account.c.role == role)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def change(self, name: str, act: Act, now: datetime, *, sign_out: bool = True, **values: Any) -> None:
        """Change what is stored of a user (``role``, ``password``, ``one_time``, ``removed_at``); raises ``NotFound``.

        Args:
            name: the user.
            act: what the audit trail says of it.
            now: the present time.
            sign_out: whether all sessions of the user end.
            values: by column.
        """
        u = user_account.c
        changed = update(user_account).where(u.name == name, u.removed_at.is_(None))
        with self._database.write() as connection:
            if connection.execute(changed.values(changed_at=stamp(now), **values)).rowcount == 0:
                raise NotFound(f"There is no user '{name}'.", remedy="List them with 'cdm user list'.", user=name)
            if sign_out:
                connection.execute(delete(user_session).where(user_session.c.user_name == name))
            log(connection, act, now)

    def begin_session(self, secret: str, name: str, now: datetime, expires: datetime) -> None:
        """Remember that a user is signed in; forget sessions that are over.

        Args:
            secret: SHA-256 of the session's secret.
            name: the user.
            now, expires: from when to when.
        """
        s = user_session.c
        values = {"hash": secret, "user_name": name, "begun_at": stamp(now), "expires_at": stamp(expires)}
        with self._database.write() as connection:
            connection.execute(delete(user_session).where(s.expires_at <= stamp(now)))
            connection.execute(insert(user_session).values(values))
            log(connection, Act(name, "signed in", name), now)

    def of_session(self, secret: str, now: datetime) -> Account | None:
        """Return who is signed in with a session, ``None`` where it is over or the user was removed."""
        s, u = user_session.c, user_account.c
        query = select(user_account).join(user_session, s.user_name == u.name)
        query = query.where(s.hash == secret, s.expires_at > stamp(now), u.removed_at.is_(None))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _account(row)

    def end_session(self, secret: str) -> None:
        """Sign out."""
        with self._database.write() as connection:
            connection.execute(delete(user_session).where(user_session.c.hash == secret))

    def failures(self, subject: str, since: datetime) -> Failures:
        """Return how often sign-ins of a subject failed in a row, the last one not before ``since``."""
        f = failed_sign_in.c
        query = select(f.failures, f.last_at).where(f.subject == subject, f.last_at > stamp(since))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Failures(0, "") if row is None else Failures(row.failures, row.last_at)

    def failed(self, subjects: Sequence[str], since: datetime, act: Act, now: datetime) -> None:
        """Count a sign-in that failed, enter it in the audit trail, and forget those before ``since``."""
        f = failed_sign_in.c
        with self._database.write() as connection:
            connection.execute(delete(failed_sign_in).where(f.last_at <= stamp(since)))
            for subject in subjects:
                counted = update(failed_sign_in).where(f.subject == subject)
                if connection.execute(counted.values(failures=f.failures + 1, last_at=stamp(now))).rowcount == 0:
                    connection.execute(insert(failed_sign_in).values(subject=subject, failures=1, last_at=stamp(now)))
            log(connection, act, now)

    def succeeded(self, subjects: Sequence[str]) -> None:
        """Forget the failures of some subjects."""
        with self._database.write() as connection:
            connection.execute(delete(failed_sign_in).where(failed_sign_in.c.subject.in_(subjects)))


def _named(name: str) -> Select[Any]:
    return select(user_account).where(user_account.c.name == name)


def _account(row: AnyRow) -> Account:
    return Account(row.name, row.role, row.password, bool(row.one_time), row.created_at, row.removed_at)
