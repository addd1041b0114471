"""From clusters to a golden state: ids, golden values, scores, candidates — of all records or of one component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.identity import Assignment
from cdm.pipeline.hub import Hub
from cdm.pipeline.scores import GoldenScores, score_golden
from cdm.pipeline.search_tokens import search_tokens
from cdm.store import Consolidation, RecordBatch
from cdm.survivorship import Merged, Stated, consolidate
from schemas.model import EntityType

if TYPE_CHECKING:
    from matching import MatchResult


@dataclass(frozen=True, slots=True)
class Pairs:
    """What matching found between records, by record id: ``candidates`` to ask about, ``links`` to remember."""

    candidates: pa.Table
    links: pa.Table | None
    model: str
    """Version of the model that found them."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A golden state about to be written, and what it was made of."""

    state: Consolidation
    merged: Merged
    scores: GoldenScores


def settle(
    hub: Hub,
    entity: EntityType,
    batch: RecordBatch,
    findings: pa.Table,
    *,
    assignment: Assignment,
    pairs: Pairs,
    stated: Stated,
    scope: Sequence[int] | None = None,
) -> Settled:
    """Merge and score records whose golden ids are assigned.

    Args:
        hub: for its settings and clock.
        entity: the entity type.
        batch: its records, all of them or those of a component.
        findings: findings of the same rows.
        assignment: golden ids of the records.
        pairs: candidates and links.
        stated: what stewards stated about the golden records.
        scope: as :class:`~cdm.store.Consolidation` takes it.
    """
    merged = consolidate(batch, assignment.golden_ids, entity, stated)
    scores = score_golden(hub, entity, batch, findings, merged)
    golden = merged.rows(scores.documents, scores.total)
    state = Consolidation(
        entity=entity.name,
        golden=golden.append_column("tokens", search_tokens(entity, merged.fields)),
        members=pa.table({"record_id": batch.index.column("record_id"), "golden_id": assignment.golden_ids}),
        released=assignment.released,
        retired=assignment.retired,
        redirects=assignment.redirects,
        candidates=pairs.candidates,
        model=pairs.model,
        links=pairs.links,
        scope=scope,
    )
    return Settled(state, merged, scores)


def pairs_of(batch: RecordBatch, result: MatchResult) -> Pairs:
    """Return the pairs a steward is asked about with their explanation as of now, and all links."""
    ids = batch.index.column("record_id").combine_chunks()
    left, right = (result.review.column(side).to_pylist() for side in ("left", "right"))
    explanations = [orjson.dumps(one.to_dict()).decode() for one in result.explain_many(left, right)]
    candidates = pa.table(
        {
            **_ends(ids, result.review),
            "probability": result.review.column("probability"),
            "explanation": pa.array(explanations, pa.string()),
        }
    )
    return Pairs(candidates, links_of(batch, result), result.model.version)


def links_of(batch: RecordBatch, result: MatchResult) -> pa.Table:
    """Return the links that blocking proposed, by record id."""
    ids = batch.index.column("record_id").combine_chunks()
    proposed = result.links.filter(result.links.column("proposed"))
    return pa.table({**_ends(ids, proposed), "weight": proposed.column("weight")})


def _ends(ids: pa.Array, pairs: pa.Table) -> dict[str, pa.Array]:
    """Return the record ids of both ends; rows are in the order of record ids, so left stays the smaller."""
    return {f"{side}_id": pc.take(ids, pairs.column(side)) for side in ("left", "right")}
