"""Source records of one entity type → clusters → golden ids → golden records, all of them at once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cdm.identity import Assignment, Churn, assign
from cdm.identity.uuid7 import mint_at
from cdm.pipeline.active_model import Choice, Why, choose_model, keep_model
from cdm.pipeline.assess import Assessment, GoldenState, assess_entity
from cdm.pipeline.decided import decided_pairs
from cdm.pipeline.gates import Movement
from cdm.pipeline.hub import Hub
from cdm.pipeline.memory import give_back
from cdm.pipeline.resolve import compared, resolve
from cdm.pipeline.scores import Scoring, findings_of
from cdm.pipeline.settle import Pairs, Settling, outline, pairs_of
from cdm.pipeline.stored_keys import keyed_records
from cdm.pipeline.writing import Unsettled, write_state
from cdm.store import GoldenCounts, RecordBatch
from cdm.survivorship import Stated, heard
from schemas.model import EntityType
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import MatchReport, Model


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
    model: str
    """Version of the matching model that was used."""
    learned: Why | None
    """Why it was learned in this run, if it was."""

    def stats(self) -> dict[str, object]:
        """Return the figures that are kept with the run."""
        return {
            "mode": "whole",
            "records": self.records,
            "golden": self.golden,
            "review": self.review,
            "model": self.model,
            "learned": self.learned,
            "changed": asdict(self.counts),
            "churn": asdict(self.churn),
            "matching": self.report.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Whole:
    """All live records of an entity type, matched anew; nothing of it is written yet."""

    entity: EntityType
    batch: RecordBatch
    findings: pa.Table
    choice: Choice
    matched: _Matched

    @property
    def movement(self) -> Movement:
        """What it would do to the golden records there are."""
        assignment = self.matched.assignment
        live = assignment.churn.kept + assignment.churn.retired
        return Movement.of(self.entity.name, assignment, self.matched.current, live)

    def carry_out(self, hub: Hub, run_id: int, progress: Progress) -> Consolidated:
        """Write the golden state; only what changed is written."""
        entity, batch, findings, matched = self.entity, self.batch, self.findings, self.matched
        keep_model(hub, entity.name, matched.model, matched.report, self.choice)
        hub.store.keys.begin(entity.name)
        progress(f"merge {entity.name}", 0)
        assignment, pairs, stated = matched.assignment, matched.pairs, _stated(hub, entity, matched)
        settling = Settling(entity, Scoring.of(hub))
        written = write_state(
            hub,
            Unsettled(settling, batch, findings, assignment.golden_ids, stated),
            outline(entity, batch, assignment, pairs),
            matched.current,
            model=matched.model,
            run_id=run_id,
            progress=progress,
        )
        give_back()
        hub.store.keys.write(matched.keys)
        hub.store.keys.done(entity.name, matched.model.version, run_id)
        homes = assignment.golden_ids.dictionary_encode().indices.to_numpy()
        members = np.bincount(homes)
        golden = GoldenState(members, written.fields, written.scores)
        return Consolidated(
            entity=entity.name,
            records=batch.index.num_rows,
            golden=len(members),
            review=pairs.candidates.num_rows,
            counts=written.counts,
            churn=assignment.churn,
            report=matched.report,
            assessment=assess_entity(hub, entity, batch, findings, sizes=members[homes], golden=golden),
            model=pairs.model,
            learned=self.choice.why,
        )


def match_whole(hub: Hub, entity: EntityType, progress: Progress, *, relearn: bool = False) -> Whole:
    """Match all live records of an entity type anew, and say which golden ids their clusters have; nothing is written.

    Golden ids survive where most of a cluster's records had one.
    """
    batch = hub.store.records.read(entity)
    findings = findings_of(batch)
    give_back()
    columns, rows = compared(entity, batch.fields), batch.index.num_rows
    choice = choose_model(hub, entity.name, columns, rows, relearn=relearn)
    matched = _match(hub, entity, batch, findings, progress, choice=choice)
    give_back()
    return Whole(entity, batch, findings, choice, matched)


@dataclass(frozen=True, slots=True)
class _Matched:
    """What is kept of a match; its columns are not needed any more."""

    assignment: Assignment
    pairs: Pairs
    report: MatchReport
    model: Model
    current: pa.Table
    """The crosswalk as it was (``membership.CURRENT``)."""
    former: pa.Table
    """What retired golden records had (``membership.FORMER``)."""
    keys: pa.Table
    """Blocking keys of all records."""


def _match(
    hub: Hub, entity: EntityType, batch: RecordBatch, findings: pa.Table, progress: Progress, *, choice: Choice
) -> _Matched:
    ids = batch.index.column("record_id").to_numpy()
    decided = decided_pairs(hub.store.decisions.binding(entity.name), ids)
    result = resolve(
        entity,
        batch.fields,
        findings,
        source=batch.index.column("source").combine_chunks(),
        settings=hub.settings,
        progress=progress,
        decided=decided,
        model=choice.model,
    )
    crosswalk = hub.store.crosswalk
    current, former = crosswalk.current(entity.name), crosswalk.former(entity.name)
    assignment = assign(
        ids,
        result.clusters,
        current=current,
        former=former,
        live=crosswalk.live_ids(entity.name),
        mint=mint_at(hub.now()),
    )
    keys = keyed_records(entity.name, ids, result.keys(), result.model, sparing=True).keys
    return _Matched(assignment, pairs_of(batch, result), result.report, result.model, current, former, keys)


def _stated(hub: Hub, entity: EntityType, matched: _Matched) -> Stated:
    """Return what stewards stated about the golden records that are to be."""
    statements, now = hub.store.statements.binding(entity.name), matched.assignment
    before = [matched.current, matched.former] if statements else []
    return heard(statements, now.record_ids, now.golden_ids, before)
