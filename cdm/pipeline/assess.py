"""Figures about the state of the hub: findings, scores, completeness — by source, field and golden record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.memory import rare_collection
from cdm.pipeline.scores import findings_of, score_source_records
from cdm.report.figures import FieldFigures, FindingFigures, Shown
from cdm.store import GoldenBatch, RecordBatch
from schemas.model import EntityType, Label
from schemas.types import Severity

EXAMPLES = 3
GOLDEN = Label("黄金记录", "golden records")


@dataclass(frozen=True)
class Assessment:
    """What can be said of one entity type."""

    entity: EntityType
    records: int
    golden: int
    cluster_sizes: Mapping[int, int]
    sources: pa.Table
    """``quality.score.summarize`` by source."""
    golden_scores: Mapping[str, float]
    """Mean of each dimension and of the total over the golden records, with their number as ``records``."""
    findings: Sequence[FindingFigures]
    fields: Sequence[FieldFigures]


@dataclass(frozen=True, slots=True)
class GoldenState:
    """The golden records of one entity type as assessing needs them, from the store or as they were just made."""

    members: np.ndarray
    """Number of source records of each golden record."""
    fields: pa.Table
    scores: Mapping[str, float]
    """Mean of each dimension and of the total."""


@rare_collection()
def assess(hub: Hub) -> list[Assessment]:
    """Assess every party type that has records, as the store holds them."""
    found = []
    for entity in parties(hub):
        batch = hub.store.records.read(entity)
        if batch.index.num_rows:
            golden = hub.store.golden.read(entity)
            state = GoldenState(golden.index.column("members").to_numpy(), golden.fields, _golden_scores(golden))
            sizes = _sizes(hub, entity, batch)
            found.append(assess_entity(hub, entity, batch, findings_of(batch), sizes=sizes, golden=state))
    return found


def assess_entity(
    hub: Hub, entity: EntityType, batch: RecordBatch, findings: pa.Table, *, sizes: np.ndarray, golden: GoldenState
) -> Assessment:
    """Assess one entity type.

    Args:
        hub: the open hub.
        entity: the entity type.
        batch: its live source records.
        findings: what was found in them.
        sizes: for each record, how many records are the same customer.
        golden: its golden records.
    """
    from quality.score import summarize

    source = batch.index.column("source").combine_chunks()
    scores = score_source_records(hub, entity, batch, findings, sizes)
    counted = np.unique(golden.members, return_counts=True)
    count = len(golden.members)
    return Assessment(
        entity=entity,
        records=batch.index.num_rows,
        golden=count,
        cluster_sizes={int(size): int(times) for size, times in zip(*counted, strict=True)},
        sources=summarize(scores, source),
        golden_scores={**golden.scores, "records": float(count)},
        findings=list(_findings(entity, findings)),
        fields=list(_fields(entity, batch, golden.fields, source)),
    )


def _sizes(hub: Hub, entity: EntityType, batch: RecordBatch) -> np.ndarray:
    """Return, for each record of the batch, how many records its golden record has."""
    crosswalk = hub.store.crosswalk.current(entity.name)
    ids = pc.dictionary_encode(crosswalk.column("golden_id").combine_chunks()).indices.to_numpy()
    members = np.bincount(ids)[ids] if len(ids) else np.empty(0, np.int64)
    at = pc.index_in(batch.index.column("record_id"), value_set=crosswalk.column("record_id").combine_chunks())
    known = pc.fill_null(at, -1).to_numpy()
    sizes = np.ones(batch.index.num_rows, np.int64)
    sizes[known >= 0] = members[known[known >= 0]]
    return sizes


def _golden_scores(golden: GoldenBatch) -> dict[str, float]:
    import orjson

    sums: dict[str, float] = {}
    counts: dict[str, int] = {}
    for text in golden.score.drop_null().to_pylist():
        for name, value in orjson.loads(text).items():
            if isinstance(value, int | float):
                sums[name] = sums.get(name, 0.0) + value
                counts[name] = counts.get(name, 0) + 1
    return {name: sums[name] / counts[name] for name in sums}


def _findings(entity: EntityType, findings: pa.Table) -> Iterator[FindingFigures]:
    from quality.cleanse.codes import all_codes

    grouped = findings.group_by(["field", "code", "severity"]).aggregate([("value", "list"), ([], "count_all")])
    codes = all_codes()
    for row in grouped.to_pylist():
        code, field = codes.get(row["code"]), entity.fields.get(row["field"])
        values = [value for value in dict.fromkeys(row["value_list"]) if value][:EXAMPLES]
        yield FindingFigures(
            code=row["code"],
            severity=Severity(row["severity"]),
            text=Label(code.zh, code.en) if code else Label(row["code"], row["code"]),
            count=row["count_all"],
            field=field.label if field else None,
            examples=[Shown(v, field.type, field.privacy) if field else Shown(v) for v in values],
        )


def _fields(entity: EntityType, batch: RecordBatch, golden: pa.Table, source: pa.Array) -> Iterator[FieldFigures]:
    names = sorted(set(source.to_pylist()))
    masks = {name: pc.equal(source, name) for name in names}
    for field in entity.fields.values():
        if field.weight == 0 or field.name not in batch.fields.column_names:
            continue
        column = batch.fields.column(field.name)
        filled = {name: _share(column.filter(mask)) for name, mask in masks.items()}
        of_golden = golden.column(field.name) if field.name in golden.column_names else None
        yield FieldFigures(entity.label, field.label, filled, None if of_golden is None else _share(of_golden))


def _share(column: pa.ChunkedArray) -> float | None:
    return None if not len(column) else 1 - column.null_count / len(column)
