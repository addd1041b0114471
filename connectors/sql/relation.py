"""What is read from a database: a table (or view), or the result of a query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnClause

from connectors.errors import ColumnMissing, OptionsInvalid, PartMissing, SourceEmpty, did_you_mean

_COMMENT = re.compile(r"^(\s+|--[^\n]*\n|/\*.*?\*/)+", re.DOTALL)
_READS = re.compile(r"(select|with|values)\b", re.IGNORECASE)
_LONE_COLON = re.compile(r"(?<!:):(?!:)")


@dataclass(frozen=True, slots=True)
class Relation:
    """A thing to select from. Columns are untyped, so that values come as the driver gives them."""

    name: str
    source: sa.FromClause
    columns: tuple[str, ...]
    required: frozenset[str] = frozenset()
    """Columns that are never null."""
    unique: tuple[tuple[str, ...], ...] = ()
    """Sets of columns that the database guarantees to be unique; the primary key first."""
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> ColumnClause[object]:
        """Return the column ``name`` of the source."""
        return self.source.c[name]  # type: ignore[return-value]

    def check(self, option: str, name: str | None) -> None:
        """Refuse a column that the relation does not have.

        Raises:
            ColumnMissing: naming the option and the columns there are.
        """
        if name is not None and name not in self.columns:
            raise ColumnMissing(
                f"{self.name} has no column '{name}' (option '{option}').",
                remedy=did_you_mean(name, self.columns),
                column=name,
            )


def open_relation(connection: sa.Connection, table: str | None, query: str | None, schema: str | None) -> Relation:
    """Find out what ``table`` or ``query`` offers; with neither, the only table of the database is taken.

    Raises:
        OptionsInvalid: both or no choice, or a statement that does not read.
        PartMissing: the table does not exist; the nearest names are offered.
    """
    if table and query:
        raise OptionsInvalid("Both 'table' and 'query' are given.", remedy="Give one of them.")
    if query:
        return _query(connection, query)
    inspector = sa.inspect(connection)
    if not table:
        table = _only_table(inspector, schema)
        return _table(inspector, table, schema, (f"read from table '{table}', the only one",))
    if schema is None and "." in table and not inspector.has_table(table):
        schema, _, table = table.rpartition(".")
    return _table(inspector, table, schema, ())


def _tables(inspector: sa.Inspector, schema: str | None) -> list[str]:
    return sorted([*inspector.get_table_names(schema), *inspector.get_view_names(schema)])


def _only_table(inspector: sa.Inspector, schema: str | None) -> str:
    tables = _tables(inspector, schema)
    if not tables:
        raise SourceEmpty("The database has no tables.", remedy="Check the database's name, or give the option schema.")
    if len(tables) > 1:
        raise OptionsInvalid(
            f"The database has {len(tables)} tables: {', '.join(tables[:30])}.",
            remedy="Choose with the option table=….",
        )
    return tables[0]


def _table(inspector: sa.Inspector, table: str, schema: str | None, notes: tuple[str, ...]) -> Relation:
    if not _exists(inspector, table, schema):
        place = f" in schema '{schema}'" if schema else ""
        known = _tables(inspector, schema) if schema is None or schema in inspector.get_schema_names() else []
        raise PartMissing(
            f"The database has no table '{table}'{place}.", remedy=did_you_mean(table, known), table=table
        )
    columns = inspector.get_columns(table, schema)
    names = tuple(column["name"] for column in columns)
    key = tuple(inspector.get_pk_constraint(table, schema).get("constrained_columns") or ())
    indexes = inspector.get_indexes(table, schema)
    unique = [tuple(str(c) for c in index["column_names"]) for index in indexes if index.get("unique")]
    return Relation(
        name=f"{schema}.{table}" if schema else table,
        source=sa.table(table, *(sa.column(name) for name in names), schema=schema),
        columns=names,
        required=frozenset([*key, *(column["name"] for column in columns if not column["nullable"])]),
        unique=tuple(u for u in (key, *unique) if u),
        notes=notes,
    )


def _exists(inspector: sa.Inspector, table: str, schema: str | None) -> bool:
    return inspector.has_table(table, schema)


def _query(connection: sa.Connection, query: str) -> Relation:
    statement = query.strip().rstrip(";").strip()
    if not _READS.match(_COMMENT.sub("", statement)):
        raise OptionsInvalid("The query does not begin with SELECT or WITH.", remedy="Give a statement that reads.")
    text = sa.text(_LONE_COLON.sub(r"\\:", statement))
    probe = sa.select(sa.text("*")).select_from(text.columns().subquery("source")).where(sa.false())
    names = tuple(connection.execute(probe).keys())
    source = text.columns(*(sa.column(name) for name in names)).subquery("source")
    return Relation("query", source, names)


def unique_by(relation: Relation, columns: Sequence[str]) -> bool:
    """Say whether the database guarantees that no two rows agree in all of ``columns``, none of them null."""
    return any(set(key) <= set(columns) and set(key) <= relation.required for key in relation.unique)
