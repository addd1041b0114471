"""A steward's word on a case: the same, not the same, later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cdm.errors import Conflict, NotFound
from cdm.pipeline.hub import Hub
from cdm.stewardship.review.case import Case, case_of
from cdm.stewardship.review.conflict import CaseChanged, happened
from cdm.stewardship.steps import By, Versions, merge, separate
from cdm.store.deferrals import NewDeferral


class Choice(StrEnum):
    """What a steward may say of a case."""

    SAME = "same"
    DIFFERENT = "different"
    LATER = "later"


class RulingRefused(Conflict):
    """What is said of a case makes no sense."""

    code, status, exit_code = "ruling_refused", 422, 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a steward says of a case."""

    case_id: int
    choice: Choice
    golden_ids: Sequence[str]
    """The golden records it is about; others of the case stay undecided."""
    expected: Versions
    """Golden id → version of what the steward saw, all that were shown."""
    seen: int = 0
    """Number of the newest decision about the case when it was shown."""
    until: datetime | None = None
    """Until when it is put off."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a word led to."""

    number: int
    """By which it is taken back."""
    choice: Choice
    golden_ids: Sequence[str]
    """Where the records are now."""
    left: bool
    """Whether something of the case is left to decide."""


def rule(hub: Hub, ruling: Ruling, by: By) -> Ruled:
    """Carry out what a steward says of a case.

    Args:
        hub: the open hub.
        ruling: what is said.
        by: the steward, and why.

    Raises:
        RulingRefused: fewer than two golden records are named, or the time to put it off to is over.
        CaseChanged: somebody else was quicker; says what happened.
        Conflict: earlier decisions say otherwise.
    """
    _sensible(hub, ruling)
    case = _as_seen(hub, ruling)
    try:
        number, ids = _carry_out(hub, ruling, case, by)
    except Conflict as conflict:
        if conflict.code in ("conflict", "overtaken") and (found := happened(hub, ruling.expected, ruling.seen)):
            raise CaseChanged(ruling.case_id, found) from conflict
        raise
    left = ruling.choice is not Choice.LATER and hub.store.review.find(ruling.case_id, hub.now()) is not None
    return Ruled(number, ruling.choice, ids, left)


def _sensible(hub: Hub, ruling: Ruling) -> None:
    if ruling.choice is Choice.LATER:
        if ruling.until is None or ruling.until <= hub.now():
            raise RulingRefused("The case is put off to no time to come.", remedy="Name a later day.")
    elif len(set(ruling.golden_ids)) < 2:
        raise RulingRefused("A decision is about two golden records or more.", remedy="Take another one in.")


def _as_seen(hub: Hub, ruling: Ruling) -> Case:
    """Return the case; raises ``CaseChanged`` where it is not as it was seen."""
    found = happened(hub, ruling.expected, ruling.seen)
    if found:
        raise CaseChanged(ruling.case_id, found)
    try:
        case = case_of(hub, ruling.case_id)
    except NotFound as gone:
        raise CaseChanged(ruling.case_id, []) from gone
    if not set(ruling.golden_ids) <= set(case.queued.golden):
        raise CaseChanged(ruling.case_id, [])
    return case


def _carry_out(hub: Hub, ruling: Ruling, case: Case, by: By) -> tuple[int, Sequence[str]]:
    if ruling.choice is Choice.LATER:
        assert ruling.until is not None
        new = NewDeferral(case.queued.id, case.queued.golden, ruling.until, by.name, by.reason)
        return hub.store.deferrals.put_off(new, hub.now()).id, case.queued.golden
    step = merge if ruling.choice is Choice.SAME else separate
    versions = {one: ruling.expected[one] for one in ruling.golden_ids if one in ruling.expected}
    done = step(hub, ruling.golden_ids, by, expected=versions, evidence=evidence_of(case, ruling.golden_ids))
    return done.decision.id, done.golden_ids


def evidence_of(case: Case, golden_ids: Sequence[str]) -> Mapping[str, Any]:
    """Return what the steward saw of the pairs a decision is about, as it is kept with the decision."""
    about = set(golden_ids)
    pairs = [one for one in case.pairs if {one.one, one.other} <= about and one.explanation]
    return {
        "case": case.queued.id,
        "pairs": [{"records": list(one.record_ids), "explanation": dict(one.explanation)} for one in pairs],
    }
