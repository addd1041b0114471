"""Standardised records of one entity type → who is who: the bridge from cleansed batches to the matching engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from cdm.pipeline.decided import UNDECIDED, Decided
from schemas.model import EntityType
from schemas.progress import Progress
from schemas.types import MatchRole

if TYPE_CHECKING:
    from cdm.settings import Settings
    from matching import MatchResult, MatchSettings


def resolve(
    entity: EntityType,
    table: pa.Table,
    findings: pa.Table,
    *,
    source: pa.Array,
    settings: Settings,
    progress: Progress,
    decided: Decided = UNDECIDED,
) -> MatchResult:
    """Cluster the records of one entity type.

    Args:
        entity: the entity type, which says what may be compared.
        table: one column per field, as cleansing delivers it; columns ``extra:…`` are unmapped source columns.
        findings: findings of the same rows: an identifier that could not be verified is neither proof nor
            contradiction.
        source: name of each row's source.
        settings: of the installation; may set thresholds.
        progress: told about stages, named after the entity type.
        decided: what stewards decided about pairs of rows.
    """
    from matching import columns_of, match

    return match(
        table,
        columns_of(entity, table),
        identifiers=proven_identifiers(entity, table, findings),
        source=source,
        must_link=decided.same,
        cannot_link=decided.different,
        settings=match_settings(settings),
        progress=lambda stage, done, total=None: progress(f"match {entity.name}: {stage}", done, total),
    )


def match_settings(settings: Settings) -> MatchSettings:
    """Return the engine's defaults with the thresholds the installation sets."""
    from matching import MatchSettings

    default = MatchSettings()
    return replace(
        default,
        merge=default.merge if settings.merge_threshold is None else settings.merge_threshold,
        review=default.review if settings.review_threshold is None else settings.review_threshold,
    )


def proven_identifiers(entity: EntityType, table: pa.Table, findings: pa.Table) -> pa.Table | None:
    """Return the identifier fields with only the values that were verified, or ``None`` where there are none."""
    from quality.cleanse.proof import proven_values

    proven = {
        field.name: proven_values(table.column(field.name).combine_chunks(), field.name, findings)
        for field in entity.fields.values()
        if field.match is MatchRole.IDENTIFIER and field.name in table.column_names
    }
    return pa.table(proven) if proven else None
