"""From a slice as it came to the columns that are compared: the same mapping and cleansing as everywhere else.

What only a whole column can show (day or month first, whose telephone numbers) is looked up in a sample beforehand, so
that a row is cleansed alike wherever the input is cut. How many customers share a number is left to the matching
engine, which sees all of them.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from cdm.pipeline.match.parquet import ROW, Slice
from cdm.pipeline.prepare import route
from cdm.pipeline.records import EXTRA
from schemas.mapping import MIXED, Mapping
from schemas.model import EntityType, Field
from schemas.types import MatchRole

if TYPE_CHECKING:
    from quality.cleanse.column import ColumnContext

PROVEN = "proven:"
"""Prefix of the columns that hold only the verified values of an identifier."""
FREQUENT = "suspicious_frequent"


@dataclass(frozen=True)
class Cleansing:
    """How the rows of one entity type are cleansed; any machine can carry it out.

    Attributes:
        entity: the entity type; rows of a mixed table that are of another one are left out.
        mapping: which column is which field.
        contexts: what whole columns show.
        country: ISO 3166 alpha-2 code for records that name no country.
        today: the day against which dates are judged.
    """

    entity: EntityType
    mapping: Mapping
    contexts: MappingType[str, ColumnContext]
    country: str
    today: date

    @cached_property
    def schema(self) -> pa.Schema:
        """Number of the row, fields, unmapped columns, verified identifiers."""
        fields = [pa.field(f.name, pa.list_(pa.string()) if f.multi else pa.string()) for f in self._fields()]
        extra = [pa.field(EXTRA + column, pa.string()) for column in self.mapping.unmapped(self.entity.name)]
        proven = [pa.field(PROVEN + f.name, pa.string()) for f in self._fields() if f.match is MatchRole.IDENTIFIER]
        return pa.schema([pa.field(ROW, pa.int64()), *fields, *extra, *proven])

    def _fields(self) -> list[Field]:
        """Return the fields that are compared, and those that comparing them draws on."""
        from matching.columns import ADDRESS_PARTS, NAME_PARTS, ORGANIZATION_PARTS

        drawn = {*ADDRESS_PARTS, *NAME_PARTS, *ORGANIZATION_PARTS, "full_name", "name_pinyin", "address"}
        return [f for f in self.entity.fields.values() if f.match is not MatchRole.NONE or f.name in drawn]

    def __call__(self, piece: Slice, share: float = 1.0) -> pa.Table:
        """Read and cleanse one slice.

        Args:
            piece: what to read.
            share: of the rows to take; which they are follows from their numbers.

        Returns:
            The rows of this entity type, columns as ``schema`` says.
        """
        from quality.cleanse.engine import cleanse_batch

        raw = piece.text()
        rows = self._rows(raw)
        if share < 1:
            rows = rows[_drawn(rows + piece.first, share)]
        raw = raw if len(rows) == raw.num_rows else raw.take(pa.array(rows))
        name = self.entity.name
        batch = cleanse_batch(
            raw,
            self.mapping.fields_of(name),
            self.entity,
            default_country=self.country,
            today=self.today,
            contexts=self.contexts,
        )
        found = {ROW: pa.array(rows + piece.first)} | dict(
            zip(batch.table.column_names, batch.table.columns, strict=True)
        )
        found |= {EXTRA + column: raw.column(column) for column in self.mapping.unmapped(name)}
        found |= self._proven(batch.table, batch.findings)
        return _shaped(found, len(rows), self.schema)

    def _rows(self, raw: pa.Table) -> np.ndarray:
        """Return the places of the rows of this entity type."""
        if self.mapping.entity != MIXED:
            return np.arange(raw.num_rows)
        return dict(route(raw, self.mapping)).get(self.entity.name, np.empty(0, dtype=np.int64))

    def _proven(self, table: pa.Table, findings: pa.Table) -> dict[str, pa.Array]:
        from cdm.pipeline.resolve import proven_identifiers

        own = findings.filter(pc.not_equal(findings.column("code"), FREQUENT))
        proven = proven_identifiers(self.entity, table, own)
        return {} if proven is None else {PROVEN + name: proven.column(name) for name in proven.column_names}


def _drawn(rows: np.ndarray, share: float) -> np.ndarray:
    """Tell which rows belong to a sample, by a hash of their numbers."""
    digest = xxhash.xxh3_64_intdigest
    return np.array([digest(b"%d" % row) < share * 2.0**64 for row in rows.tolist()], dtype=np.bool_)


def _shaped(columns: MappingType[str, pa.Array], rows: int, schema: pa.Schema) -> pa.Table:
    """Return a table with exactly the columns of ``schema``; one that is not there is null."""
    arrays = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in schema]
    return pa.table(arrays, schema=schema)


def filled(table: pa.Table) -> pa.Table:
    """Return only the columns that hold a value."""
    return table.select([name for name in table.column_names if table.column(name).null_count < table.num_rows])


def identifiers_of(table: pa.Table) -> pa.Table | None:
    """Return the verified identifiers under their fields' names, ``None`` where there are none."""
    names = [name for name in table.column_names if name.startswith(PROVEN)]
    return table.select(names).rename_columns([n.removeprefix(PROVEN) for n in names]) if names else None
