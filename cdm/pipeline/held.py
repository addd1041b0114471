"""What a steward does about a run that is held: let it through, or refuse it."""

from __future__ import annotations

from dataclasses import dataclass

from cdm.errors import Conflict
from cdm.pipeline.gates import breaches_of
from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import IngestCounts, release_reading
from cdm.pipeline.run import consolidate_all
from cdm.store.audit import Act
from cdm.store.runs import HELD, REJECTED, RELEASED, Run
from schemas.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Released:
    """What became of a run that was let through."""

    run: Run
    """As it was held."""
    reading: IngestCounts | None
    """What went live, where it was the reading of a source; it is merged by the consolidation that follows."""


def release_run(hub: Hub, run_id: int, by: str, reason: str = "", progress: Progress = silent) -> Released:
    """Let a run through that is held, and merge what it brought.

    What a source said goes live as it was read. A consolidation is done again with as much movement as it was held for:
    where sources have changed since so that still more would move, it is held again.

    Args:
        hub: the open hub.
        run_id: the run.
        by: who lets it through.
        reason: why.
        progress: told about stages.

    Raises:
        NotFound: there is no such run.
        Conflict: it is not held, or not any more.
        RunHeld: more golden records would move than may, or than it was held for.
        StoreLocked: another job is writing.
    """
    run = _held(hub, run_id)
    act = Act(by, "run released", f"run {run_id}", {"reason": reason})
    if run.source is not None:
        with hub.store.writer():
            reading = release_reading(hub, run, act, progress)
        consolidate_all(hub, progress)
        return Released(run, reading)
    allowed = {one.subject: one.figure for one in breaches_of(run.stats)}
    hub.store.runs.decide(run_id, RELEASED, act, hub.now())
    consolidate_all(hub, progress, relearn=bool(run.stats.get("relearn")), allowed=allowed)
    return Released(run, None)


def reject_run(hub: Hub, run_id: int, by: str, reason: str = "") -> Run:
    """Refuse a run that is held: what it read is forgotten, and the next one is judged anew.

    Args, raises: as :func:`release_run`.

    Returns:
        The run as it was held.
    """
    run = _held(hub, run_id)
    with hub.store.writer():
        hub.store.runs.decide(run_id, REJECTED, Act(by, "run rejected", f"run {run_id}", {"reason": reason}), hub.now())
        hub.store.staging.drop(run_id)
    return run


def _held(hub: Hub, run_id: int) -> Run:
    run = hub.store.runs.get(run_id)
    if run.status != HELD:
        raise Conflict(
            f"Run {run_id} is not held; its status is '{run.status}'.",
            remedy="List the runs with 'cdm runs'; only those that are held can be released or rejected.",
            run=run_id,
        )
    return run
