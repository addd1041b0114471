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

from sqlalchemy import Connection, insert, update

from cdm.errors import Conflict
from cdm.store.audit import Act, log
from cdm.store.bulk import take_numbers
from cdm.store.clock import stamp
from cdm.store.component import Component, read_component
from cdm.store.consolidation import Consolidation, GoldenCounts, apply
from cdm.store.decisions import Decision, NewDecision, record_decision, withdraw
from cdm.store.documents import dump
from cdm.store.events import COUNTER
from cdm.store.runs import FINISHED, STEP
from cdm.store.tables import counter, run


class Overtaken(Conflict):
    """The component changed between reading and writing; nothing was written."""

    code, retryable = "overtaken", True


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A decision about to be withdrawn."""

    decision_id: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a steward does, and the golden state it leads to."""

    action: str
    """``merge``, ``separate``, ``split`` or ``undo``."""
    change: NewDecision | Withdrawal
    state: Consolidation


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was done."""

    decision: Decision
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
    # Whoever changes golden records takes event numbers: holding the counter keeps all others out until we are done.
    connection.execute(update(counter).where(counter.c.name == COUNTER).values(value=counter.c.value))
    if not seen.same_as(read_component(connection, seen.entity, list(seen.records))):
        raise Overtaken(
            "Somebody else changed these records at the same time.", remedy="Look at them again and repeat the step."
        )
    run_id = _begin(connection, step, now)
    change = step.change
    if isinstance(change, Withdrawal):
        decision = withdraw(connection, change.decision_id, change.by, change.reason, now)
        by = change.by
    else:
        decision = record_decision(connection, change, run_id, now)
        by = change.by
    counts = apply(connection, step.state, run_id, now, decision_id=decision.id)
    detail: Mapping[str, Any] = {"decision": decision.id, "parts": decision.parts, "reason": change.reason}
    log(connection, Act(by, step.action, f"decision {decision.id}", {"run": run_id, **detail}), now)
    return Settlement(decision, run_id, counts)


def _begin(connection: Connection, step: Step, now: datetime) -> int:
    """Enter the step among the runs: golden records tell by run when they changed."""
    number = take_numbers(connection, "run", 1)[0]
    values = {"id": number, "kind": STEP, "source_id": None, "started_at": stamp(now), "finished_at": stamp(now)}
    stats = dump({"action": step.action, "entity": step.state.entity})
    connection.execute(insert(run).values(**values, status=FINISHED, stats=stats))
    return number
