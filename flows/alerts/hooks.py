"""When alerts are sent: at the end of a flow that failed, crashed or left something held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cdm.errors import CdmError
from cdm.pipeline.gates import breaches_of, told
from cdm.pipeline.hub import Hub, settings_of, utc_now
from flows.alerts.message import Alert, Event
from flows.alerts.send import send

if TYPE_CHECKING:
    from prefect import Flow, State
    from prefect.client.schemas.objects import FlowRun

    from cdm.store import Run


def alert_failed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell that a flow failed or crashed; a hook of Prefect."""
    settings, now = settings_of(flow_run.parameters.get("hub_url")), utc_now()
    hub = masked(settings.url)
    send(Alert(Event.FAILED, now.isoformat(), hub, flow_run.name, error=_code(state)), settings, now)


def alert_held(hub: Hub, held: Sequence[Run]) -> None:
    """Tell which runs are held, and why; nothing where none is."""
    from prefect.runtime import flow_run

    if not held:
        return
    language, now = hub.settings.language, hub.now()
    lines = [f"{run.id} {run.source or run.kind}: {told(breaches_of(run.stats), language)}" for run in held]
    name = flow_run.get_name() or ""
    send(Alert(Event.HELD, now.isoformat(), hub.store.place, name, lines), hub.settings, now)


def masked(url: str) -> str:
    """Return the address of a hub without its password."""
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)


def _code(state: State[Any]) -> str:
    """Return the code of the error a flow ended with; its message may name values and is not told."""
    error = getattr(state.data, "result", state.data)  # Prefect wraps what a flow ended with
    if isinstance(error, CdmError):
        return error.code
    return type(error).__name__ if isinstance(error, BaseException) else str(state.type.value).lower()
