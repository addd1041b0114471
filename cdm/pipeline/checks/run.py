"""One check: read, compare with what is expected and usual, keep the findings and write the pages about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from cdm.pipeline.checks.batches import Subject, golden_subjects, source_subjects
from cdm.pipeline.hub import Hub
from cdm.pipeline.memory import rare_collection
from cdm.store.checks import Checked
from cdm.store.clock import stamp
from quality.expectations import Bounds, run_checkpoint
from schemas.progress import Progress, silent

CHECK = "check"
"""Kind of the runs that do nothing but check."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is checked: some sources or all (``None``), and golden records or not."""

    sources: Sequence[str] | None = None
    golden: bool = True


@rare_collection()
def check_all(
    hub: Hub,
    run_id: int | None = None,
    *,
    scope: Scope | None = None,
    bounds: Bounds | None = None,
    progress: Progress = silent,
) -> list[Checked]:
    """Check what the hub holds, keep what was found and write Data Docs (:func:`docs_folder`).

    Args:
        hub: the open hub.
        run_id: the run the check belongs to, whose caller holds the right to write; a run of its own where ``None``.
        scope: what is checked; everything where ``None``.
        bounds: how much may be wrong.
        progress: told about stages.

    Returns:
        One entry per source and entity type, then one per entity type of golden records.

    Raises:
        NotFound: there is no source of a name in ``scope``.
        StoreError: the hub cannot be read or written.
    """
    scope = scope or Scope()
    if run_id is not None:
        return _check(hub, run_id, scope, bounds or Bounds(), progress)
    with hub.store.writer():
        run = hub.store.runs.begin(CHECK, hub.now(), flow_run=hub.flow_run)
        try:
            found = _check(hub, run.id, scope, bounds or Bounds(), progress)
        except Exception as error:
            # Recorded with the run, then told to the caller as it is.
            hub.store.runs.finish(run.id, hub.now(), {"error": str(error)}, failed=True)
            raise
        hub.store.runs.finish(run.id, hub.now(), _stats(found))
    return found


def docs_folder(hub: Hub) -> Path:
    """Return the folder of the Data Docs: beside the hub database, or in the home directory of one on a server."""
    url = make_url(hub.settings.url)
    beside = url.get_backend_name() == "sqlite" and url.database
    return (Path(beside).parent if beside else hub.settings.home) / "data-docs"


def _check(hub: Hub, run_id: int, scope: Scope, bounds: Bounds, progress: Progress) -> list[Checked]:
    progress("check", 0, None)
    subjects = [*source_subjects(hub, scope.sources), *(golden_subjects(hub) if scope.golden else ())]
    found = _checked(hub, subjects, run_id, bounds)
    hub.store.checks.write(found)
    return found


def _checked(hub: Hub, subjects: Sequence[Subject], run_id: int, bounds: Bounds) -> list[Checked]:
    now = hub.now()
    outcomes = run_checkpoint(
        [one.batch for one in subjects],
        now=now,
        run_name=f"run {run_id}",
        bounds=bounds,
        usual={one.batch.name: one.usual for one in subjects},
        docs=docs_folder(hub),
    )
    return [
        Checked(run_id, stamp(now), one.source, one.batch.entity.name, outcome.rows, outcome.results)
        for one, outcome in zip(subjects, outcomes, strict=True)
    ]


def _stats(found: Sequence[Checked]) -> dict[str, int]:
    return {
        "checks": len(found),
        "expectations": sum(len(one.results) for one in found),
        "failed": sum(one.failed for one in found),
        "warned": sum(one.warned for one in found),
    }
