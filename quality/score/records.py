"""The score of every record of a batch."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from quality.score.columns import Floats, about_values, array_of, filled, mask_of, scored_fields
from quality.score.consistency import consistency
from quality.score.reasons import Reasons
from quality.score.settings import DIMENSIONS, ScoreSettings
from schemas.model import EntityType
from schemas.types import Severity

_STALE = 50.0
"""Timeliness below which the age is a reason."""


def score_records(
    table: pa.Table,
    findings: pa.Table,
    entity: EntityType,
    *,
    now: datetime,
    updated_at: pa.Array | None = None,
    duplicates: pa.Array | None = None,
    agreement: pa.Array | None = None,
    settings: ScoreSettings | None = None,
) -> pa.Table:
    """Score each record, 0–100 per dimension and in total.

    Args:
        table: standardised columns, one per field, as cleansing delivers them.
        findings: findings of the same rows (``row``, ``field``, ``code``, ``severity``).
        entity: the entity type, with the weight of each field.
        now: the moment of scoring; times without a zone are taken as its own.
        updated_at: ISO 8601 text, when each record last changed; null where unknown.
        duplicates: how many records, this one included, are the same customer; null where not known.
        agreement: 0–1, how far the sources of each golden record agree, from ``agreement_between_sources``.
        settings: weights and half-life.

    Returns:
        One row per record: ``completeness``, ``validity``, ``uniqueness``, ``consistency``, ``timeliness``, ``total``
        (float32, null where not judged) and ``reasons`` (list<string>).
    """
    settings = settings or ScoreSettings()
    reasons = Reasons(table.num_rows)
    scores = {
        "completeness": _completeness(table, entity, reasons),
        "validity": _validity(table, findings, entity, settings, reasons),
        "uniqueness": _uniqueness(table.num_rows, duplicates, reasons),
        "consistency": _with_agreement(consistency(table, entity, reasons), agreement, reasons),
        "timeliness": _timeliness(table.num_rows, updated_at, now, settings, reasons),
    }
    columns = {name: _nullable(scores[name]) for name in DIMENSIONS}
    columns["total"] = _nullable(_total(scores, settings))
    return pa.table({**columns, "reasons": reasons.lists()})


def _nullable(score: Floats) -> pa.Array:
    return pa.array(np.round(score, 2).astype(np.float32), mask=np.isnan(score))


def _total(scores: dict[str, Floats], settings: ScoreSettings) -> Floats:
    matrix = np.stack([scores[name] for name in DIMENSIONS])
    weights = np.array([settings.weights.get(name, 0.0) for name in DIMENSIONS])[:, None] * ~np.isnan(matrix)
    weight = weights.sum(axis=0)
    total: Floats = np.divide(
        (np.nan_to_num(matrix) * weights).sum(axis=0), weight, out=np.full(matrix.shape[1], np.nan), where=weight > 0
    )
    return total


def _completeness(table: pa.Table, entity: EntityType, reasons: Reasons) -> Floats:
    have, of = np.zeros(table.num_rows), 0.0
    for field in scored_fields(entity):
        present = filled(table, field.name)
        have += field.weight * present
        of += field.weight
        if field.weight >= 1 or field.required:
            reasons.add(~present, "missing", field.name)
    return 100 * have / of if of else np.full(table.num_rows, np.nan)


def _validity(
    table: pa.Table, findings: pa.Table, entity: EntityType, settings: ScoreSettings, reasons: Reasons
) -> Floats:
    """Judge filled fields only: an empty field is incomplete, not invalid."""
    good, of = np.zeros(table.num_rows), np.zeros(table.num_rows)
    judged = about_values(findings)
    for field in scored_fields(entity):
        present = filled(table, field.name)
        own = judged.filter(pc.equal(judged.column("field"), field.name))
        wrong = _rows_with(own, Severity.ERROR, table.num_rows) & present
        doubtful = _rows_with(own, Severity.WARNING, table.num_rows) & present & ~wrong
        of += field.weight * present
        good += field.weight * (present & ~wrong) - field.weight * settings.warning * doubtful
        reasons.add(wrong, "invalid", field.name)
        reasons.add(doubtful, "doubtful", field.name)
    share: Floats = np.divide(100 * good, of, out=np.full(table.num_rows, np.nan), where=of > 0)
    return share


def _rows_with(findings: pa.Table, severity: Severity, rows: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(rows, dtype=bool)
    mask[findings.filter(pc.equal(findings.column("severity"), severity.value)).column("row").to_numpy()] = True
    return mask


def _uniqueness(rows: int, duplicates: pa.Array | None, reasons: Reasons) -> Floats:
    if duplicates is None:
        return np.full(rows, np.nan)
    known = mask_of(pc.is_valid(duplicates))
    size = np.maximum(1, pc.fill_null(duplicates.cast(pa.int64()), 1).to_numpy(zero_copy_only=False))
    reasons.add_each(known & (size > 1), "duplicate", size)
    return np.where(known, 100.0 / size, np.nan)


def _with_agreement(rules: Floats, agreement: pa.Array | None, reasons: Reasons) -> Floats:
    if agreement is None:
        return rules
    share = 100 * agreement.cast(pa.float64()).to_numpy(zero_copy_only=False)
    percent = np.nan_to_num(share).round().astype(np.int64)
    reasons.add_each(~np.isnan(share) & (percent < 100), "sources_disagree", percent)
    both = np.stack([rules, share])
    judged = (~np.isnan(both)).sum(axis=0)
    mean: Floats = np.divide(np.nansum(both, axis=0), judged, out=np.full(len(rules), np.nan), where=judged > 0)
    return mean


def _timeliness(
    rows: int, updated_at: pa.Array | None, now: datetime, settings: ScoreSettings, reasons: Reasons
) -> Floats:
    if updated_at is None:
        return np.full(rows, np.nan)
    age = _ages(updated_at, now)
    score = 100 * 0.5 ** (np.maximum(age, 0) / settings.half_life_days)
    days = np.nan_to_num(age).astype(np.int64)
    reasons.add_each(~np.isnan(score) & (score < _STALE), "stale", days)
    return score


def _ages(updated_at: pa.Array, now: datetime) -> Floats:
    """Return days since each time of update; NaN where it is unknown or no date."""
    encoded = pc.dictionary_encode(array_of(pa.table({"at": updated_at}), "at").cast(pa.string()))
    days = np.array([_days(text, now) for text in encoded.dictionary.to_pylist()] + [np.nan])
    at = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    age: Floats = days[at]
    return age


def _days(text: str, now: datetime) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return float("nan")
    zone = now.tzinfo or UTC
    at = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return (now.replace(tzinfo=zone) - at).total_seconds() / 86_400
