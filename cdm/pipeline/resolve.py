"""Standardised records of one entity type → who is who: the bridge from cleansed batches to the matching engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.model import EntityType
from schemas.progress import Progress
from schemas.types import MatchRole, Severity

if TYPE_CHECKING:
    from cdm.settings import Settings
    from matching import MatchResult, MatchSettings

Invalid = Mapping[str, np.ndarray]
"""Field → positions of the rows whose value has a finding of severity ``error``."""


def resolve(
    entity: EntityType, table: pa.Table, invalid: Invalid, *, source: pa.Array, settings: Settings, progress: Progress
) -> MatchResult:
    """Cluster the records of one entity type.

    Args:
        entity: the entity type, which says what may be compared.
        table: one column per field, as cleansing delivers it; columns ``extra:…`` are unmapped source columns.
        invalid: where a value has an error: as an identifier it is neither proof nor contradiction.
        source: name of each row's source.
        settings: of the installation; may set thresholds.
        progress: told about stages, named after the entity type.
    """
    from matching import columns_of, match

    return match(
        table,
        columns_of(entity, table),
        identifiers=valid_identifiers(entity, table, invalid),
        source=source,
        settings=match_settings(settings),
        progress=lambda stage, done, total=None: progress(f"match {entity.name}: {stage}", done, total),
    )


def match_settings(settings: Settings) -> MatchSettings:
    """Return the engine's defaults with the thresholds the installation sets."""
    from matching import MatchSettings

    defaults = MatchSettings()
    return replace(
        defaults,
        merge=defaults.merge if settings.merge_threshold is None else settings.merge_threshold,
        review=defaults.review if settings.review_threshold is None else settings.review_threshold,
    )


def valid_identifiers(entity: EntityType, table: pa.Table, invalid: Invalid) -> pa.Table | None:
    """Return the identifier fields with only the values that passed validation, or ``None`` where there are none."""
    valid = {
        field.name: _without(table.column(field.name), invalid.get(field.name))
        for field in entity.fields.values()
        if field.match is MatchRole.IDENTIFIER and field.name in table.column_names
    }
    return pa.table(valid) if valid else None


def _without(column: pa.ChunkedArray, rows: np.ndarray | None) -> pa.ChunkedArray:
    if rows is None or not len(rows):
        return column
    good = np.ones(len(column), dtype=bool)
    good[rows] = False
    return pc.if_else(pa.array(good), column, pa.scalar(None, column.type))


def invalid_by_findings(findings: pa.Table) -> Invalid:
    """Return where a table of findings (row, field, severity, …) reports an error."""
    errors = findings.filter(pc.equal(findings.column("severity"), Severity.ERROR.value))
    return _grouped(errors.column("row").to_numpy(), errors.column("field").to_pylist())


def invalid_by_lists(fields: pa.ChunkedArray) -> Invalid:
    """Return where rows name the fields that have an error (``list<string>``, one per row)."""
    lists = fields.combine_chunks()
    return _grouped(pc.list_parent_indices(lists).to_numpy(), pc.list_flatten(lists).to_pylist())


def _grouped(rows: np.ndarray, fields: list[str]) -> Invalid:
    names = np.array(fields, dtype=object)
    return {name: np.unique(rows[names == name]) for name in dict.fromkeys(fields)}
