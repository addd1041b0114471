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
    import numpy as np

    from cdm.settings import Settings
    from matching import MatchColumn, MatchResult, MatchSettings, Model


def resolve(
    entity: EntityType,
    table: pa.Table,
    findings: pa.Table,
    *,
    source: pa.Array,
    settings: Settings,
    progress: Progress,
    decided: Decided = UNDECIDED,
    model: Model | None = None,
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
        model: a matching model learned before; without it one is learned from the table.
    """
    from matching import match

    return match(
        table,
        compared(entity, table),
        identifiers=proven_identifiers(entity, table, findings),
        source=source,
        must_link=decided.same,
        cannot_link=decided.different,
        settings=match_settings(settings),
        progress=lambda stage, done, total=None: progress(f"match {entity.name}: {stage}", done, total),
        model=model,
    )


def compared(entity: EntityType, table: pa.Table) -> list[MatchColumn]:
    """Return the columns of a table that are compared."""
    from matching import columns_of

    return columns_of(entity, table)


def resolve_part(
    entity: EntityType,
    table: pa.Table,
    findings: pa.Table,
    *,
    decided: Decided,
    model: Model,
    candidates: np.ndarray,
    settings: Settings,
) -> MatchResult:
    """Cluster some records of an entity type as the whole table would be clustered.

    Args:
        entity, table, findings, decided, settings: as for :func:`resolve`.
        model: what the whole table was matched with.
        candidates: the pairs of rows that blocking proposed on the whole table, shape (pairs, 2).
    """
    from matching import apply

    return apply(
        table,
        model,
        identifiers=proven_identifiers(entity, table, findings),
        must_link=decided.same,
        cannot_link=decided.different,
        settings=match_settings(settings),
        candidates=candidates,
        closed=True,
    )


def match_settings(settings: Settings, default: MatchSettings | None = None) -> MatchSettings:
    """Return the settings of a model, or the engine's defaults, with the thresholds the installation sets."""
    from matching import MatchSettings

    default = default or MatchSettings()
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
