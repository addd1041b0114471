"""Quality scores of source records and golden records, from what the store holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.hub import Hub
from cdm.store import RecordBatch
from cdm.survivorship import Merged
from schemas.model import EntityType
from schemas.types import Severity

if TYPE_CHECKING:
    from quality.score import ScoreSettings

FINDINGS = pa.schema(
    [
        ("row", pa.int32()),
        ("field", pa.string()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("value", pa.string()),
    ]
)


def findings_of(batch: RecordBatch) -> pa.Table:
    """Return the findings of a batch of stored records as one table, rows numbered as in the batch."""
    names = FINDINGS.names[1:]
    columns: dict[str, list[object]] = {name: [] for name in FINDINGS.names}
    for row, text in enumerate(batch.index.column("findings").to_pylist()):
        if text == "[]":
            continue
        for finding in orjson.loads(text):
            columns["row"].append(row)
            for name in names:
                columns[name].append(finding.get(name))
    return pa.table(columns, schema=FINDINGS)


def score_source_records(
    hub: Hub, entity: EntityType, batch: RecordBatch, findings: pa.Table, sizes: np.ndarray
) -> pa.Table:
    """Score source records; ``sizes`` says how many records are the same customer, for each record."""
    from quality.score import score_records

    return score_records(
        batch.fields,
        findings,
        entity,
        now=hub.now(),
        updated_at=batch.index.column("updated_at").combine_chunks(),
        duplicates=pa.array(sizes),
        settings=_settings(hub),
    )


def score_golden(
    hub: Hub, entity: EntityType, batch: RecordBatch, findings: pa.Table, merged: Merged
) -> tuple[pa.Array, pa.Array]:
    """Score golden records.

    Returns:
        One JSON document per golden record (dimensions and reasons) and its total score, 0–100.
    """
    from quality.score import agreement_between_sources, score_records

    count = len(merged.golden_ids)
    scores = score_records(
        merged.fields,
        _surviving(findings, batch, merged),
        entity,
        now=hub.now(),
        updated_at=_latest(batch, merged.position, count),
        agreement=agreement_between_sources(batch.fields, pa.array(merged.position), entity, count),
        settings=_settings(hub),
    )
    documents = [orjson.dumps(row).decode() for row in _documents(scores)]
    return pa.array(documents, pa.string()), scores.column("total").combine_chunks().cast(pa.float64())


def _documents(scores: pa.Table) -> Iterator[dict[str, object]]:
    names = [name for name in scores.column_names if name != "reasons"]
    columns = [np.round(scores.column(n).cast(pa.float64()).to_numpy(zero_copy_only=False), 1).tolist() for n in names]
    for *values, reasons in zip(*columns, scores.column("reasons").to_pylist(), strict=True):
        known = {name: value for name, value in zip(names, values, strict=True) if value == value}  # noqa: PLR0124 - NaN
        yield {**known, "reasons": reasons}


def _settings(hub: Hub) -> ScoreSettings:
    from quality.score import ScoreSettings

    return ScoreSettings(half_life_days=hub.settings.timeliness_half_life_days)


def _surviving(findings: pa.Table, batch: RecordBatch, merged: Merged) -> pa.Table:
    """Return the findings that still stand in the golden records.

    A valid value beats an invalid one, so an error or warning survives only where every record that fills the field has
    it.
    """
    rows, fields, severities = [], [], []
    for name in batch.fields.column_names:
        own = findings.filter(pc.equal(findings.column("field"), name))
        if not own.num_rows:
            continue
        present = _per_golden(np.flatnonzero(_filled(batch.fields.column(name))), merged)
        for severity in (Severity.ERROR, Severity.WARNING):
            bad = own.filter(pc.equal(own.column("severity"), severity.value))
            hit = np.flatnonzero(
                (_per_golden(np.unique(bad.column("row").to_numpy()), merged) >= present) & (present > 0)
            )
            rows.append(hit)
            fields += [name] * len(hit)
            severities += [severity.value] * len(hit)
    positions = np.concatenate(rows) if rows else np.empty(0, np.int64)
    blank = [""] * len(fields)
    columns = [pa.array(positions, pa.int32()), fields, blank, severities, blank]
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, FINDINGS, strict=True)], schema=FINDINGS)


def _filled(column: pa.ChunkedArray) -> np.ndarray:
    present = pc.is_valid(column)
    if pa.types.is_list(column.type):
        present = pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0)
    filled: np.ndarray = present.to_numpy(zero_copy_only=False)
    return filled


def _per_golden(records: np.ndarray, merged: Merged) -> np.ndarray:
    return np.bincount(merged.position[records], minlength=len(merged.golden_ids))


def _latest(batch: RecordBatch, position: np.ndarray, count: int) -> pa.Array:
    """Return when the youngest record of each golden record was changed, by its source's account."""
    table = pa.table({"golden": position, "at": batch.index.column("updated_at")}).drop_null()
    latest = table.group_by("golden").aggregate([("at", "max")])
    texts = np.full(count, None, dtype=object)
    texts[latest.column("golden").to_numpy()] = latest.column("at_max").to_pylist()
    return pa.array(texts, pa.string())
