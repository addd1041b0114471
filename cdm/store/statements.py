"""What stewards stated about golden values: append-only, louder than every source, withdrawn but never deleted.

A statement hangs on a golden id. Where that golden record is retired, its successors hear it after their own; where it
lives again, it alone does. Statements are numbered together with decisions, so that one number names what to undo.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from cdm.store.bulk import AnyRow, insert_row, one_of, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.prepared import Prepared, among
from cdm.store.said import COUNTER, Said, Withdrawal, end, said_of
from cdm.store.tables import statement


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement about to be made; its ``number`` was taken beforehand, for provenance names it."""

    number: int
    entity: str
    golden_id: str
    values: Mapping[str, Any]
    """Field → value as the golden record holds it; ``None`` says that there is none."""
    by: str
    reason: str = ""
    until: str | None = None
    """When it ends by itself, as the store writes times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Said):
    """A statement as it is kept."""

    noun = "Statement"
    golden_id: str
    values: Mapping[str, Any]
    until: str | None


class Statements:
    """The statements of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def number(self) -> int:
        """Take the number of a statement about to be made; it is never given out twice."""
        with self._database.write() as connection:
            return take_numbers(connection, COUNTER, 1)[0]

    def get(self, number: int) -> Statement | None:
        """Return one statement, ``None`` where the number is not one's."""
        with self._database.read() as connection:
            return find(connection, number)

    def binding(self, entity: str) -> list[Statement]:
        """Return the statements about an entity type that hold, in the order of their numbers."""
        with self._database.read() as connection:
            return _statements(connection, _holding(entity))

    def due(self, now: datetime) -> list[Statement]:
        """Return the statements whose time is over and that were not withdrawn yet."""
        query = select(statement).where(statement.c.until <= stamp(now), statement.c.withdrawn_at.is_(None))
        with self._database.read() as connection:
            return _statements(connection, query)

    def page(self, *, entity: str | None = None, limit: int = 50, before: int | None = None) -> list[Statement]:
        """Return statements, withdrawn ones too, the newest first; those before number ``before`` where given."""
        query = select(statement)
        if before is not None:
            query = query.where(statement.c.id < before)
        if entity is not None:
            query = query.where(statement.c.entity == entity)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(statement.c.id.desc()).limit(limit))
            return [_statement(row) for row in rows]


def about(connection: Connection, entity: str, golden_ids: Collection[str]) -> list[Statement]:
    """Return the statements about some golden records that hold, in the order of their numbers."""
    return [_statement(row) for row in _ABOUT(connection, ids=sorted(golden_ids), entity=entity)]


def find(connection: Connection, number: int) -> Statement | None:
    """Return one statement, ``None`` where the number is not one's."""
    row = _ONE(connection, number=number).first()
    return None if row is None else _statement(row)


def of_numbers(connection: Connection, numbers: Sequence[int]) -> dict[int, Statement]:
    """Return statements by their numbers."""
    query = select(statement).where(one_of(connection, statement.c.id, list(numbers)))
    return {one.id: one for one in _statements(connection, query)}


def record_statement(connection: Connection, new: NewStatement, run_id: int, now: datetime) -> Statement:
    """Keep a statement; it takes part in an open write transaction."""
    values = {
        "id": new.number,
        "entity": new.entity,
        "golden_id": new.golden_id,
        "document": dump(dict(new.values)),
        "until": new.until,
        "made_at": stamp(now),
        "made_by": new.by,
        "reason": new.reason,
        "run_id": run_id,
    }
    insert_row(connection, statement, values)
    return _known(connection, new.number)


def withdraw_statement(connection: Connection, gone: Withdrawal, run_id: int, now: datetime) -> Statement:
    """Withdraw a statement: the sources are heard again, and it stays on record.

    Raises:
        Conflict: it was withdrawn before; says by whom and when.
    """
    _known(connection, gone.decision_id).must_bind()
    end(connection, statement, gone, run_id, now)
    return _known(connection, gone.decision_id)


def _known(connection: Connection, number: int) -> Statement:
    known = find(connection, number)
    assert known is not None
    return known


def _about(dialect: str) -> Select[Any]:
    told = among(dialect, statement.c.golden_id, "ids")
    return _holding(bindparam("entity")).where(told).order_by(statement.c.id)


_ABOUT = Prepared(_about)
_ONE = Prepared(lambda _: select(statement).where(statement.c.id == bindparam("number")))


def _holding(entity: str | BindParameter[str]) -> Select[Any]:
    return select(statement).where(statement.c.entity == entity, statement.c.withdrawn_at.is_(None))


def _statements(connection: Connection, query: Select[Any]) -> list[Statement]:
    return [_statement(row) for row in connection.execute(query.order_by(statement.c.id))]


def _statement(row: AnyRow) -> Statement:
    return Statement(**said_of(row), golden_id=row.golden_id, values=load(row.document), until=row.until)
