"""Standardised records of one entity type → who is who: the bridge from cleansed batches to the matching engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.model import EntityType
from schemas.progress import Progress
from schemas.types import MatchRole, Severity

if TYPE_CHECKING:
    from matching import MatchResult, MatchSettings


def resolve(
    entity: EntityType,
    table: pa.Table,
    findings: pa.Table,
    *,
    source: pa.Array,
    settings: MatchSettings,
    progress: Progress,
) -> MatchResult:
    """Cluster the records of one entity type.

    Args:
        entity: the entity type, which says what may be compared.
        table: one column per field, as cleansing delivers it; columns ``extra:…`` are unmapped source columns.
        findings: the findings of the same rows; an identifier with an error is no proof and no contradiction.
        source: name of each row's source.
    """
    from matching import columns_of, match

    return match(
        table,
        columns_of(entity, table),
        identifiers=valid_identifiers(entity, table, findings),
        source=source,
        settings=settings,
        progress=progress,
    )


def valid_identifiers(entity: EntityType, table: pa.Table, findings: pa.Table) -> pa.Table | None:
    """Return the identifier fields with only the values that passed validation, or ``None`` where there are none."""
    valid = {
        field.name: _without_errors(table.column(field.name), field.name, findings)
        for field in entity.fields.values()
        if field.match is MatchRole.IDENTIFIER and field.name in table.column_names
    }
    return pa.table(valid) if valid else None


def _without_errors(column: pa.ChunkedArray, name: str, findings: pa.Table) -> pa.Array:
    wrong = pc.and_(pc.equal(findings.column("field"), name), pc.equal(findings.column("severity"), Severity.ERROR.value))
    rows = findings.column("row").filter(wrong).to_numpy()
    good = np.ones(len(column), dtype=bool)
    good[rows] = False
    return pc.if_else(pa.array(good), column.combine_chunks(), pa.scalar(None, column.type))
