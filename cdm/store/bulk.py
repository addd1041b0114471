"""Columns in, rows out: writes and lookups of many rows at once on either database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    exc,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import Delete, Insert, Update

from cdm.store.prepared import Prepared, among
from cdm.store.tables import counter

Columns = Mapping[str, Sequence[Any]]
"""Column name → values, all of one length."""
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of a query, columns by name."""


def insert_rows(connection: Connection, table: Table, columns: Columns) -> None:
    """Insert many rows.

    Args:
        connection: an open write transaction.
        table: where to.
        columns: values of the columns that are set, all of one length.
    """
    if not _height(columns):
        return
    if connection.dialect.name == "sqlite":
        _many(connection, *_inserting(table, tuple(columns)), columns)
        return
    _copy(connection, table, columns)


def insert_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert one row, by a statement that is compiled once.

    Args:
        connection: an open write transaction.
        table: where to.
        values: column name → value.
    """
    _one(table, tuple(values))(connection, **values)


@cache
def _one(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda _: insert(table).values({name: bindparam(name) for name in names}))


def update_rows(
    connection: Connection, table: Table, key: str | Sequence[str], columns: Columns, *, spare: bool = False
) -> None:
    """Update many rows, each by its key.

    Args:
        connection: an open write transaction.
        table: which.
        key: name of the key column, or names of several; they are among ``columns``.
        columns: the key and the columns that are set, all of one length.
        spare: leave rows alone that are so already.
    """
    if not _height(columns):
        return
    keys = [key] if isinstance(key, str) else list(key)
    changed = [name for name in columns if name not in keys]
    if connection.dialect.name == "sqlite":
        known = {f"_{name}": columns[name] for name in keys}
        _many(connection, *_updating(table, tuple(keys), tuple(changed), spare), {**columns, **known})
        return
    rows = _unnest(table, columns)
    same = [table.c[name] == rows.c[name] for name in keys]
    if spare:
        same.append(or_(*(table.c[name].is_distinct_from(rows.c[name]) for name in changed)))
    connection.execute(update(table).where(*same).values({n: rows.c[n] for n in changed}))


def delete_rows(connection: Connection, table: Table, columns: Columns) -> None:
    """Delete many rows, each by the values of several columns.

    Args:
        connection: an open write transaction.
        table: which.
        columns: the columns that name a row, all of one length.
    """
    if not _height(columns):
        return
    if connection.dialect.name == "sqlite":
        known = {f"_{name}": column for name, column in columns.items()}
        _many(connection, *_deleting(table, tuple(columns)), known)
        return
    rows = _unnest(table, columns)
    connection.execute(delete(table).where(*(table.c[name] == rows.c[name] for name in columns)))


def one_of(connection: Connection, column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``values``, however many there are, as one parameter."""
    if connection.dialect.name == "sqlite":
        items = func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(select(items.c.value))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(column.type)))


def archive(connection: Connection, table: Table, versions: Table, ids: Sequence[Any]) -> None:
    """Copy the present state of rows into the table of superseded versions, before they change."""
    if ids:
        _archiving(table, versions)(connection, ids=list(ids))


@cache
def _archiving(table: Table, versions: Table) -> Prepared:
    names = [column.name for column in versions.columns]
    rows: Select[Any] = select(*(table.c[name] for name in names))
    return Prepared(lambda dialect: insert(versions).from_select(names, rows.where(among(dialect, table.c.id, "ids"))))


def _take(_dialect: str) -> Update:
    more = update(counter).where(counter.c.name == bindparam("kind"))
    return more.values(value=counter.c.value + bindparam("count")).returning(counter.c.value)


_TAKE = Prepared(_take)


def take_numbers(connection: Connection, kind: str, count: int) -> range:
    """Take ``count`` new row numbers of a kind; none is ever given out twice."""
    if not count:
        return range(0)
    last = _TAKE(connection, kind=kind, count=count).scalar()
    if last is None:
        connection.execute(insert(counter).values(name=kind, value=count))
        last = count
    return range(last - count + 1, last + 1)


def _height(columns: Columns) -> int:
    return len(next(iter(columns.values()), ()))


def _many(connection: Connection, text: str, order: Sequence[str], columns: Columns) -> None:
    connection.exec_driver_sql(text, list(zip(*(columns[name] for name in order), strict=True)))


@cache
def _inserting(table: Table, names: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    return _for_sqlite(insert(table).values({name: bindparam(name) for name in names}))


@cache
def _updating(table: Table, keys: tuple[str, ...], changed: tuple[str, ...], spare: bool) -> tuple[str, Sequence[str]]:
    values: dict[str, Any] = {name: bindparam(name) for name in changed}
    named = _named(table, keys)
    if spare:
        named.append(or_(*(table.c[name].is_distinct_from(values[name]) for name in changed)))
    return _for_sqlite(update(table).where(*named).values(values))


@cache
def _deleting(table: Table, keys: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    return _for_sqlite(delete(table).where(*_named(table, keys)))


def _named(table: Table, keys: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that name a row; their parameters begin with an underscore."""
    return [table.c[name] == bindparam(f"_{name}") for name in keys]


def _for_sqlite(statement: Insert | Update | Delete) -> tuple[str, Sequence[str]]:
    """Return a statement as SQLite takes it, and the names of its parameters in order."""
    compiled = statement.compile(dialect=sqlite.dialect())
    return compiled.string, compiled.positiontup or ()


def _copy(connection: Connection, table: Table, columns: Columns) -> None:
    """Insert by PostgreSQL's COPY, which takes long texts several times faster than parameters do."""
    from psycopg import Error, IntegrityError, sql

    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in zip(*columns.values(), strict=True):
                copy.write_row(row)
    except Error as error:
        kind = exc.IntegrityError if isinstance(error, IntegrityError) else exc.OperationalError
        raise kind(f"COPY {table.name}", None, error) from error


def _unnest(table: Table, columns: Columns) -> Any:
    arrays = [bindparam(None, list(values), type_=ARRAY(table.c[name].type)) for name, values in columns.items()]
    return (
        func.unnest(*arrays).table_valued(*(Column(name, table.c[name].type) for name in columns)).render_derived("new")
    )
