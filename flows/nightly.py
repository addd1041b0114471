"""The nightly flow: read, cleanse, match, merge, score, check, publish; one task each, retried and recorded.

``python -m flows.nightly`` runs it once; ``cdm flows serve`` runs it on a schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prefect import State, flow, get_run_logger, task
from prefect.runtime import flow_run
from prefect.states import Completed

from cdm.errors import CdmError, RunHeld
from cdm.pipeline.checks import Scope, check_all
from cdm.pipeline.hub import open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.publish import publish_all
from cdm.pipeline.run import consolidate_all
from cdm.pipeline.score_lines import refresh_scores
from cdm.pipeline.summary import held_runs
from flows.alerts import alert_failed, alert_held

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from cdm.pipeline.hub import Hub

WAIT_SECONDS: list[float] = [30, 120, 600]
"""Before each further try of a task that may succeed later."""
HELD = "Held"
"""Name of the state of a flow or task that ended well and of which something is held."""


def may_succeed_later(_task: object, _run: object, state: State[Any]) -> bool:
    """Say whether a failed task is worth another try: a database that is down is, a wrong mapping is not."""
    error = state.data
    return isinstance(error, CdmError) and error.retryable


def _hub(hub_url: str | None) -> AbstractContextManager[Hub]:
    """Open the hub; its runs are told what Prefect calls this run."""
    return open_hub(hub_url, create=False, flow_run=flow_run.get_id() or None)


@task(
    retries=len(WAIT_SECONDS),
    retry_delay_seconds=WAIT_SECONDS,
    retry_condition_fn=may_succeed_later,
    task_run_name="read {source}",
)
def ingest(hub_url: str | None, source: str) -> Any:
    """Read and cleanse one source; returns what was new, in words."""
    with _hub(hub_url) as hub:
        done = ingest_source(hub, source)
        text = done.text(hub.settings.language)
    return Completed(name=HELD, message=text, data=text) if done.held else text


@task(retries=len(WAIT_SECONDS), retry_delay_seconds=WAIT_SECONDS, retry_condition_fn=may_succeed_later)
def consolidate(hub_url: str | None) -> Any:
    """Match and merge; returns the number of golden records by entity type."""
    with _hub(hub_url) as hub:
        try:
            consolidate_all(hub)
        except RunHeld as held:
            return Completed(name=HELD, message=held.message, data=_golden(hub))
        return _golden(hub)


@task(retries=len(WAIT_SECONDS), retry_delay_seconds=WAIT_SECONDS, retry_condition_fn=may_succeed_later)
def assess(hub_url: str | None, *, anew: bool) -> str:
    """Work out the quality scores, all of them or where enough changed; returns as of when they are."""
    with _hub(hub_url) as hub:
        return refresh_scores(hub, anew=anew)


@task(retries=len(WAIT_SECONDS), retry_delay_seconds=WAIT_SECONDS, retry_condition_fn=may_succeed_later)
def check(hub_url: str | None, sources: Sequence[str]) -> int:
    """Check what was read, and the golden records, against the model; returns the number of critical findings."""
    with _hub(hub_url) as hub:
        return sum(one.failed for one in check_all(hub, scope=Scope(sources=sources)))


@task(retries=len(WAIT_SECONDS), retry_delay_seconds=WAIT_SECONDS, retry_condition_fn=may_succeed_later)
def publish(hub_url: str | None) -> dict[str, str]:
    """Bring all targets up to date; returns what was done to each. One that fails does not stop the others."""
    with _hub(hub_url) as hub:
        done = publish_all(hub)
    for one in done:
        if one.error is not None:
            raise one.error
    return {one.target: one.how.value for one in done}


def _golden(hub: Hub) -> dict[str, int]:
    return {entity: live for entity, (live, _) in hub.store.golden.count().items()}


@flow(on_failure=[alert_failed], on_crashed=[alert_failed])
def nightly(hub_url: str | None = None, sources: list[str] | None = None) -> Any:
    """Bring the hub up to date with its sources.

    A source that cannot be read, or that is held, does not keep the others waiting: they are read and merged. Then the
    flow fails for the former, and ends in the state ``Held`` for the latter; somebody is told of both.

    Args:
        hub_url: the hub; the one the settings name where it is left out. Prefect shows parameters, so a URL with a
            password belongs into the settings.
        sources: the sources to read; all of them where they are left out, and then the scores are worked out whatever
            changed: once a night that costs little.

    Returns:
        The number of golden records by entity type.
    """
    logger = get_run_logger()
    with _hub(hub_url) as hub:
        names = sources or [spec.name for spec in hub.sources()]
    states = [ingest(hub_url, name, return_state=True) for name in names]
    merged = consolidate(hub_url, return_state=True)
    after: list[State[Any]] = [
        assess(hub_url, anew=sources is None, return_state=True),
        check(hub_url, names, return_state=True),
        publish(hub_url, return_state=True),
    ]
    with _hub(hub_url) as hub:
        held = [run for run in held_runs(hub) if run.flow_run == hub.flow_run]
        alert_held(hub, held)
    for state in (*states, merged, *after):
        logger.info("%s: %s", state.name, state.result())
    golden = merged.result()
    return Completed(name=HELD, message=f"{len(held)} held", data=golden) if held else golden


if __name__ == "__main__":
    nightly()
