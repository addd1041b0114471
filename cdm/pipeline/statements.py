"""Statements that end: taken back by a steward, or over by themselves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from cdm.errors import Conflict
from cdm.pipeline.active_model import active_model
from cdm.pipeline.hub import Hub
from cdm.pipeline.reconsider import settle_component
from cdm.store.component import Component
from cdm.store.said import Withdrawal
from cdm.store.statements import Statement

EXPIRY = "cdm"
"""Who takes back a statement whose time is over."""


def expire(hub: Hub) -> int:
    """Take back the statements whose time is over; returns how many were taken back.

    One that somebody else is just taking back, or whose customer is being changed all the time, is left to the next
    call.
    """
    done = 0
    for one in hub.store.statements.due(hub.now()):
        with suppress(Conflict):
            take_back(hub, one, EXPIRY, f"until {one.until}", action="expire")
            done += 1
    return done


def take_back(
    hub: Hub, known: Statement, by: str, reason: str, *, action: str = "undo"
) -> tuple[Statement, list[str], int]:
    """Withdraw a statement and let the sources be heard again.

    Returns:
        The statement as it is now, the golden ids that had heard it, and the run that did it.

    Raises:
        Conflict: it was withdrawn before.
    """
    known.must_bind()
    model = active_model(hub, known.entity)
    if model is None:
        raise Conflict(f"No records of '{known.entity}' were matched yet.", remedy="Run 'cdm run' first.")
    golden_ids = hub.store.crosswalk.resolve(known.golden_id)
    records = [record.id for one in golden_ids for record in hub.store.records.of_golden(one)]

    def change(component: Component) -> tuple[Withdrawal, Component]:
        left = [one for one in component.statements if one.id != known.id]
        return Withdrawal(known.id, by, reason), replace(component, statements=left)

    done = settle_component(hub, known.entity, records, model, change=change, action=action)
    said = done.settlement.decision
    assert isinstance(said, Statement)
    return said, golden_ids, done.settlement.run_id
