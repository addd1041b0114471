"""Publish to the tables of a database: in one transaction, so that readers see the state before or the one after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Double,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from cdm.pipeline.publish.columns import Holds, Plan
from cdm.pipeline.publish.errors import TargetFailed, TargetRefused
from cdm.pipeline.publish.rows import UNTYPED, Rows
from cdm.store.bulk import delete_rows, insert_rows, one_of

WAIT = 30
"""Seconds to wait for a database that answers late or is written to by others."""
_TYPES: Mapping[Holds, Any] = {
    Holds.TEXT: Text(),
    Holds.LIST: Text(),
    Holds.DATE: Date(),
    Holds.NUMBER: Numeric(24, 6).with_variant(Double(), "sqlite"),
}

_SQLITE: Mapping[Holds, Callable[[Any], Any]] = {Holds.NUMBER: float, Holds.DATE: lambda day: day.isoformat()}
"""What SQLite, which knows neither dates nor decimal numbers, is given for them."""


class Tables:
    """The tables of one target.

    Args:
        plans: which columns of which entity types.
        prefix: of their names.
    """

    def __init__(self, plans: Sequence[Plan], prefix: str) -> None:
        self.metadata, self.prefix = MetaData(), prefix
        self.golden = {plan.entity.name: self._golden(plan) for plan in plans}
        self.crosswalk = Table(
            f"{prefix}_crosswalk",
            self.metadata,
            Column("source", Text, primary_key=True),
            Column("key", Text, primary_key=True),
            Column("golden_id", Text, nullable=False, index=True),
            comment="Which golden record each source record belongs to.",
        )
        self.former = Table(
            f"{prefix}_former",
            self.metadata,
            Column("golden_id", Text, primary_key=True),
            Column("entity", Text, nullable=False),
            Column("kind", Text, nullable=False),
            Column("successors", Text, nullable=False),
            Column("at", Text, nullable=False),
            comment="Golden records that are no more; successors is a JSON list of those that took over.",
        )
        self.published = Table(
            f"{prefix}_published",
            self.metadata,
            Column("position", BigInteger, nullable=False),
            Column("fingerprint", Text, nullable=False),
            Column("published_at", Text, nullable=False),
            Column("tables", Text, nullable=False),
            comment="The last event of the hub these tables hold the outcome of.",
        )

    def _golden(self, plan: Plan) -> Table:
        fields = [
            Column(c.name, _TYPES[c.holds], nullable=True, comment=f"{c.field.label.zh} {c.field.label.en}")
            for c in plan.columns
        ]
        return Table(
            f"{self.prefix}_{plan.entity.name}",
            self.metadata,
            Column("golden_id", Text, primary_key=True),
            Column("version", Integer, nullable=False),
            Column("records", Integer, nullable=False),
            *fields,
            Column(UNTYPED, Text, nullable=True, comment="JSON: values that do not fit the types of their columns."),
            Column("created_at", Text, nullable=False),
            Column("changed_at", Text, nullable=False),
            comment=f"{plan.entity.label.zh} {plan.entity.label.en}",
        )

    def standing(self, connection: Connection) -> tuple[int, str] | None:
        """Return position and fingerprint of what the database holds, ``None`` where nothing was published to it.

        Raises:
            TargetRefused: it has tables of these names that the hub did not write.
        """
        there, wanted = set(inspect(connection).get_table_names()), set(self.metadata.tables)
        row = connection.execute(select(self.published)).first() if self.published.name in there else None
        own = {self.published.name, *orjson.loads(row.tables)} if row is not None else set[str]()
        strange = sorted((there & wanted) - own)
        if strange:
            raise TargetRefused(
                f"The database has a table '{strange[0]}' that the hub did not write.",
                remedy="Publish under other names: cdm publish add … --prefix NAME.",
                table=strange[0],
            )
        return (row.position, row.fingerprint) if row is not None and wanted <= there else None

    def written(self, connection: Connection) -> list[str]:
        """Return the tables the hub has written under this prefix."""
        if not inspect(connection).has_table(self.published.name):
            return []
        row = connection.execute(select(self.published)).first()
        return [self.published.name, *(orjson.loads(row.tables) if row is not None else ())]


@contextmanager
def writing(url: URL, prefix: str) -> Iterator[Connection]:
    """Yield a connection in one transaction that no other publisher of these tables shares.

    Raises:
        TargetFailed: the database cannot be reached or refuses; it holds what it held before.
    """
    place = url.render_as_string(hide_password=True)
    try:
        engine = _engine(url)
        try:
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
                    connection.execute(lock, {"name": f"cdm.publish.{prefix}"})
                yield connection
        finally:
            engine.dispose()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")
        raise TargetFailed(
            f"The database {place} failed: {reason}.",
            remedy="See that it runs, that its URL is right and that the user may create tables; then publish again.",
            place=place,
        ) from error


def _engine(url: URL) -> Any:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, connect_args={"connect_timeout": WAIT})
    engine = create_engine(url, connect_args={"timeout": WAIT})
    # Tables are made in the transaction as well, which the driver would not begin for them by itself.
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def write_all(connection: Connection, tables: Tables, rows: Rows, shape: str) -> None:
    """Write everything; tables of the same shape are kept, with the views and rights others have put on them."""
    standing = tables.standing(connection)
    if standing is None or standing[1] != shape:
        there, written = MetaData(), tables.written(connection)
        there.reflect(connection, only=lambda name, _: name in written)
        there.drop_all(connection)
        tables.metadata.create_all(connection)
    else:
        for table in tables.metadata.sorted_tables:
            connection.execute(delete(table))
    _insert(connection, tables, rows)


def write_some(connection: Connection, tables: Tables, rows: Rows, ids: Sequence[str]) -> None:
    """Replace what is held of some golden records."""
    for table in (*tables.golden.values(), tables.crosswalk, tables.former):
        connection.execute(delete(table).where(one_of(connection, table.c.golden_id, ids)))
    # A record may have come from a golden record whose own change is not told yet.
    members = rows.crosswalk.select(["source", "key"]).to_pydict()
    delete_rows(connection, tables.crosswalk, members)
    _insert(connection, tables, rows)


def note(connection: Connection, tables: Tables, position: int, shape: str, at: str) -> None:
    """Note how far the tables have got, in the transaction that brings them there."""
    connection.execute(delete(tables.published))
    names = orjson.dumps(sorted(set(tables.metadata.tables) - {tables.published.name})).decode()
    values = {"position": position, "fingerprint": shape, "published_at": at, "tables": names}
    connection.execute(insert(tables.published).values(values))


def _insert(connection: Connection, tables: Tables, rows: Rows) -> None:
    for plan, golden in rows.golden:
        holds = {column.name: column.holds for column in plan.columns}
        columns = {name: _values(connection, golden.column(name), holds.get(name)) for name in golden.column_names}
        insert_rows(connection, tables.golden[plan.entity.name], columns)
    insert_rows(connection, tables.crosswalk, rows.crosswalk.to_pydict())
    former = rows.former.to_pydict()
    insert_rows(connection, tables.former, {**former, "successors": [_json(one) for one in former["successors"]]})


def _values(connection: Connection, column: pa.ChunkedArray, holds: Holds | None) -> list[Any]:
    """Return the values of a column as the driver takes them."""
    values: list[Any] = column.to_pylist()
    if holds is Holds.LIST:
        return [None if one is None else _json(one) for one in values]
    taken = _SQLITE.get(holds) if holds and connection.dialect.name == "sqlite" else None
    return values if taken is None else [None if one is None else taken(one) for one in values]


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
