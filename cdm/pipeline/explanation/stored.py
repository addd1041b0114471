"""Explanations as they were when a steward decided, or when the pair was put to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdm.pipeline.explanation.views import pair_view
from schemas.model import Label

if TYPE_CHECKING:
    from cdm.pipeline.hub import Hub
    from cdm.pipeline.subject import Subject
    from cdm.report.explanation import ExplainedPair

CANDIDATE = Label("列入待审核时", "when it was put up for review")


def stored_explanation(
    hub: Hub, subject: Subject, left: tuple[int, int], right: tuple[int, int]
) -> ExplainedPair | None:
    """Return the explanation that is stored with a decision about two records, else with their candidate pair.

    Args:
        hub: the open hub.
        subject: knows the records' names.
        left, right: record id and row of each.
    """
    from matching import Explanation

    found = _of_decision(hub, left[0], right[0]) or _of_candidate(hub, left[0], right[0])
    if found is None:
        return None
    raw, when = found
    part, _ = subject.places([left[1], right[1]])
    entity = subject.model[part.records.entity]
    first, second = sorted((left, right))
    said = Explanation.from_dict(raw)
    return pair_view(entity, said, subject.names[first[1]], subject.names[second[1]], when)


def _of_decision(hub: Hub, left: int, right: int) -> tuple[dict[str, Any], Label] | None:
    """Return what the steward saw who decided about both records last, where it was kept."""
    for one in reversed(hub.store.decisions.of_records([left, right])):
        pairs = (one.evidence or {}).get("pairs", ())
        said = next((pair["explanation"] for pair in pairs if set(pair["records"]) == {left, right}), None)
        if said is not None:
            day = one.made_at[:10]
            return dict(said), Label(f"{day} 判定时", f"when it was decided on {day}")
    return None


def _of_candidate(hub: Hub, left: int, right: int) -> tuple[dict[str, Any], Label] | None:
    """Return the explanation the candidate pair carries."""
    one = hub.store.candidates.between(left, right)
    if one is None or not one.explanation:
        return None
    return {"model": one.model or "", **one.explanation}, CANDIDATE
