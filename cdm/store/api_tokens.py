"""Tokens of programs: known by the SHA-256 of their secrets, revoked but never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from cdm.errors import NotFound
from cdm.store.access_tables import api_token
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load

COUNTER = "api_token"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token; ``user`` is whom it acts for, empty where it is a program's own."""

    id: int
    name: str
    user: str
    scopes: Sequence[str]
    created_at: str
    created_by: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None

    def good(self, now: datetime) -> bool:
        """Tell whether it may be used."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > stamp(now))


@dataclass(frozen=True, slots=True)
class NewApiToken:
    """A token about to be made; ``hash`` is the SHA-256 of its secret."""

    name: str
    hash: str
    user: str
    scopes: Sequence[str]
    by: str
    expires: datetime | None


class ApiTokens:
    """The tokens of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewApiToken, now: datetime) -> ApiToken:
        """Keep a new token; returns it with its number."""
        with self._database.write() as connection:
            number = take_numbers(connection, COUNTER, 1)[0]
            expires = stamp(new.expires) if new.expires else None
            values: dict[str, Any] = {"id": number, "name": new.name, "hash": new.hash, "user_name": new.user or None}
            values |= {"scopes": dump(list(new.scopes)), "created_at": stamp(now), "created_by": new.by}
            row = connection.execute(insert(api_token).values(**values, expires_at=expires).returning(api_token)).one()
            detail = {"name": new.name, "user": new.user, "scopes": list(new.scopes), "expires": expires}
            log(connection, Act(new.by, "token created", f"token {number}", detail), now)
        return _token(row)

    def list(self) -> list[ApiToken]:
        """Return all tokens, revoked ones too, the oldest first."""
        with self._database.read() as connection:
            return [_token(row) for row in connection.execute(select(api_token).order_by(api_token.c.id))]

    def find(self, secret: str) -> ApiToken | None:
        """Return the token whose secret has this SHA-256."""
        with self._database.read() as connection:
            row = connection.execute(select(api_token).where(api_token.c.hash == secret)).first()
        return None if row is None else _token(row)

    def used(self, number: int, now: datetime) -> None:
        """Remember when a token was used."""
        with self._database.write() as connection:
            connection.execute(update(api_token).where(api_token.c.id == number).values(last_used_at=stamp(now)))

    def revoke(self, number: int, now: datetime, by: str) -> None:
        """Make a token useless from now on; doing it twice changes nothing.

        Raises:
            NotFound: there is no such token.
        """
        t = api_token.c
        with self._database.write() as connection:
            if connection.execute(select(t.id).where(t.id == number)).first() is None:
                raise NotFound(f"There is no token {number}.", remedy="List them with 'cdm token list'.", token=number)
            gone = update(api_token).where(t.id == number, t.revoked_at.is_(None)).values(revoked_at=stamp(now))
            if connection.execute(gone).rowcount:
                log(connection, Act(by, "token revoked", f"token {number}"), now)


def _token(row: AnyRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        user=row.user_name or "",
        scopes=load(row.scopes),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
