"""Golden records as the rows of a target: masked, typed, with what fits no type kept beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.hub import Hub
from cdm.pipeline.publish.columns import Column, Holds, Plan
from cdm.report.figures import Shown
from cdm.report.mask import partly
from cdm.store import GoldenBatch
from cdm.store.events import Farewell
from schemas.model import Field

UNTYPED = "untyped"
"""Column that keeps, as a JSON object, the values that do not fit the types of their columns (a date without a day)."""
NUMBER = pa.decimal128(24, 6)
ARROW: Mapping[Holds, pa.DataType] = {
    Holds.TEXT: pa.string(),
    Holds.LIST: pa.list_(pa.string()),
    Holds.DATE: pa.date32(),
    Holds.NUMBER: NUMBER,
}
FORMER = pa.schema(
    [
        ("golden_id", pa.string()),
        ("entity", pa.string()),
        ("kind", pa.string()),
        ("successors", pa.list_(pa.string())),
        ("at", pa.string()),
    ]
)
"""Golden records that are no more, and those that took their source records."""


@dataclass(frozen=True)
class Rows:
    """What a target holds of some golden records, or of all."""

    golden: Sequence[tuple[Plan, pa.Table]]
    crosswalk: pa.Table
    """golden_id, source, key."""
    former: pa.Table

    @property
    def count(self) -> int:
        """Number of golden records."""
        return sum(table.num_rows for _, table in self.golden)


def rows_of(
    hub: Hub, plans: Sequence[Plan], sources: frozenset[str], ids: Sequence[str] | None = None, *, typed: bool = True
) -> Rows:
    """Return what is published.

    Args:
        hub: the open hub.
        plans: which columns of which entity types.
        sources: those whose keys may be told.
        ids: of these golden records only; of all where ``None``.
        typed: dates and numbers as such, else everything as text.
    """
    golden, members = [], []
    for plan in plans:
        store = hub.store.golden
        batch = store.read(plan.entity) if ids is None else store.some(plan.entity, ids)
        golden.append((plan, _table(batch, plan, typed=typed)))
        members.append(hub.store.crosswalk.table(plan.entity.name, ids).drop_columns(["record_id"]))
    crosswalk = pa.concat_tables(members)
    known = pc.is_in(crosswalk.column("source"), value_set=pa.array(sorted(sources), pa.string()))
    kinds = {plan.entity.name for plan in plans}
    gone = [one for one in hub.store.events.farewells(ids) if one.entity in kinds]
    return Rows(golden, crosswalk.filter(known), former_table(gone))


def former_table(gone: Sequence[Farewell]) -> pa.Table:
    """Return the golden records that are no more as a table (:data:`FORMER`)."""
    rows = [(g.golden_id, g.entity, g.kind.value, list(g.successors), g.at) for g in gone]
    columns = list(zip(*rows, strict=True)) or [()] * len(FORMER)
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, FORMER, strict=True)], schema=FORMER)


def _table(batch: GoldenBatch, plan: Plan, *, typed: bool) -> pa.Table:
    index, rows = batch.index, batch.index.num_rows
    arrays: dict[str, pa.Array] = {name: index.column(name) for name in ("golden_id", "version")}
    arrays["records"] = index.column("members")
    left: dict[str, pa.Array] = {}
    for column in plan.columns:
        given = column.name in batch.fields.column_names and rows
        values = batch.fields.column(column.name).combine_chunks() if given else pa.nulls(rows, _plain(column))
        shown = values if column.clear else _masked(values, column.field)
        if typed and column.holds in (Holds.DATE, Holds.NUMBER):
            shown, left[column.name] = _typed(shown, column.holds)
        arrays[column.name] = shown
    if typed:
        arrays[UNTYPED] = _untyped(left, rows)
    return pa.table({**arrays, **{name: index.column(name) for name in ("created_at", "changed_at")}})


def _plain(column: Column) -> pa.DataType:
    return ARROW[Holds.LIST] if column.holds is Holds.LIST else ARROW[Holds.TEXT]


def _masked(values: pa.Array, field: Field) -> pa.Array:
    """Mask every distinct value once."""

    def seen(text: str) -> str | None:
        return partly(Shown(text, field.type, field.privacy))

    if not pa.types.is_list(values.type):
        return _each(values, seen, pa.string())
    masked = _each(values.flatten(), seen, pa.string())
    sizes = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), masked, mask=pc.is_null(values))


def _typed(values: pa.Array, holds: Holds) -> tuple[pa.Array, pa.Array]:
    """Return texts as dates or numbers, and the texts that are none."""
    read: Callable[[str], object] = _date if holds is Holds.DATE else _number
    typed = _each(values, read, ARROW[holds])
    rest = pc.if_else(pc.and_(pc.is_valid(values), pc.is_null(typed)), values, pa.scalar(None, pa.string()))
    return typed, rest


def _each(values: pa.Array, read: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    encoded = values.dictionary_encode()
    return pa.array([read(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-02") else None
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    """Return a number that the column holds without loss."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    fits = number.is_finite() and abs(number) < Decimal(10) ** 17
    return number if fits and number == round(number, NUMBER.scale) else None


def _untyped(left: Mapping[str, pa.Array], rows: int) -> pa.Array:
    documents: dict[int, dict[str, str]] = {}
    for name, values in left.items():
        for row in np.flatnonzero(pc.is_valid(values).to_numpy(zero_copy_only=False)).tolist():
            documents.setdefault(row, {})[name] = values[row].as_py()
    texts = [None] * rows
    for row, document in documents.items():
        texts[row] = orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()  # type: ignore[call-overload]
    return pa.array(texts, pa.string())
