"""Quality scores of source records and golden records, from what the store holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.hub import Hub
from cdm.store import RecordBatch
from cdm.store.documents import AT_A_TIME
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


Sums = Mapping[str, tuple[int, int]]
"""Sum, in tenths, of each dimension and of the total over the golden records of which it was judged, and their number:
whole numbers add up to the same whatever the parts."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """When records are scored, and how; a value that can be sent to another process."""

    now: datetime
    settings: ScoreSettings

    @classmethod
    def of(cls, hub: Hub) -> Scoring:
        """Return how a hub scores now."""
        return cls(hub.now(), _settings(hub))


@dataclass(frozen=True, slots=True)
class GoldenScores:
    """The scores of golden records, in their order."""

    documents: pa.Array
    """JSON text per golden record: dimensions, total and reasons."""
    total: pa.Array
    """Total score, 0–100."""
    sums: Sums


def means(parts: Iterable[Sums]) -> dict[str, float]:
    """Return the mean of each dimension that was judged, and of the total, over several parts."""
    added: dict[str, tuple[int, int]] = {}
    for name, (total, count) in ((name, pair) for part in parts for name, pair in part.items()):
        before = added.get(name, (0, 0))
        added[name] = before[0] + total, before[1] + count
    return {name: total / (10 * count) for name, (total, count) in added.items() if count}


def findings_of(batch: RecordBatch) -> pa.Table:
    """Return the findings of a batch of stored records as one table, rows numbered as in the batch."""
    texts = batch.index.column("findings").combine_chunks()
    parts = [_findings(texts.slice(start, AT_A_TIME), start) for start in range(0, len(texts), AT_A_TIME)]
    return pa.concat_tables(parts).combine_chunks() if parts else FINDINGS.empty_table()


def _findings(texts: pa.Array, start: int) -> pa.Table:
    names = FINDINGS.names[1:]
    columns: dict[str, list[object]] = {name: [] for name in FINDINGS.names}
    for row, text in enumerate(texts.to_pylist(), start):
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
    entity: EntityType, batch: RecordBatch, findings: pa.Table, merged: Merged, at: Scoring
) -> GoldenScores:
    """Score golden records."""
    from quality.score import agreement_between_sources, score_records

    count = len(merged.golden_ids)
    scores = score_records(
        merged.fields,
        _surviving(findings, batch, merged),
        entity,
        now=at.now,
        updated_at=_latest(batch, merged.position, count),
        agreement=agreement_between_sources(batch.fields, pa.array(merged.position), entity, count),
        settings=at.settings,
    )
    names = [name for name in scores.column_names if name != "reasons"]
    columns = {n: np.round(scores.column(n).cast(pa.float64()).to_numpy(zero_copy_only=False), 1) for n in names}
    sums = {n: (int(np.nansum(np.rint(c * 10))), int(np.count_nonzero(~np.isnan(c)))) for n, c in columns.items()}
    total = scores.column("total").combine_chunks().cast(pa.float64())
    return GoldenScores(_documents(columns, scores.column("reasons").combine_chunks()), total, sums)


def _documents(columns: Mapping[str, np.ndarray], reasons: pa.Array) -> pa.Array:
    """Return one JSON document per golden record, a part of them at a time."""
    parts = []
    for start in range(0, len(reasons), AT_A_TIME):
        part = slice(start, start + AT_A_TIME)
        values = zip(*(column[part].tolist() for column in columns.values()), strict=True)
        rows = zip(values, reasons[part].to_pylist(), strict=True)
        texts = [orjson.dumps(_document(columns.keys(), known, why)) for known, why in rows]
        parts.append(pa.array(texts, pa.binary()).cast(pa.string()))
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())


def _document(names: Iterable[str], values: Sequence[float], reasons: Sequence[str]) -> dict[str, object]:
    known = {name: value for name, value in zip(names, values, strict=True) if value == value}  # noqa: PLR0124 - NaN
    return {**known, "reasons": reasons}


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
