"""Everything: ingest every source, match and merge every party type, sum up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from cdm.pipeline.consolidate import Consolidated, consolidate_entity
from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.memory import rare_collection
from cdm.pipeline.sources import SourceRefused
from cdm.pipeline.summary import summarize_run
from cdm.report.figures import RunSummary
from schemas.progress import Progress, silent
from schemas.types import EntityKind


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


@rare_collection()
def consolidate_all(hub: Hub, progress: Progress = silent, *, relearn: bool = False) -> list[Consolidated]:
    """Match and merge the records of every party type anew; golden ids stay."""
    with hub.store.writer():
        run = hub.store.runs.begin("consolidate", hub.now())
        try:
            done = [
                consolidate_entity(hub, one, run.id, progress, relearn=relearn)
                for one in hub.model.of_kind(EntityKind.PARTY)
            ]
        except Exception as error:
            # Recorded with the run, then told to the caller as it is.
            hub.store.runs.finish(run.id, hub.now(), {"error": str(error)}, failed=True)
            raise
        hub.store.runs.finish(run.id, hub.now(), {one.entity: _stats(one) for one in done})
    return done


def _stats(one: Consolidated) -> dict[str, object]:
    return {
        "records": one.records,
        "golden": one.golden,
        "review": one.review,
        "model": one.model,
        "learned": one.learned,
        "changed": asdict(one.counts),
        "churn": asdict(one.churn),
        "matching": one.report.to_dict(),
    }


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - begin
