"""From clusters to a golden state: ids, golden values, scores, candidates — of all records or of one component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.identity import Assignment
from cdm.pipeline.scores import Scoring, Sums, score_golden
from cdm.pipeline.search_tokens import search_tokens
from cdm.store import Consolidation, RecordBatch
from cdm.survivorship import Stated, consolidate
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
    """Golden records about to be written, and what they were made of."""

    golden: pa.Table
    """As :class:`~cdm.store.Consolidation` takes them."""
    fields: pa.Table
    """Their values."""
    scores: Sums


@dataclass(frozen=True, slots=True)
class Settling:
    """Merges and scores records whose golden ids are assigned; a value that can be sent to another process."""

    entity: EntityType
    scoring: Scoring

    def __call__(self, batch: RecordBatch, findings: pa.Table, golden_ids: pa.Array, stated: Stated) -> Settled:
        """Return the golden records of some records.

        Args:
            batch: all records of these golden records.
            findings: findings of the same rows.
            golden_ids: the golden record of each row.
            stated: what stewards stated about the golden records.
        """
        merged = consolidate(batch, golden_ids, self.entity, stated)
        scores = score_golden(self.entity, batch, findings, merged, self.scoring)
        golden = merged.rows(scores.documents, scores.total)
        return Settled(
            golden.append_column("tokens", search_tokens(self.entity, merged.fields)), merged.fields, scores.sums
        )


def outline(entity: EntityType, batch: RecordBatch, assignment: Assignment, pairs: Pairs) -> Consolidation:
    """Return a golden state whose golden records have only their ids yet."""
    return Consolidation(
        entity=entity.name,
        golden=pa.table({"golden_id": pc.unique(assignment.golden_ids).sort()}),
        members=pa.table({"record_id": batch.index.column("record_id"), "golden_id": assignment.golden_ids}),
        released=assignment.released,
        retired=assignment.retired,
        redirects=assignment.redirects,
        candidates=pairs.candidates,
        model=pairs.model,
        links=pairs.links,
    )


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
