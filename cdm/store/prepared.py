"""Statements used again and again, compiled once: building one anew takes longer than a database takes to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Select,
    Text,
    bindparam,
    exc,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.selectable import CompoundSelect

Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete
Make = Callable[[str], Statement]
"""From the name of the dialect to the statement."""


class Prepared:
    """One statement with named parameters.

    Args:
        make: builds the statement; lists of values stand in it as :func:`among`.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._compiled: dict[str, tuple[str, Sequence[str] | None, dict[str, Any]]] = {}

    def __call__(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """Carry it out.

        Args:
            connection: an open transaction.
            values: the parameters; a list for each that :func:`among` named.
        """
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            made = self._make(dialect.name).compile(dialect=dialect)
            self._compiled[dialect.name] = (str(made), made.positiontup, dict(made.params))
        text, order, constants = self._compiled[dialect.name]
        if dialect.name == "sqlite":
            values = {k: orjson.dumps(v).decode() if isinstance(v, list) else v for k, v in values.items()}
        given = {**constants, **values}
        return connection.exec_driver_sql(text, given if order is None else tuple(given[name] for name in order))

    def integers(self, connection: Connection, **values: Any) -> npt.NDArray[np.int64]:
        """Ask a query all of whose columns are whole numbers, none of them null.

        Args:
            connection, values: as above.

        Returns:
            Shape (columns, rows). Rows are taken as the driver makes them, which costs a third of rows with names.
        """
        with self(connection, **values) as result:
            width = len(result.keys())
            cursor, failure = cast(Any, result.cursor), connection.dialect.loaded_dbapi.Error
            try:
                rows = cursor.fetchall()
            except failure as error:
                raise exc.OperationalError(str(error), None, error) from error
            found = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
        return found.reshape(-1, width).T


def among(dialect: str, column: Column[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of the values of the list ``name``."""
    if dialect == "sqlite":
        return column.in_(select(func.json_each(bindparam(name, type_=Text)).table_valued("value").c.value))
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


def numbers(dialect: str, name: str) -> Any:
    """Return the list ``name`` of whole numbers as a table with the column ``key``."""
    if dialect == "sqlite":
        listed = func.json_each(bindparam(name, type_=Text)).table_valued("value").alias("asked")
        return select(listed.c.value.label("key")).subquery("wanted")
    array = bindparam(name, type_=ARRAY(BigInteger))
    return func.unnest(array).table_valued(Column("key", BigInteger)).render_derived("wanted")
