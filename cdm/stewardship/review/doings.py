"""What a steward did last in the review, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from cdm.errors import NotFound
from cdm.pipeline.hub import Hub
from cdm.stewardship.review.ruling import Choice
from cdm.stewardship.steps import By, undo
from cdm.store.decisions import Decision
from cdm.store.deferrals import Deferral


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing a steward did: a decision, or putting a case off."""

    number: int
    choice: str
    """``same``, ``different``, ``split`` or ``later``."""
    case_id: int
    """A source record it is about: it leads to the case, where there is one again."""
    at: str
    reason: str
    until: str = ""
    taken_back: bool = False


def doings_of(hub: Hub, name: str, limit: int = 20) -> list[Doing]:
    """Return what a steward did last, the newest first; what was taken back is marked.

    Args:
        hub: the open hub.
        name: the steward.
        limit: how many at most.
    """
    decided = [_of_decision(one) for one in hub.store.decisions.page(limit=limit, by=name)]
    put_off = [_of_deferral(one) for one in hub.store.deferrals.page(limit=limit, by=name)]
    return sorted([*decided, *put_off], key=lambda one: -one.number)[:limit]


def last_doing(hub: Hub, name: str) -> Doing:
    """Return what a steward did last and did not take back; raises ``NotFound``."""
    found = next((one for one in doings_of(hub, name) if not one.taken_back), None)
    if found is None:
        raise NotFound("There is nothing to take back.", remedy="Only your own last decisions are taken back here.")
    return found


def take_back_doing(hub: Hub, number: int, by: By) -> Doing:
    """Take back a decision or the putting off of a case, as if it had not been.

    Raises:
        NotFound: there is no such number.
        Conflict: it was taken back before.
    """
    put_off = hub.store.deferrals.get(number)
    if put_off is not None:
        return _of_deferral(hub.store.deferrals.take_back(number, by.name, hub.now()))
    known = hub.store.decisions.get(number)
    undo(hub, number, by)
    return _of_decision(known)


def _of_decision(one: Decision) -> Doing:
    first = min(record for part in one.parts for record in part)
    return Doing(one.id, one.kind.value, first, one.made_at, one.reason, taken_back=not one.binding)


def _of_deferral(one: Deferral) -> Doing:
    gone = one.withdrawn_at is not None
    return Doing(one.id, Choice.LATER.value, one.case_id, one.made_at, one.reason, one.until, gone)
