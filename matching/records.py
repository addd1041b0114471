"""A table as distinct records with profiled columns: read anew to learn from, or as a model sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from matching.blocking import Blocked
from matching.columns import Kind, MatchColumn
from matching.compare import comparable, measured
from matching.distinct import Distinct, distinct
from matching.encode import Encoded, encode
from matching.model import MatchModelError, Model
from matching.parallel import in_parallel
from matching.profile import Feature, feature, select
from matching.repeats import without_repeats
from matching.statistics import Statistics
from schemas.types import MatchRole, SemanticType

Pairs = Sequence[tuple[int, int]]
WORTH_THREADS = 2_000
"""Rows from which on reading a table takes longer than starting threads for it."""


@dataclass(frozen=True, eq=False)
class Records:
    """The distinct records of a table.

    Attributes:
        groups: which rows each record stands for.
        features: compared columns in the order of the levels.
        identifiers: columns of verified identifiers.
        dropped: columns that were read but cannot tell customers apart.
        unread: the same columns with their values, by which records may differ all the same.
    """

    groups: Distinct
    features: Sequence[Feature]
    identifiers: Sequence[Feature]
    dropped: Sequence[MatchColumn]
    unread: Sequence[Feature] = ()

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def blocked(self) -> Blocked:
        """The records as blocking sees them."""
        return Blocked(self.features, self.identifiers, len(self))


def survey(table: pa.Table, columns: Sequence[MatchColumn], identifiers: pa.Table | None, decided: Pairs) -> Records:
    """Read and measure a table to learn from.

    Args:
        table: cleansed records.
        columns: what may be compared.
        identifiers: same rows; verified identifiers.
        decided: pairs of rows with a decision of their own; these rows stay records of their own.
    """
    encoded = in_parallel(lambda column: encode(column, table), columns, weight=lambda column: _size(column, table))
    strong = _identifiers(identifiers)
    groups = distinct([*encoded, *strong], table.num_rows, decided)
    features = in_parallel(
        lambda one: feature(one.take(groups.first), sizes=groups.sizes), encoded, weight=lambda one: len(one.texts)
    )
    kept = select(without_repeats(features))
    return Records(
        groups=groups,
        features=[comparable(measured(one)) for one in kept],
        identifiers=[feature(one.take(groups.first), Statistics()) for one in strong],
        dropped=[replace(e.column, kind=e.kind) for e, f in zip(encoded, features, strict=True) if f not in kept],
        unread=[one for one in features if one not in kept],
    )


def read(table: pa.Table, model: Model, identifiers: pa.Table | None, decided: Pairs) -> Records:
    """Read a table as a model sees it; what the table lacks is unknown.

    Raises:
        MatchModelError: the table has none of the model's columns.
    """
    encoded = encodings(table, model, identifiers)
    groups = distinct(encoded, table.num_rows, decided)
    return profiled([one.take(groups.first) for one in encoded], model, groups)


def encodings(table: pa.Table, model: Model, identifiers: pa.Table | None) -> list[Encoded]:
    """Encode the model's fields, then the identifiers, row by row; raises as :func:`read` does."""
    names = {name for column in model.fields for name in (column.name, *column.parts)}
    if table.num_rows and model.columns and not names & set(table.column_names):
        raise MatchModelError(
            f"The table has none of the columns the model compares: {', '.join(c.name for c in model.columns)}.",
            remedy="Use the model with tables of the same kind, or learn one from this table.",
        )
    whole = _completed(table, model.fields)
    worth = table.num_rows >= WORTH_THREADS
    compared = in_parallel(
        lambda column: encode(column, whole), model.fields, worth=worth, weight=lambda column: _size(column, whole)
    )
    return [*compared, *_identifiers(identifiers)]


def _size(column: MatchColumn, table: pa.Table) -> int:
    """Return how much a table says in a column and its parts, in bytes."""
    names = {column.name, *column.parts}
    return sum(table.column(name).nbytes for name in names if name in table.column_names)


def profiled(encoded: Sequence[Encoded], model: Model, groups: Distinct) -> Records:
    """Return distinct records as a model sees them.

    Args:
        encoded: what :func:`encodings` returns, of the distinct records.
        model: whose statistics are used.
        groups: the rows each record stands for.
    """
    features = [
        comparable(feature(one, column.statistics))
        for one, column in zip(encoded[: len(model.columns)], model.columns, strict=True)
    ]
    unread, strong = (
        [feature(one, Statistics()) for one in some]
        for some in (encoded[len(model.columns) : len(model.fields)], encoded[len(model.fields) :])
    )
    return Records(groups, features, strong, model.dropped, unread)


def _identifiers(identifiers: pa.Table | None) -> list[Encoded]:
    """Encode the columns of verified identifiers."""
    if identifiers is None:
        return []
    names = identifiers.column_names
    return [
        encode(MatchColumn(name, SemanticType.IDENTIFIER, MatchRole.IDENTIFIER, Kind.CODE), identifiers)
        for name in names
    ]


def _completed(table: pa.Table, columns: Sequence[MatchColumn]) -> pa.Table:
    """Return the table with empty columns in the place of those it lacks; an address is made of its parts."""
    for column in columns:
        names = column.parts if column.kind is Kind.ADDRESS else (column.name, *column.parts)
        for name in names:
            if name not in table.column_names:
                table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table
