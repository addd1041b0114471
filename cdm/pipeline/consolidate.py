"""Source records of one entity type → clusters → golden ids → golden records, written in one transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa

from cdm.identity import Assignment, Churn, assign
from cdm.identity.uuid7 import mint_at
from cdm.pipeline.assess import Assessment, GoldenState, assess_entity
from cdm.pipeline.hub import Hub
from cdm.pipeline.memory import give_back
from cdm.pipeline.resolve import resolve
from cdm.pipeline.scores import findings_of, score_golden
from cdm.store import Consolidation, GoldenCounts, RecordBatch
from cdm.survivorship import consolidate
from schemas.model import EntityType
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import MatchReport, MatchResult


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What became of the records of one entity type."""

    entity: str
    records: int
    golden: int
    review: int
    counts: GoldenCounts
    churn: Churn
    report: MatchReport
    assessment: Assessment


def consolidate_entity(hub: Hub, entity: EntityType, run_id: int, progress: Progress) -> Consolidated:
    """Match all live records of an entity type anew and write the golden state.

    Golden ids survive where most of a cluster's records had one; only what changed is written.
    """
    batch = hub.store.records.read(entity)
    findings = findings_of(batch)
    give_back()
    matched = _match(hub, entity, batch, findings, progress)
    give_back()
    progress(f"merge {entity.name}", 0, 3)
    assignment = matched.assignment
    merged = consolidate(batch, assignment.golden_ids, entity)
    progress(f"merge {entity.name}", 1, 3)
    scores = score_golden(hub, entity, batch, findings, merged)
    give_back()
    progress(f"merge {entity.name}", 2, 3)
    state = Consolidation(
        entity=entity.name,
        golden=merged.rows(scores.documents, scores.total),
        members=pa.table({"record_id": batch.index.column("record_id"), "golden_id": assignment.golden_ids}),
        released=assignment.released,
        retired=assignment.retired,
        redirects=assignment.redirects,
        candidates=matched.candidates,
    )
    counts = hub.store.consolidate(state, run_id, hub.now())
    progress(f"merge {entity.name}", 3, 3)
    golden, sizes = GoldenState(merged.members, merged.fields, scores.means), merged.members[merged.position]
    return Consolidated(
        entity=entity.name,
        records=batch.index.num_rows,
        golden=len(merged.golden_ids),
        review=matched.candidates.num_rows,
        counts=counts,
        churn=assignment.churn,
        report=matched.report,
        assessment=assess_entity(hub, entity, batch, findings, sizes=sizes, golden=golden),
    )


@dataclass(frozen=True, slots=True)
class _Matched:
    """What is kept of a match; its pairs and columns are not needed any more."""

    assignment: Assignment
    candidates: pa.Table
    report: MatchReport


def _match(hub: Hub, entity: EntityType, batch: RecordBatch, findings: pa.Table, progress: Progress) -> _Matched:
    source = batch.index.column("source").combine_chunks()
    result = resolve(entity, batch.fields, findings, source=source, settings=hub.settings, progress=progress)
    return _Matched(_assign(hub, entity, batch, result), _candidates(batch, result), result.report)


def _assign(hub: Hub, entity: EntityType, batch: RecordBatch, result: MatchResult) -> Assignment:
    crosswalk = hub.store.crosswalk
    return assign(
        batch.index.column("record_id").to_numpy(),
        result.clusters,
        current=crosswalk.current(entity.name),
        former=crosswalk.former(entity.name),
        live=crosswalk.live_ids(entity.name),
        mint=mint_at(hub.now()),
    )


def _candidates(batch: RecordBatch, result: MatchResult) -> pa.Table:
    """Return the pairs a steward is asked about with the explanation as of now."""
    ids = batch.index.column("record_id").to_numpy()
    left, right = (result.review.column(side).to_numpy() for side in ("left", "right"))
    explanations = [
        orjson.dumps(asdict(result.explain(int(a), int(b)))).decode() for a, b in zip(left, right, strict=True)
    ]
    return pa.table(
        {
            "left_id": ids[left],
            "right_id": ids[right],
            "probability": result.review.column("probability"),
            "explanation": pa.array(explanations, pa.string()),
        }
    )
