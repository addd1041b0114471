"""Where golden records are published to, and how far each place has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, UniqueConstraint, delete, insert, select, update

from cdm.errors import Conflict, NotFound
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.tables import KeyText, RowId, metadata

target = Table(
    "target",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", KeyText, nullable=False),
    Column("location", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("added_at", KeyText, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("position", RowId, nullable=True),
    Column("fingerprint", KeyText, nullable=True),
    Column("published_at", KeyText, nullable=True),
    Column("tried_at", KeyText, nullable=True),
    Column("error", Text, nullable=True),
    UniqueConstraint("name"),
    comment="Databases and files golden records are published to, and the last event each was told.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """One database or set of files.

    Attributes:
        name: what it is called.
        location: a file, or the URL of a database; ``${NAME}`` stands for an environment variable.
        options: what is published there and how; the pipeline's.
        position: number of the last event it holds the outcome of; ``None`` where it was never published to.
        fingerprint: of what was published and how; another one asks for everything anew.
        published_at: when it was last brought up to date.
        tried_at: when that was last tried.
        error: why it failed then; ``None`` where it did not.
    """

    name: str
    location: str
    options: Mapping[str, Any]
    position: int | None = None
    fingerprint: str | None = None
    published_at: str | None = None
    tried_at: str | None = None
    error: str | None = None


class Targets:
    """The targets of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: Target, now: datetime, by: str) -> Target:
        """Register a target; raises ``Conflict`` where there is one of that name."""
        with self._database.write() as connection:
            if _find(connection, new.name) is not None:
                raise Conflict(
                    f"There is a target named '{new.name}' already.",
                    remedy="Choose another name, or remove it first: cdm publish remove NAME.",
                    target=new.name,
                )
            values = {"name": new.name, "location": new.location, "options": dump(dict(new.options))}
            number = take_numbers(connection, "target", 1)[0]
            connection.execute(insert(target).values(id=number, added_at=stamp(now), added_by=by, **values))
            # The location may hold a password; the audit trail keeps what is published, not where.
            log(connection, Act(by, "target added", new.name, dict(new.options)), now)
        return new

    def remove(self, name: str, now: datetime, by: str) -> None:
        """Forget a target; what was published there stays. Raises ``NotFound``."""
        with self._database.write() as connection:
            _known(connection, name)
            connection.execute(delete(target).where(target.c.name == name))
            log(connection, Act(by, "target removed", name), now)

    def get(self, name: str) -> Target:
        """Return a target; raises ``NotFound`` naming those there are."""
        with self._database.read() as connection:
            return _target(_known(connection, name))

    def list(self) -> list[Target]:
        """Return all targets in the order in which they were registered."""
        with self._database.read() as connection:
            return [_target(row) for row in connection.execute(select(target).order_by(target.c.id))]

    def published(
        self, name: str, position: int, fingerprint: str, now: datetime, told: Mapping[str, Any] | None
    ) -> None:
        """Note that a target was brought up to date.

        Args:
            name: of the target.
            position: number of the last event it holds the outcome of.
            fingerprint: of what was published and how.
            now: the present time.
            told: figures for the audit trail; ``None`` where there was nothing new to write.
        """
        at = stamp(now)
        values = {"position": position, "fingerprint": fingerprint, "published_at": at, "tried_at": at, "error": None}
        with self._database.write() as connection:
            _known(connection, name)
            connection.execute(update(target).where(target.c.name == name).values(values))
            if told is not None:
                log(connection, Act("hub", "published", name, {"position": position, **told}), now)

    def failed(self, name: str, error: str, now: datetime) -> None:
        """Note that a target could not be brought up to date."""
        with self._database.write() as connection:
            values = {"tried_at": stamp(now), "error": error}
            connection.execute(update(target).where(target.c.name == name).values(values))


def _find(connection: Connection, name: str) -> AnyRow | None:
    return connection.execute(select(target).where(target.c.name == name)).first()


def _known(connection: Connection, name: str) -> AnyRow:
    row = _find(connection, name)
    if row is None:
        known = ", ".join(connection.execute(select(target.c.name).order_by(target.c.name)).scalars())
        raise NotFound(
            f"There is no target named '{name}'.",
            remedy=f"Use one of: {known}." if known else "Register it: cdm publish add NAME LOCATION.",
            target=name,
        )
    return row


def _target(row: AnyRow) -> Target:
    found = {name: row._mapping[name] for name in Target.__dataclass_fields__}
    return Target(**{**found, "options": load(row.options)})
