"""Gather the cleansed rows of several tables into one batch per entity type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from cdm.pipeline.prepare import prepare
from cdm.pipeline.tables import InputTable
from schemas.model import Model
from schemas.progress import Progress

EXTRA = "extra:"
"""Prefix of columns that map to no field; the matching engine judges them by their profile."""


@dataclass(frozen=True, slots=True)
class Records:
    """Cleansed records of one entity type from all tables; ``rows`` are their positions among all input rows."""

    entity: str
    rows: np.ndarray
    table: pa.Table
    findings: pa.Table
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Part:
    rows: np.ndarray
    table: pa.Table
    findings: pa.Table


def gather(tables: Sequence[InputTable], model: Model, country: str, progress: Progress) -> Iterator[Records]:
    """Cleanse all tables and yield the records of each entity type that occurs."""
    parts: dict[str, list[_Part]] = {}
    offset = 0
    total = sum(len(table.sources) for table in tables)
    for table in tables:
        for entity, part in _parts_of(table, offset, model, country):
            parts.setdefault(entity, []).append(part)
        offset += len(table.sources)
        progress("cleanse", offset, total)
    sources = np.array([s for table in tables for s in table.sources], dtype=object)
    for entity, found in parts.items():
        rows = np.concatenate([part.rows for part in found])
        yield Records(entity, rows, _stack(found), _stack_findings(found), list(sources[rows]))


def _parts_of(table: InputTable, offset: int, model: Model, country: str) -> Iterator[tuple[str, _Part]]:
    today = datetime.now(UTC).date()
    for prepared in prepare(table.raw, table.mapping, model, country=country, today=today):
        cleansed = prepared.batch.table
        for column in table.mapping.unmapped(prepared.entity):
            values = table.raw.column(column).take(pa.array(prepared.rows))
            cleansed = cleansed.append_column(EXTRA + column, values)
        yield prepared.entity, _Part(table.rows[prepared.rows] + offset, cleansed, prepared.batch.findings)


def _stack(parts: Sequence[_Part]) -> pa.Table:
    return pa.concat_tables([part.table for part in parts], promote_options="default").combine_chunks()


def _stack_findings(parts: Sequence[_Part]) -> pa.Table:
    shifted, offset = [], 0
    for part in parts:
        row = pa.array(part.findings.column("row").to_numpy() + offset, pa.int32())
        shifted.append(part.findings.set_column(0, "row", row))
        offset += len(part.rows)
    return pa.concat_tables(shifted)
