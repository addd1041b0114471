"""One steward's step in one short transaction: the decision, the golden state it leads to, events, audit.

The golden state was worked out from what was read before. The transaction reads the component once more: where anything
that decides about it has changed meanwhile, nothing is written and the step is worked out anew. So a steward waits for
nobody, and nobody's work is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from cdm.errors import Conflict
from cdm.store.audit import Act, log
from cdm.store.bulk import insert_row, one_of, take_numbers
from cdm.store.clock import stamp
from cdm.store.component import Component, read_component
from cdm.store.consolidation import Consolidation, GoldenCounts, apply
from cdm.store.decisions import Decision, NewDecision, decided_since, record_decision, withdraw
from cdm.store.documents import dump
from cdm.store.events import COUNTER, last_number
from cdm.store.prepared import Prepared
from cdm.store.runs import FINISHED, STEP
from cdm.store.said import Withdrawal
from cdm.store.statements import NewStatement, Statement, find, record_statement, withdraw_statement
from cdm.store.tables import counter, crosswalk, golden, run


class Overtaken(Conflict):
    """The component changed between reading and writing; nothing was written."""

    code, retryable = "overtaken", True


Change = NewDecision | NewStatement | Withdrawal
"""What a steward says; a withdrawal takes back a decision or a statement."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a steward does, and the golden state it leads to."""

    action: str
    """``merge``, ``separate``, ``split``, ``edit``, ``undo``; ``settle`` where a job goes over records again."""
    change: Change | None
    state: Consolidation


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was done."""

    decision: Decision | Statement | None
    run_id: int
    counts: GoldenCounts


def carry_out(connection: Connection, step: Step, seen: Component, now: datetime) -> Settlement:
    """Carry out a step.

    Args:
        connection: an open write transaction.
        step: the step.
        seen: the component as it was when the step was worked out.
        now: the present time.

    Raises:
        Overtaken: the component has changed since.
        Conflict: the decision to withdraw was withdrawn before.
    """
    keep_others_out(connection)
    if not seen.same_as(read_component(connection, seen.entity, seen.members)):
        raise Overtaken(
            "Somebody else changed these records at the same time.", remedy="Look at them again and repeat the step."
        )
    run_id = _begin(connection, step, now)
    decision = _decide(connection, step, run_id, now)
    counts = apply(connection, step.state, run_id, now, decision_id=decision.id if decision else None)
    connection.execute(update(run).where(run.c.id == run_id).values(last_event=last_number(connection)))
    return Settlement(decision, run_id, counts)


def carry_out_portion(connection: Connection, state: Consolidation, run_id: int, now: datetime) -> GoldenCounts | None:
    """Write one portion of what a job worked out.

    Args:
        connection: an open write transaction.
        state: the portion, with its scope.
        run_id: the job's run.
        now: the present time.

    Returns:
        What changed; ``None``, and nothing is written, where a steward was at work on its records since the job began.
    """
    keep_others_out(connection)
    if decided_since(connection, state.scope or (), run_id) or _changed_since(connection, state, run_id):
        return None
    return apply(connection, state, run_id, now)


_HOLD = Prepared(lambda _: update(counter).where(counter.c.name == bindparam("kind")).values(value=counter.c.value))


def keep_others_out(connection: Connection) -> None:
    """Wait for, and until the transaction ends hold back, everybody else who would change golden records.

    Whoever changes golden records takes event numbers, so holding their counter is enough.
    """
    _HOLD(connection, kind=COUNTER)


def _changed_since(connection: Connection, state: Consolidation, run_id: int) -> bool:
    """Tell whether a golden record of the portion, or one its records belong to, was written after the run began."""
    ids = [*state.golden["golden_id"].to_pylist(), *state.retired]
    home = select(crosswalk.c.golden_id).where(one_of(connection, crosswalk.c.record_id, list(state.scope or ())))
    g = golden.c
    query = select(g.id).where(g.run_id > run_id, or_(one_of(connection, g.id, ids), g.id.in_(home)))
    return connection.execute(query.limit(1)).first() is not None


def _decide(connection: Connection, step: Step, run_id: int, now: datetime) -> Decision | Statement | None:
    """Keep or withdraw what the step says, and enter it in the audit trail."""
    change = step.change
    if change is None:
        return None
    said = _say(connection, change, run_id, now)
    about: Mapping[str, Any] = {"decision": said.id, "reason": change.reason, "run": run_id}
    if isinstance(said, Statement):
        detail = {**about, "golden_id": said.golden_id, "values": said.values, "until": said.until}
        log(connection, Act(change.by, step.action, f"statement {said.id}", detail), now)
    else:
        log(connection, Act(change.by, step.action, f"decision {said.id}", {**about, "parts": said.parts}), now)
    return said


def _say(connection: Connection, change: Change, run_id: int, now: datetime) -> Decision | Statement:
    if isinstance(change, NewStatement):
        return record_statement(connection, change, run_id, now)
    if isinstance(change, NewDecision):
        return record_decision(connection, change, run_id, now)
    if find(connection, change.decision_id):
        return withdraw_statement(connection, change, run_id, now)
    return withdraw(connection, change, run_id, now)


def _begin(connection: Connection, step: Step, now: datetime) -> int:
    """Enter the step among the runs: golden records tell by run when they changed."""
    number = take_numbers(connection, "run", 1)[0]
    values = {"id": number, "kind": STEP, "source_id": None, "started_at": stamp(now), "finished_at": stamp(now)}
    stats = dump({"action": step.action, "entity": step.state.entity})
    insert_row(connection, run, {**values, "status": FINISHED, "stats": stats})
    return number
