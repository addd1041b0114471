"""The nightly run as a Prefect flow: one task per source, so that each is retried and recorded on its own.

``python -m flows.nightly`` runs it once. On a schedule::

    from flows.nightly import nightly

    nightly.serve(name="nightly", cron="0 2 * * *", parameters={"hub_url": "postgresql://hub@db/hub"})
"""

from __future__ import annotations

import os

# Before Prefect is imported: nothing is told to anybody.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

from typing import Any

from prefect import State, flow, get_run_logger, task

from cdm.errors import CdmError
from cdm.pipeline.hub import open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all

RETRIES, WAIT_SECONDS = 3, 60


def may_succeed_later(_task: object, _run: object, state: State[Any]) -> bool:
    """Say whether a failed task is worth another try: a database that is down is, a wrong mapping is not."""
    error = state.data
    return isinstance(error, CdmError) and error.retryable


@task(retries=RETRIES, retry_delay_seconds=WAIT_SECONDS, retry_condition_fn=may_succeed_later, task_run_name="{source}")
def ingest(hub_url: str | None, source: str) -> str:
    """Read one source; returns what was new, in words."""
    with open_hub(hub_url, create=False) as hub:
        return ingest_source(hub, source).text(hub.settings.language)


@task(retries=RETRIES, retry_delay_seconds=WAIT_SECONDS, retry_condition_fn=may_succeed_later)
def consolidate(hub_url: str | None) -> dict[str, int]:
    """Match and merge; returns the number of golden records by entity type."""
    with open_hub(hub_url, create=False) as hub:
        consolidate_all(hub)
        return {entity: live for entity, (live, _) in hub.store.golden.count().items()}


@flow
def nightly(hub_url: str | None = None) -> dict[str, int]:
    """Bring the hub up to date with all its sources.

    A source that cannot be read does not keep the others waiting: they are read and merged, then the flow fails.

    Args:
        hub_url: the hub; the one the settings name where it is left out.

    Returns:
        The number of golden records by entity type.
    """
    logger = get_run_logger()
    with open_hub(hub_url, create=False) as hub:
        names = [spec.name for spec in hub.sources()]
    states = [ingest(hub_url, name, return_state=True) for name in names]
    golden = consolidate(hub_url)
    for state in states:
        logger.info(state.result())
    logger.info("golden records: %s", golden)
    return golden


if __name__ == "__main__":
    nightly()
