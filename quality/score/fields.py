"""The score of each field over many records."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.score.columns import about_values, array_of, filled
from quality.score.settings import ScoreSettings
from schemas.model import EntityType

_SCHEMA = pa.schema(
    [
        ("field", pa.string()),
        ("weight", pa.float64()),
        *((name, pa.int64()) for name in ("records", "filled", "distinct", "errors", "warnings")),
        *((name, pa.float64()) for name in ("completeness", "validity", "uniqueness")),
    ]
)


def field_scores(
    table: pa.Table, findings: pa.Table, entity: EntityType, *, settings: ScoreSettings | None = None
) -> pa.Table:
    """Score each field of the model over a batch.

    Args:
        table: standardised columns.
        findings: findings of the same rows.
        entity: the entity type.
        settings: how much a warning costs.

    Returns:
        One row per field, in the order of the model: ``field``, ``weight``, ``records``, ``filled``, ``distinct``
        values, rows with ``errors`` and with ``warnings`` among the filled, ``completeness`` (share filled),
        ``validity`` (share of the filled that is valid, a doubtful value counting by the settings) and ``uniqueness``
        (distinct values per filled row or list entry); the last two null where nothing is filled.
    """
    settings = settings or ScoreSettings()
    findings = about_values(findings)
    rows = [_field_row(table, findings, name, entity[name].weight, settings) for name in entity.fields]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _field_row(
    table: pa.Table, findings: pa.Table, name: str, weight: float, settings: ScoreSettings
) -> dict[str, str | float | None]:
    present = filled(table, name)
    own = findings.filter(pc.equal(findings.column("field"), name))
    errors = _with(own, "error", table.num_rows) & present
    warnings = _with(own, "warning", table.num_rows) & present & ~errors
    count, bad, doubtful = int(present.sum()), int(errors.sum()), int(warnings.sum())
    values = array_of(table, name)
    entries = pc.drop_null(pc.list_flatten(values) if pa.types.is_list(values.type) else values)
    distinct = len(pc.unique(entries))
    return {
        "field": name,
        "weight": weight,
        "records": table.num_rows,
        "filled": count,
        "distinct": distinct,
        "errors": bad,
        "warnings": doubtful,
        "completeness": 100 * count / table.num_rows if table.num_rows else 0.0,
        "validity": 100 * (count - bad - settings.warning * doubtful) / count if count else None,
        "uniqueness": 100 * distinct / len(entries) if len(entries) else None,
    }


def _with(findings: pa.Table, severity: str, rows: int) -> np.ndarray:
    mask = np.zeros(rows, dtype=bool)
    mask[findings.filter(pc.equal(findings.column("severity"), severity)).column("row").to_numpy()] = True
    return mask
