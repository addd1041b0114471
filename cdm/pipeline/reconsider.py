"""One component worked out anew: what a whole run would make of it, at the cost of its few records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.identity import Assignment, assign
from cdm.identity.uuid7 import mint_at
from cdm.pipeline.decided import decided_pairs
from cdm.pipeline.hub import Hub
from cdm.pipeline.resolve import resolve_part
from cdm.pipeline.scores import Scoring, findings_of
from cdm.pipeline.settle import Settling, outline, pairs_of
from cdm.store import Consolidation, GoldenCounts, RecordBatch
from cdm.store.component import Component
from cdm.store.settlement import Change as Said
from cdm.store.settlement import Overtaken, Settlement, Step
from cdm.survivorship import heard
from schemas.progress import Progress, silent

if TYPE_CHECKING:
    from matching import MatchResult, Model


AT_ONCE = 2_000
"""Records whose components a job works out in one transaction."""
PATIENCE = 40
"""How often a job tries a single record's component again, which stewards keep changing."""
TRIES = 5
"""How often a component is worked out anew because somebody else changed the same records meanwhile."""


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """What becomes of a component: its state about to be written, and who is who in it."""

    state: Consolidation
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Carried:
    """A component that was written anew."""

    settlement: Settlement
    golden_ids: Mapping[int, str]
    """Where each record is now."""


Change = Callable[[Component], tuple[Said | None, Component]]
"""What is to happen to a component: what is said, and the component with what then holds."""


def as_it_is(component: Component) -> tuple[None, Component]:
    """Work a component out anew with the decisions there are."""
    return None, component


def settle_component(
    hub: Hub, entity: str, records: Sequence[int], model: Model, *, change: Change = as_it_is, action: str = "settle"
) -> Carried:
    """Work out the component of some records and write it, again where somebody else was quicker.

    Args:
        hub: the open hub.
        entity: entity type of the records.
        records: record ids.
        model: the active matching model.
        change: what is to happen.
        action: what it is called in the audit trail.

    Raises:
        Overtaken: others kept changing the same records.
        Conflict: ``change`` refused.
    """
    for attempt in range(TRIES):
        component = hub.store.component(entity, records)
        made, changed = change(component)
        try:
            found = reconsider(hub, changed, model)
            done = hub.store.settle(Step(action, made, found.state), component, hub.now())
        except Overtaken:
            if attempt == TRIES - 1:
                raise
            continue
        ids = found.assignment.golden_ids.to_pylist()
        return Carried(done, dict(zip(found.assignment.record_ids.tolist(), ids, strict=True)))
    raise AssertionError("unreachable")


def settle_all(
    hub: Hub, entity: str, records: Sequence[int], model: Model, progress: Progress = silent
) -> GoldenCounts:
    """Work out everything that hangs together with some records, many at a time, beside stewards at work.

    Where stewards are quicker, fewer records are taken at once, at last one by one.

    Args:
        hub, entity, records, model: as for :func:`settle_component`.
        progress: told about records done.

    Raises:
        Overtaken: stewards kept changing one and the same component.
    """
    counts, left, size, failed = GoldenCounts(), dict.fromkeys(records), AT_ONCE, 0
    total = len(left)
    while left:
        seeds = list(left)[:size]
        try:
            done = settle_component(hub, entity, seeds, model)
        except Overtaken:
            failed = failed + 1 if len(seeds) == 1 else 0
            if failed > PATIENCE:
                raise
            size = max(1, len(seeds) // 8)
            continue
        counts += done.settlement.counts
        size, failed = min(2 * size, AT_ONCE), 0
        for record in (*seeds, *done.golden_ids):
            left.pop(record, None)
        progress(f"merge {entity}", total - len(left), total)
    return counts


def reconsider(hub: Hub, component: Component, model: Model) -> Reconsidered:
    """Cluster, identify and merge the records of a component under its decisions and statements.

    Args:
        hub: the open hub.
        component: the records as they were read, with the decisions and statements that are to hold.
        model: the active matching model.

    Returns:
        The same golden records, ids and candidates as a run over the whole hub would make.

    Raises:
        Overtaken: a source changed its records since it was read.
    """
    made, entity = identify(hub, component, model), hub.model[component.entity]
    batch, assignment = made.batch, made.assignment
    pairs = pairs_of(batch, made.result)
    befores = [component.current, component.former]
    stated = heard(component.statements, assignment.record_ids, assignment.golden_ids, befores)
    settled = Settling(entity, Scoring.of(hub))(batch, made.findings, assignment.golden_ids, stated)
    state = outline(entity, batch, assignment, replace(pairs, links=None))
    return Reconsidered(replace(state, golden=settled.golden, scope=list(component.records)), assignment)


@dataclass(frozen=True, eq=False)
class Identified:
    """Who is who in a component."""

    batch: RecordBatch
    findings: pa.Table
    result: MatchResult
    assignment: Assignment


def identify(hub: Hub, component: Component, model: Model) -> Identified:
    """Cluster the records of a component and say which golden ids the clusters have.

    Args, raises: as for :func:`reconsider`.
    """
    entity = hub.model[component.entity]
    batch = hub.store.records.some(entity, list(component.records))
    findings = findings_of(batch)
    ids = batch.index.column("record_id").to_numpy()
    if ids.tolist() != list(component.records):
        raise Overtaken("A source changed these records at the same time.", remedy="Look at them again and repeat it.")
    result = resolve_part(
        entity,
        batch.fields,
        findings,
        decided=decided_pairs(component.decisions, ids),
        model=model,
        candidates=_rows(component.links, ids),
        settings=hub.settings,
    )
    return Identified(batch, findings, result, _assign(hub, component, ids, result))


def _rows(links: pa.Table, ids: np.ndarray) -> np.ndarray:
    """Return links as pairs of rows, shape (pairs, 2)."""
    ends = [np.searchsorted(ids, links.column(name).to_numpy()) for name in ("left_id", "right_id")]
    return np.stack(ends, axis=1).astype(np.int64)


def _assign(hub: Hub, component: Component, ids: np.ndarray, result: MatchResult) -> Assignment:
    """Assign golden ids; records outside the component stay where they are and only bear witness."""
    around = component.bystanders
    homes = around.column("golden_id").combine_chunks().dictionary_encode()
    apart = homes.indices.to_numpy(zero_copy_only=False).astype(np.int64) + len(ids)
    found = assign(
        np.concatenate([ids, around.column("record_id").to_numpy()]),
        np.concatenate([result.clusters, apart]),
        current=pa.concat_tables([component.current, around]),
        former=component.former,
        live=pc.unique(pa.concat_arrays([pa.array(list(component.golden), pa.string()), homes.dictionary])),
        mint=mint_at(hub.now()),
    )
    return replace(found, record_ids=ids, golden_ids=found.golden_ids.slice(0, len(ids)))
