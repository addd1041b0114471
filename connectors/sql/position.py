"""A place in an ordered read: what to order by, the condition to go on from there, and how a cursor keeps it.

Rows are read in the order (updated_at, key); rows that agree in both are put into a fixed order by their other columns.
A read that stopped goes on at the last row's place and skips the rows of that place that were already delivered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from connectors.contract import Cursor
from connectors.errors import SourceError
from connectors.sql.relation import Relation

_TAGS: dict[str, tuple[type, Callable[[Any], object], Callable[[Any], object]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "duration": (timedelta, timedelta.total_seconds, lambda seconds: timedelta(seconds=float(seconds))),
    "decimal": (Decimal, str, Decimal),
    "uuid": (UUID, str, UUID),
    "bytes": (bytes, bytes.hex, bytes.fromhex),
}


def encode(value: object) -> object:
    """Return a database value as JSON: plain, or ``{type: text}``."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    for tag, (kind, write, _) in _TAGS.items():
        if isinstance(value, kind):
            return {tag: write(value)}
    raise SourceError(
        f"Values like {value!r} ({type(value).__name__}) cannot be a key.",
        remedy="Choose a column of numbers, texts or dates as key or updated_at.",
    )


def decode(value: object) -> object:
    """Return what :func:`encode` was given."""
    if not isinstance(value, dict):
        return value
    (tag, text) = next(iter(value.items()))
    return _TAGS[tag][2](text)


@dataclass(frozen=True, slots=True)
class Order:
    """The columns a read is ordered by (``updated_at`` first where there is one) and whether they tell rows apart."""

    relation: Relation
    columns: tuple[str, ...]
    unique: bool
    plain_sort: bool = True
    """False where the database cannot sort by columns of every type: ties are then sorted by their text."""

    def terms(self) -> list[sa.ColumnElement[object]]:
        """Return the ORDER BY list; nulls come last in every database."""
        terms: list[sa.ColumnElement[object]] = []
        for name in self.columns:
            if name not in self.relation.required:
                terms.append(_is_null(self.relation.column(name)))
            terms.append(self.relation.column(name))
        if not self.unique:
            rest = [self.relation.column(name) for name in self.relation.columns if name not in self.columns]
            terms.extend(rest if self.plain_sort else [sa.cast(column, sa.String(4000)) for column in rest])
        return terms

    def from_here(self, values: Sequence[object]) -> sa.ColumnElement[bool]:
        """Return the condition for the row with these order values and all rows after it."""
        pairs: list[tuple[sa.ColumnElement[object], object]] = []
        for name, value in zip(self.columns, values, strict=True):
            column: sa.ColumnElement[object] = self.relation.column(name)
            if name not in self.relation.required:
                pairs.append((_is_null(column), int(value is None)))
            if value is not None:
                pairs.append((column, value))
        condition: sa.ColumnElement[bool] = sa.true()
        for position, (column, value) in enumerate(reversed(pairs)):
            bound = _bind(value)
            condition = (
                column >= bound if position == 0 else sa.or_(column > bound, sa.and_(column == bound, condition))
            )
        return condition

    def since(self, column: str, value: object) -> sa.ColumnElement[bool]:
        """Return the condition for rows that may have changed at or after ``value``: also those that do not say."""
        clause = self.relation.column(column)
        return sa.or_(clause >= _bind(value), clause.is_(None))

    def identity(self) -> str:
        """Return a text that changes whenever cursors of this order lose their meaning."""
        parts = (str(self.relation.source), self.relation.name, *self.columns)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _is_null(column: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
    return sa.case((column.is_(None), 1), else_=0)


def _bind(value: object) -> sa.BindParameter[object]:
    return sa.bindparam(None, value, type_=sa.types.NullType(), unique=True)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a read stands. ``ties``: rows delivered that stand at ``last``; ``row``: rows delivered in all;

    ``since``: the latest change seen; ``complete``: the read came to its end, so the next one looks for changes.
    """

    row: int = 0
    last: tuple[object, ...] = ()
    ties: int = 0
    since: object = None
    complete: bool = False

    def cursor(self, identity: str) -> dict[str, object]:
        """Return the position as a JSON-serialisable cursor."""
        return {
            "of": identity,
            "row": self.row,
            "last": [encode(value) for value in self.last],
            "ties": self.ties,
            "since": encode(self.since),
            "complete": self.complete,
        }


def position_of(cursor: Cursor | None, identity: str) -> Position | None:
    """Return the position of a cursor, ``None`` where there is none or it belongs to another table, query or key."""
    if cursor is None or cursor.get("of") != identity:
        return None
    values: Mapping[str, object] = cursor
    last = values["last"]
    return Position(
        row=int(str(values["row"])),
        last=tuple(decode(value) for value in last) if isinstance(last, (list, tuple)) else (),
        ties=int(str(values["ties"])),
        since=decode(values["since"]),
        complete=bool(values["complete"]),
    )
