"""Everything: ingest every source, match and merge every party type, sum up."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from cdm.pipeline.active_model import OUTGROWN, model_in_force
from cdm.pipeline.consolidate import Consolidated, Whole, match_whole
from cdm.pipeline.gates import held, judge_churn, too_much
from cdm.pipeline.hub import Hub
from cdm.pipeline.increment import Increment, Part, match_part
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.memory import rare_collection
from cdm.pipeline.source_merges import follow_merges
from cdm.pipeline.sources import SourceRefused
from cdm.pipeline.statements import expire
from cdm.pipeline.summary import summarize_run
from cdm.pipeline.watched import Watched
from cdm.report.figures import RunSummary
from cdm.store.pending import Waiting
from schemas.progress import Progress, silent
from schemas.types import EntityKind

if TYPE_CHECKING:
    from matching import Model

SHARE = 0.2
"""From this share of records that changed on, it is less work to match all of them at once."""


@rare_collection()
def run_all(hub: Hub, progress: Progress = silent, *, full: bool = False, relearn: bool = False) -> RunSummary:
    """Bring the hub up to date with all its sources.

    Args:
        hub: the open hub.
        progress: told about stages.
        full: read everything again, not only what changed.
        relearn: learn the matching models anew instead of applying the active ones.

    Raises:
        SourceRefused: no source is registered.
        SourceError: a source cannot be read; sources read before it are stored.
        StoreError: the database refused; the next run goes on where this one stopped.
    """
    specs = hub.sources()
    if not specs:
        raise SourceRefused("The hub has no source yet.", remedy="Register one: cdm source add NAME LOCATION.")
    seconds: dict[str, float] = {}
    with _timed(seconds, "ingest"):
        ingested = [ingest_source(hub, spec.name, progress, full=full) for spec in specs]
    with _timed(seconds, "match and merge"):
        consolidated = consolidate_all(hub, progress, relearn=relearn)
    with _timed(seconds, "summarize"):
        return summarize_run(hub, ingested, consolidated, seconds)


Plans = list[Whole | Part]
"""What is to be done with the records of each party type."""


@rare_collection()
def consolidate_all(
    hub: Hub,
    progress: Progress = silent,
    *,
    relearn: bool = False,
    allowed: Mapping[str, float] = MappingProxyType({}),
) -> list[Consolidated | Increment]:
    """Match and merge what changed, or all records where that is less work or nothing can be relied on; ids stay.

    Args:
        hub: the open hub.
        progress: told about stages.
        relearn: learn the matching models anew instead of applying the active ones.
        allowed: entity type → share of golden records that may move although it is more than the limit.

    Raises:
        RunHeld: more golden records would move than may without being asked about; nothing was written.
    """
    with hub.store.writer():
        expire(hub)  # before the run, which leaves alone what changes after it began
        follow_merges(hub)
        run = hub.store.runs.begin("consolidate", hub.now(), flow_run=hub.flow_run)
        last = hub.store.pending.last()
        progress = Watched(hub, run.id, progress)
        try:
            plans = _match(hub, progress, relearn=relearn, allowed=allowed)
            breaches = judge_churn([plan.movement for plan in plans if isinstance(plan, Whole)], hub.settings, allowed)
            done = [] if breaches else _carry_out(hub, plans, run.id, progress)
        except Exception as error:
            # Recorded with the run, then told to the caller as it is.
            hub.store.runs.finish(run.id, hub.now(), {"error": str(error)}, failed=True)
            raise
        if breaches:
            stats = {"held": [one.as_json() for one in breaches], "relearn": relearn}
            hub.store.runs.hold(run.id, hub.now(), stats)
        else:
            hub.store.pending.clear(last)
            hub.store.runs.finish(run.id, hub.now(), {one.entity: one.stats() for one in done})
        hub.store.runs.replace_held(run.id)
    if breaches:
        raise held(run.id, breaches, hub.settings.language)
    return done


def _match(hub: Hub, progress: Progress, *, relearn: bool, allowed: Mapping[str, float]) -> Plans:
    """Match every party type, whole or in part; no golden record changes."""
    parties = hub.model.of_kind(EntityKind.PARTY)
    models = {one.name: None if relearn else model_in_force(hub, one.name) for one in parties}
    outgrown = hub.store.crosswalk.count() >= OUTGROWN * sum(model.rows for model in models.values() if model)
    plans: Plans = []
    for entity in parties:
        model, waiting = models[entity.name], hub.store.pending.of(entity.name)
        part = None
        if model is not None and not outgrown and _few(waiting, model):
            part = match_part(hub, entity, waiting, model, progress)
        if part is not None and _moves_too_much(hub, part, allowed):
            part = None  # matched whole it is told exactly how many golden records would move
        plans.append(part or match_whole(hub, entity, progress, relearn=relearn))
    return plans


def _moves_too_much(hub: Hub, part: Part, allowed: Mapping[str, float]) -> bool:
    """Tell whether changed records move too many golden records; what they move is worked out only where they could."""
    return all(too_much(one(hub), hub.settings, allowed) for one in (part.at_most, part.movement))


def _carry_out(hub: Hub, plans: Plans, run_id: int, progress: Progress) -> list[Consolidated | Increment]:
    """Write the plans one after the other; each is forgotten then, so that its columns do not outlive it."""
    done: list[Consolidated | Increment] = []
    while plans:
        plan = plans.pop(0)
        done.append(plan.carry_out(hub, run_id, progress) if isinstance(plan, Whole) else plan.carry_out(hub, progress))
    return done


def _few(waiting: Waiting, model: Model) -> bool:
    """Tell whether it is right and less work to take in what changed than to match everything anew.

    In a small table every pair is examined, which no blocking key can stand for.
    """
    return waiting.count == 0 or (waiting.count <= SHARE * model.rows and not model.plan.exhaustive)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - begin
