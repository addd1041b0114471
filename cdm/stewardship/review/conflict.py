"""What happened to a case while somebody looked at it, and who did it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from cdm.errors import Conflict
from cdm.pipeline.history import history_of
from cdm.pipeline.hub import Hub
from cdm.stewardship.steps import Versions
from cdm.store.decisions import Decision


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to golden records of a case."""

    golden_id: str
    what: str
    """``merged``, ``updated``, ``split`` … as in the change feed; ``same``, ``different`` of a decision alone."""
    who: str
    at: str
    why: str
    decision_id: int | None
    now: Sequence[str] = ()
    """The golden records its source records are in now."""


class CaseChanged(Conflict):
    """Somebody else changed the case since it was read; nothing was written, nothing is lost."""

    code = "case_changed"

    def __init__(self, case_id: int, happenings: Sequence[Happening]) -> None:
        who = ", ".join(dict.fromkeys(one.who for one in happenings if one.who))
        super().__init__(
            f"Case {case_id} has changed since you saw it{f': {who} was quicker' if who else ''}.",
            remedy="Look at it as it is now, and decide again.",
            case=case_id,
            happenings=[asdict(one) for one in happenings],
        )
        self.case_id, self.happenings = case_id, happenings


def happened(hub: Hub, expected: Versions, last_decision: int) -> list[Happening]:
    """Return what happened to golden records since a steward saw them, the oldest first.

    Args:
        hub: the open hub.
        expected: golden id → the version that was seen.
        last_decision: number of the newest decision about any of them when they were seen.
    """
    found = [one for golden_id, version in expected.items() for one in _since(hub, golden_id, version)]
    told = {one.decision_id for one in found}
    records = [record.id for one in expected for record in hub.store.records.of_golden(one)]
    for one in hub.store.decisions.of_records(records):
        if one.id > last_decision and one.id not in told:
            found.append(_decided(one, sorted(expected)[0]))
    return sorted(found, key=lambda one: one.at)


def newest_decision(hub: Hub, records: Sequence[int]) -> int:
    """Return the number of the newest decision about any of some records, withdrawn or not; 0 where there is none."""
    return max((one.id for one in hub.store.decisions.of_records(records)), default=0)


def _since(hub: Hub, golden_id: str, version: int) -> Iterator[Happening]:
    now = hub.store.crosswalk.resolve(golden_id)
    for one in history_of(hub, golden_id).versions:
        if one.version > version:
            yield Happening(golden_id, one.what, one.who, one.at, one.why, one.decision_id, now)


def _decided(one: Decision, golden_id: str) -> Happening:
    return Happening(golden_id, one.kind.value, one.made_by, one.made_at, one.reason, one.id)
