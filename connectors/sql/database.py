"""Databases: any SQLAlchemy URL, a table or a query, streamed in the order of change and key.

A read that stopped goes on exactly where it stood. A read that came to its end leaves a cursor from which, given
``updated_at``, the next read takes only rows changed at or after the last change seen (the rows of that very moment
come again: their content is compared, nothing is lost), and rows that do not say when they changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.contract import Cursor, Dataset, Page
from connectors.options import option
from connectors.pages import take_sample
from connectors.sql.engine import open_engine, parse_url
from connectors.sql.failures import database_errors
from connectors.sql.position import Order, Position, position_of
from connectors.sql.relation import Relation, open_relation, unique_by
from connectors.text import text_table, value_text

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class SqlOptions:
    """What to read from a database."""

    table: str | None = option("Table or view to read")
    query: str | None = option("SELECT statement to read instead of a table")
    schema: str | None = option("Schema of the table; default: the database's own")
    key: str | None = option("Column that identifies a row; default: the table's primary key")
    updated_at: str | None = option("Column that says when a row last changed; makes later reads incremental")
    sweep_days: int | None = option("Days after which everything is read again; finds rows that were deleted")


@dataclass(frozen=True, slots=True)
class _Survey:
    """What one look at the data told: rows in all, rows without key, and rows that repeat a key."""

    rows: int
    blank: int
    repeated: int


class SqlConnector:
    """Reads a table or query of a database; see :class:`SqlOptions`."""

    def __init__(self, location: str, options: SqlOptions | None = None) -> None:
        self.url = parse_url(location)
        self.options = options or SqlOptions()

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the table: columns, the first rows, its size (not of a query without key), key and change column."""
        with _connected(self.url) as connection:
            relation = self._relation(connection)
            key = self._key(relation)
            survey = _survey(connection, relation, key) if key or not self.options.query else None
            order = _order(relation, self.options.updated_at, key, survey, connection.dialect.name)
            sample, _ = take_sample(
                self._pages(connection, order, None, max(1, sample_rows)), relation.columns, sample_rows
            )
        return Dataset(
            columns=relation.columns,
            sample=sample,
            rows=survey.rows if survey else None,
            key=key[0] if len(key) == 1 else None,
            updated_at=self.options.updated_at,
            notes=(*relation.notes, *_notes(key, survey)),
        )

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield the rows after ``cursor``, or the rows changed since a read that came to its end."""
        with _connected(self.url) as connection:
            relation = self._relation(connection)
            key = self._key(relation)
            survey = None if not key or unique_by(relation, key) else _survey(connection, relation, key)
            order = _order(relation, self.options.updated_at, key, survey, connection.dialect.name)
            yield from self._pages(connection, order, position_of(cursor, order.identity()), page_size)

    def _relation(self, connection: sa.Connection) -> Relation:
        relation = open_relation(connection, self.options.table, self.options.query, self.options.schema)
        relation.check("key", self.options.key)
        relation.check("updated_at", self.options.updated_at)
        return relation

    def _key(self, relation: Relation) -> tuple[str, ...]:
        if self.options.key:
            return (self.options.key,)
        return next((u for u in relation.unique if unique_by(relation, u)), ())

    def _pages(self, connection: sa.Connection, order: Order, start: Position | None, page_size: int) -> Iterator[Page]:
        statement, skip = _statement(order, self.options.updated_at, start)
        position = start or Position()
        if position.complete and self.options.updated_at:
            position = Position(since=position.since)  # a new read, of what has changed since the last one
        result = connection.execution_options(stream_results=True, max_row_buffer=page_size).execute(statement)
        rows = iter(result)
        if len(list(islice(rows, skip))) < skip:
            return
        identity = order.identity()
        batch = list(islice(rows, page_size))
        while batch:
            following = list(islice(rows, page_size))
            origins = self._origins(order, batch, position.row)
            position = _advance(order, self.options.updated_at, position, batch)
            if not following:
                position = replace(position, complete=True)
            yield Page(text_table(order.relation.columns, batch), origins, position.cursor(identity))
            batch = following

    def _origins(self, order: Order, rows: Rows, before: int) -> list[str]:
        """Return e.g. ``erp.customers[FNUMBER=C001]``, with the row's number where the key does not tell rows apart."""
        database = PurePath(self.url.database or self.url.get_backend_name()).stem
        name = f"{database}.{order.relation.name}"
        keys = [name for name in order.columns if name != self.options.updated_at]
        places = [order.relation.columns.index(key) for key in keys]
        if not keys:
            return [f"{name}!{number}" for number in range(before + 1, before + len(rows) + 1)]
        texts = [
            f"{name}[{','.join(f'{k}={value_text(row[i])}' for k, i in zip(keys, places, strict=True))}]"
            for row in rows
        ]
        return texts if order.unique else [f"{text}!{before + n}" for n, text in enumerate(texts, start=1)]


@contextmanager
def _connected(url: URL) -> Iterator[sa.Connection]:
    """Connect for reading only; every database error inside is translated."""
    with database_errors(url):
        engine = open_engine(url)
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(postgresql_readonly=True)
            yield connection


def _survey(connection: sa.Connection, relation: Relation, key: Sequence[str]) -> _Survey:
    """Count the rows and, where the database does not vouch for the key, how far it identifies them."""
    total = sa.func.count().label("rows")
    if len(key) != 1 or unique_by(relation, key):
        rows = connection.execute(sa.select(total).select_from(relation.source)).scalar_one()
        return _Survey(int(rows), 0, 0)
    column = relation.column(key[0])
    counts = sa.select(total, sa.func.count(column), sa.func.count(sa.distinct(column)))
    rows, present, different = connection.execute(counts.select_from(relation.source)).one()
    return _Survey(int(rows), int(rows - present), int(present - different))


def _notes(key: Sequence[str], survey: _Survey | None) -> list[str]:
    if not key:
        return ["no key: rows are told apart by their content; name a key with the option 'key'"]
    notes = []
    if survey and survey.blank:
        notes.append(f"key '{key[0]}' is null in {survey.blank} row(s)")
    if survey and survey.repeated:
        notes.append(f"key '{key[0]}' repeats an earlier row's in {survey.repeated} row(s)")
    return notes


def _order(
    relation: Relation, updated_at: str | None, key: Sequence[str], survey: _Survey | None, dialect: str
) -> Order:
    columns = tuple(dict.fromkeys([*([updated_at] if updated_at else []), *key]))
    unique = bool(key) and (survey is None or not (survey.blank or survey.repeated))
    return Order(relation, columns, unique, plain_sort=dialect == "sqlite")


def _statement(order: Order, updated_at: str | None, start: Position | None) -> tuple[sa.Select[*tuple[Any, ...]], int]:
    """Return the SELECT that reads on from ``start``, and how many of its first rows were delivered already."""
    relation = order.relation
    statement = sa.select(*(relation.column(name) for name in relation.columns)).order_by(*order.terms())
    if start is None or (start.complete and updated_at and start.since is None):
        return statement, 0
    if start.complete and updated_at:
        return statement.where(order.since(updated_at, start.since)), 0
    if not order.columns:
        return statement.offset(start.row), 0
    return statement.where(order.from_here(start.last)), start.ties


def _advance(order: Order, updated_at: str | None, position: Position, rows: Rows) -> Position:
    """Return the position after ``rows``, which follow ``position``."""
    places = [order.relation.columns.index(name) for name in order.columns]
    last = tuple(rows[-1][i] for i in places)
    ties = 0
    for row in reversed(rows):
        if tuple(row[i] for i in places) != last:
            break
        ties += 1
    if ties == len(rows) and last == position.last:
        ties += position.ties
    since = position.since
    if updated_at:
        place = order.relation.columns.index(updated_at)
        since = next((row[place] for row in reversed(rows) if row[place] is not None), since)
    return Position(position.row + len(rows), last, ties, since)
