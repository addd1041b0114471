"""Keeps what Prefect serves in step with the schedules of the hub: also with one that is changed meanwhile."""

from __future__ import annotations

import logging
from asyncio import sleep, to_thread
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from httpx import HTTPError
from prefect import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName

from cdm.errors import CdmError
from cdm.pipeline.hub import open_hub
from flows.deployments import Planned, deployments, planned
from flows.nightly import nightly

if TYPE_CHECKING:
    from prefect.runner import Runner

    from cdm.settings import Settings

LOOK = 15.0
"""Seconds between two looks at the schedules of the hub."""
_LOG = logging.getLogger(__name__)

Tell = Callable[[Sequence[Planned]], None]
"""Is told everything that is planned from now on."""


class Schedules:
    """What a runner serves.

    Args:
        runner: Prefect's, started or not.
        settings: where the hub is.
        tell: is told of the schedules at first, and whenever one changed.
    """

    def __init__(self, runner: Runner, settings: Settings, tell: Tell) -> None:
        self._runner, self._settings, self._tell = runner, settings, tell
        self._served: list[Planned] = []

    async def follow(self) -> None:
        """Look for changes until cancelled; a hub or server that cannot be asked just now is asked again later."""
        while True:
            await sleep(LOOK)
            try:
                await self.reconcile()
            except (CdmError, HTTPError) as error:
                _LOG.warning("The schedules cannot be looked at just now: %s", error)

    async def reconcile(self) -> None:
        """Serve what is new or changed; forget what is planned no more, also since before this program began.

        Raises:
            CdmError: the hub cannot be read, or a schedule of it cannot be understood.
            HTTPError: Prefect's server does not answer.
        """
        wanted = await to_thread(self._planned)
        if wanted == self._served:
            return
        changed = [one for one in wanted if one not in self._served]
        for deployment in deployments(changed, self._settings.timezone):
            await self._runner.aadd_deployment(deployment)
        await _forget_others({one.name for one in wanted})
        self._served = wanted
        self._tell(wanted)

    def _planned(self) -> list[Planned]:
        with open_hub(self._settings.url, create=False) as hub:
            return planned(hub)


async def _forget_others(names: set[str]) -> None:
    """Delete deployments of the flow that are planned no more, with the runs they were scheduled for."""
    async with get_client() as client:
        flow = FlowFilter(name=FlowFilterName(any_=[nightly.name]))
        for one in await client.read_deployments(flow_filter=flow):
            if one.name not in names:
                await client.delete_deployment(one.id)
