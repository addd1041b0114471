"""What is checked together: the records of one source and entity type, and the golden records of one entity type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.hub import Hub
from cdm.pipeline.scores import FINDINGS, findings_of
from cdm.store import RecordBatch
from quality.expectations import Batch, Kind, Usual
from schemas.model import EntityType
from schemas.source import SourceSpec
from schemas.types import EntityKind, Severity

SEVERITIES = {"invalid": Severity.ERROR, "doubtful": Severity.WARNING}
"""Reasons of a golden record's score that tell of findings."""
LOOKED_BACK = 10
"""Checks among which the last one is sought that found nothing wrong."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A batch, whose it is (``source`` is ``None`` for golden records), and what is usual of it."""

    source: str | None
    batch: Batch
    usual: Usual


def source_subjects(hub: Hub, names: Sequence[str] | None) -> Iterator[Subject]:
    """Yield the live records of each source and entity type; of the named sources only, where they are named."""
    specs = hub.sources() if names is None else [hub.source(name) for name in names]
    counts = hub.store.records.count()
    for entity in hub.model.entities.values():
        having = [spec for spec in specs if counts.get((spec.name, entity.name), (0, 0))[0]]
        if having:
            records = hub.store.records.read(entity)
            findings = findings_of(records)
            for spec in having:
                batch = _of_source(hub, spec, entity, records, findings)
                yield Subject(spec.name, batch, usual(hub, spec.name, entity))


def golden_subjects(hub: Hub) -> Iterator[Subject]:
    """Yield the golden records of each entity type that has some."""
    for entity in hub.model.of_kind(EntityKind.PARTY):
        golden, known = hub.store.golden.read(entity), usual(hub, None, entity)
        if golden.index.num_rows:
            batch = Batch(
                name=f"golden.{entity.name}",
                entity=entity,
                records=golden.index.column("golden_id").combine_chunks(),
                table=golden.fields,
                findings=_standing(golden.score),
                fields=_golden_fields(entity, golden.fields, known),
                golden=True,
            )
            yield Subject(None, batch, known)


def usual(hub: Hub, source: str | None, entity: EntityType) -> Usual:
    """Return what the last checks found that were content, field by field: a fall stays one until it is mended."""
    rows, filled = None, dict[str, float]()
    for check in hub.store.checks.history(source, entity.name, LOOKED_BACK):
        for one in check.results:
            if one.kind is Kind.ROWS and one.success and rows is None:
                rows = check.rows
            elif one.kind is Kind.PRESENT and one.success and one.observed is not None:
                filled.setdefault(one.field, one.observed)
    return Usual(rows, filled)


def _of_source(hub: Hub, spec: SourceSpec, entity: EntityType, records: RecordBatch, findings: pa.Table) -> Batch:
    own = np.flatnonzero(pc.equal(records.index.column("source"), spec.name).to_numpy())
    places = np.full(records.index.num_rows, -1, np.int64)
    places[own] = np.arange(len(own))
    rows = places[findings.column("row").to_numpy()]
    about = findings.set_column(0, FINDINGS.field(0), pa.array(rows, pa.int32())).filter(pa.array(rows >= 0))
    index, fields = records.index.take(own), records.fields.take(own)
    ids = index.column("record_id").cast(pa.string()).combine_chunks()
    return Batch(
        name=f"source.{_plain(spec.name)}.{entity.name}",
        entity=entity,
        records=ids,
        table=fields,
        findings=about,
        fields=_fields(spec, entity, fields),
        keys=_keys(hub, spec, ids, index.column("key").combine_chunks()),
    )


def _fields(spec: SourceSpec, entity: EntityType, table: pa.Table) -> list[str]:
    """Return the fields that a source must or does fill: mapped, required, or scored and found in its records."""
    mapped = spec.mapping.fields_of(entity.name) if spec.mapping else {}
    scored = {one.name for one in entity.fields.values() if one.weight > 0 and _any(table, one.name)}
    return [one.name for one in entity.fields.values() if one.required or one.name in mapped or one.name in scored]


def _golden_fields(entity: EntityType, table: pa.Table, known: Usual) -> list[str]:
    """Return the fields that golden records must, do or used to fill, as far as they are scored."""
    scored = [one for one in entity.fields.values() if one.weight > 0]
    filled = {one.name for one in scored if _any(table, one.name) or known.filled.get(one.name)}
    return [one.name for one in entity.fields.values() if one.required or one.name in filled]


def _any(table: pa.Table, name: str) -> bool:
    return name in table.column_names and table.column(name).null_count < table.num_rows


def _keys(hub: Hub, spec: SourceSpec, ids: pa.Array, keys: pa.Array) -> pa.Table | None:
    """Return the keys of all rows of a source that has a key column, of those too that stood aside for another."""
    if spec.mapping is None or spec.mapping.key is None:
        return None
    aside = pa.array(hub.store.quarantine.repeated_keys(spec.name), pa.string())
    records = pa.concat_arrays([ids, pa.nulls(len(aside), pa.string())])
    return pa.table({"record": records, "key": pa.concat_arrays([keys, aside])})


def _standing(scores: pa.Array) -> pa.Table:
    """Return the findings that still stand in golden records, from the reasons of their scores."""
    columns: dict[str, list[object]] = {name: [] for name in FINDINGS.names}
    for row, text in enumerate(scores.to_pylist()):
        for reason in orjson.loads(text)["reasons"] if text else ():
            kind, _, field = reason.partition(":")
            if kind in SEVERITIES:
                found = {"row": row, "field": field, "code": "", "severity": SEVERITIES[kind].value, "value": ""}
                for name, value in found.items():
                    columns[name].append(value)
    return pa.table(columns, schema=FINDINGS)


def _plain(name: str) -> str:
    """Return the name of a source as a part of file names; what is not a letter or digit is told by its number."""
    return re.sub(r"[^\w]", lambda found: f"_{ord(found[0]):x}_", name)
