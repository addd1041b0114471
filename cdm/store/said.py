"""What decisions and statements have in common: somebody said it, it binds, and it can be withdrawn but not deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, Table, update

from cdm.errors import Conflict
from cdm.store.bulk import AnyRow
from cdm.store.clock import stamp

COUNTER = "decision"
"""Decisions and statements are numbered together, so that one number names what to undo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something a steward said, as it is kept."""

    noun: ClassVar[str]
    id: int
    entity: str
    made_at: str
    made_by: str
    reason: str
    run_id: int
    withdrawn_at: str | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None

    @property
    def binding(self) -> bool:
        """Tell whether it still holds."""
        return self.withdrawn_at is None

    def must_bind(self) -> None:
        """Refuse to withdraw it twice; raises ``Conflict``, which says by whom and when it was withdrawn."""
        if not self.binding:
            raise Conflict(
                f"{self.noun} {self.id} was withdrawn already by {self.withdrawn_by} at {self.withdrawn_at}.",
                remedy="Nothing is left to undo.",
                decision=self.id,
            )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A decision or statement about to be withdrawn."""

    decision_id: int
    by: str
    reason: str = ""


def said_of(row: AnyRow) -> dict[str, Any]:
    """Return the fields of :class:`Said` from a row of either table."""
    names = ("id", "entity", "made_at", "made_by", "reason", "run_id")
    return {name: getattr(row, name) for name in (*names, "withdrawn_at", "withdrawn_by", "withdrawn_reason")}


def end(connection: Connection, table: Table, gone: Withdrawal, run_id: int, now: datetime) -> None:
    """Enter a withdrawal into a row that still binds; the caller has made sure that it does.

    Args:
        connection: an open write transaction.
        table: ``decision`` or ``statement``.
        gone: which, by whom, why.
        run_id: the run that carries it out.
        now: the present time.
    """
    values = {"withdrawn_at": stamp(now), "withdrawn_by": gone.by, "withdrawn_reason": gone.reason}
    this = update(table).where(table.c.id == gone.decision_id, table.c.withdrawn_at.is_(None))
    connection.execute(this.values(**values, withdrawn_run_id=run_id))
