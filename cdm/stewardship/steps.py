"""The steps of a steward: merge, separate, split, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cdm.errors import Conflict, NotFound
from cdm.pipeline.active_model import active_model
from cdm.pipeline.hub import Hub
from cdm.pipeline.reconsider import Change, settle_component
from cdm.pipeline.statements import take_back
from cdm.store.component import Component
from cdm.store.contradiction import contradicted
from cdm.store.decisions import Decision, NewDecision, Verdict
from cdm.store.said import Withdrawal
from cdm.store.statements import Statement

PENDING = 0
"""Number of a decision that is not stored yet."""

Versions = Mapping[str, int]
"""Golden id → version the steward saw."""
Evidence = Mapping[str, Any] | None
"""What the steward saw, as it is kept with the decision."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step led to."""

    decision: Decision | Statement
    golden_ids: Sequence[str]
    """Where the records of the decision are now."""
    run_id: int


@dataclass(frozen=True, slots=True)
class By:
    """Who takes a step, and why."""

    name: str
    reason: str = ""


def merge(
    hub: Hub, golden_ids: Sequence[str], by: By, *, expected: Versions | None = None, evidence: Evidence = None
) -> Outcome:
    """Say that golden records are one customer, and merge them.

    Args:
        hub: the open hub.
        golden_ids: two or more; the one that holds most records keeps its id.
        by: the steward.
        expected: the versions the steward saw; the step is refused where any has changed.
        evidence: what the steward saw of the pairs: ``pairs``, each with ``records`` (two ids) and ``explanation``.

    Raises:
        NotFound: an id does not exist.
        Conflict: fewer than two are left, they changed since the steward saw them, or decisions say otherwise.
    """
    members = members_of(hub, golden_ids, expected)
    if len(members) < 2:
        raise Conflict(
            "One golden record alone cannot be merged.", remedy="Name two or more golden records that differ."
        )
    parts = [sorted(record for one in members.values() for record in one)]
    new = NewDecision("", Verdict.SAME, parts, by.name, by.reason, evidence)
    return _decide(hub, golden_ids, new, "merge", expected)


def separate(
    hub: Hub, golden_ids: Sequence[str], by: By, *, expected: Versions | None = None, evidence: Evidence = None
) -> Outcome:
    """Say that golden records are different customers, so that no run merges them and nobody is asked again.

    Args, raises: as :func:`merge`.
    """
    members = members_of(hub, golden_ids, expected)
    if len(members) < 2:
        raise Conflict("Two golden records are needed to differ.", remedy="Name two or more golden records.")
    parts = [list(one) for one in members.values()]
    new = NewDecision("", Verdict.DIFFERENT, parts, by.name, by.reason, evidence)
    return _decide(hub, golden_ids, new, "separate", expected)


def split(
    hub: Hub, golden_id: str, parts: Sequence[Sequence[int]], by: By, *, expected: Versions | None = None
) -> Outcome:
    """Take a golden record apart; records named in no part stay together as a part of their own.

    Args:
        hub: the open hub.
        golden_id: the golden record.
        parts: record ids; each part becomes a golden record.
        by, expected: as for :func:`merge`.

    Raises:
        NotFound: the id does not exist, or a record is not one of its members.
        Conflict: nothing would be left, it changed since the steward saw it, or decisions say otherwise.
    """
    members = set(members_of(hub, [golden_id], expected)[golden_id])
    named = [record for part in parts for record in part]
    strangers = sorted(set(named) - members)
    if strangers:
        raise NotFound(
            f"The golden record {golden_id} has no source record {strangers[0]}.",
            remedy=f"Show its source records with 'cdm golden show {golden_id}'.",
            golden_id=golden_id,
        )
    rest = sorted(members - set(named))
    whole = [list(part) for part in parts if part] + ([rest] if rest else [])
    if len(whole) < 2 or len(named) != len(set(named)):
        raise Conflict(
            "A golden record is split into two parts or more, and a source record stands in one of them.",
            remedy="Name some of its source records, but not all of them.",
            golden_id=golden_id,
        )
    return _decide(hub, [golden_id], NewDecision("", Verdict.SPLIT, whole, by.name, by.reason), "split", expected)


def undo(hub: Hub, decision_id: int, by: By) -> Outcome:
    """Withdraw a decision or a statement, as if it had not been.

    What a decision joined falls apart, what it kept apart may join again; values that were stated give way to the
    sources' own.

    Raises:
        NotFound: there is no such decision.
        Conflict: it was withdrawn before.
    """
    stated = hub.store.statements.get(decision_id)
    if stated is not None:
        return Outcome(*take_back(hub, stated, by.name, by.reason))
    known = hub.store.decisions.get(decision_id)
    records = [record for part in known.parts for record in part]

    def change(component: Component) -> tuple[Withdrawal, Component]:
        left = [one for one in component.decisions if one.id != known.id]
        return Withdrawal(known.id, by.name, by.reason), replace(component, decisions=left)

    known.must_bind()
    return _carry_out(hub, known.entity, records, change, "undo")


def _decide(hub: Hub, golden_ids: Sequence[str], draft: NewDecision, action: str, expected: Versions | None) -> Outcome:
    entities = {one.entity for one in hub.store.golden.heads(golden_ids).values()}
    if len(entities) > 1:
        raise Conflict(
            f"Golden records of different types ({', '.join(sorted(entities))}) cannot be decided on together.",
            remedy="Choose golden records of one type.",
        )
    new = NewDecision(entities.pop(), draft.kind, draft.parts, draft.by, draft.reason, draft.evidence)

    def change(component: Component) -> tuple[NewDecision, Component]:
        still(component, golden_ids, expected)
        _allowed(new, component.decisions)
        return new, replace(component, decisions=[*component.decisions, pending(new)])

    return _carry_out(hub, new.entity, [record for part in new.parts for record in part], change, action)


def _carry_out(hub: Hub, entity: str, records: Sequence[int], change: Change, action: str) -> Outcome:
    model = active_model(hub, entity)
    if model is None:
        raise Conflict(f"No records of '{entity}' were matched yet.", remedy="Run 'cdm run' first.", entity=entity)
    done = settle_component(hub, entity, records, model, change=change, action=action)
    decision = done.settlement.decision
    assert isinstance(decision, Decision)
    ids = [done.golden_ids[one] for part in decision.parts for one in part if one in done.golden_ids]
    return Outcome(decision, list(dict.fromkeys(ids)), done.settlement.run_id)


def members_of(hub: Hub, golden_ids: Sequence[str], expected: Versions | None) -> dict[str, list[int]]:
    """Return the source records of live golden records; refuse ids that are retired, saying what became of them."""
    found: dict[str, list[int]] = {}
    heads = hub.store.golden.heads(golden_ids)
    for one in golden_ids:
        head = heads.get(one)
        if head is None or not head.live:
            successors = hub.store.golden.get(one).successors  # raises where nobody ever had the id
            raise Conflict(
                f"The golden record {one} is no more; its records went to {', '.join(successors) or 'nothing'}.",
                remedy="Look at the present golden records and repeat the step on them.",
                golden_id=one,
                successors=list(successors),
            )
        if expected is not None and expected.get(one, head.version) != head.version:
            raise _changed(one, head.version, expected[one])
        found[one] = head.records
    return found


def still(component: Component, golden_ids: Sequence[str], expected: Versions | None) -> None:
    """Refuse a step where golden records are no longer as the steward saw them; raises ``Conflict``."""
    for one in golden_ids:
        if expected and one in expected and component.golden.get(one) != expected[one]:
            raise _changed(one, component.golden.get(one), expected[one])


def _changed(golden_id: str, version: int | None, seen: int) -> Conflict:
    return Conflict(
        f"The golden record {golden_id} has changed since you saw it (version {seen}, now {version or 'retired'}).",
        remedy="Look at it again and decide on its present state.",
        golden_id=golden_id,
        version=version,
    )


def _allowed(new: NewDecision, binding: Sequence[Decision]) -> None:
    against = contradicted(new, binding)
    if against:
        listed = "; ".join(f"{one.id} ({one.kind.value}, {one.made_by}, {one.made_at[:10]})" for one in against)
        raise Conflict(
            f"Earlier decisions say otherwise: {listed}.",
            remedy="Withdraw them first (cdm undo NUMBER), then decide anew.",
            decisions=[one.id for one in against],
        )


def pending(new: NewDecision) -> Decision:
    """Return a decision as it will be kept."""
    return Decision(
        id=PENDING,
        entity=new.entity,
        kind=new.kind,
        parts=new.parts,
        made_at="",
        made_by=new.by,
        reason=new.reason,
        evidence=new.evidence,
        run_id=PENDING,
    )
