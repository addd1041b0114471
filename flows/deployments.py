"""When the flow runs: all sources every night, and each source that has a schedule of its own whenever that says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval
from prefect.types.entrypoint import EntrypointType

from cdm.pipeline.hub import Hub
from cdm.pipeline.schedule import parse_schedule
from flows.nightly import nightly

if TYPE_CHECKING:
    from prefect.schedules import Schedule

NIGHTLY = "nightly"


@dataclass(frozen=True, slots=True)
class Planned:
    """What runs when: ``sources`` are read, or all of them where it is ``None``."""

    name: str
    schedule: str
    sources: list[str] | None = None


def planned(hub: Hub) -> list[Planned]:
    """Return what is to run when."""
    own = [Planned(f"source {one.name}", one.schedule, [one.name]) for one in hub.sources() if one.schedule]
    return [Planned(NIGHTLY, hub.settings.nightly), *own]


def deployments(wanted: Iterable[Planned], zone: str) -> list[RunnerDeployment]:
    """Return what Prefect is to serve; raises ``ScheduleRefused`` where a schedule cannot be understood."""
    return [
        RunnerDeployment.from_flow(
            nightly,
            one.name,
            schedule=schedule_of(one.schedule, zone),
            parameters={"sources": one.sources},
            concurrency_limit=1,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for one in wanted
    ]


def schedule_of(text: str, zone: str) -> Schedule:
    """Return a schedule as Prefect takes it."""
    found = parse_schedule(text)
    if found.cron is not None:
        return Cron(found.cron, timezone=zone)
    assert found.every is not None
    return Interval(found.every, timezone=zone)
