"""Decisions of stewards: list them, merge, keep apart, split, edit, undo — each on the versions that were seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import Field

from cdm.errors import Conflict, NotFound
from cdm.security import Right
from cdm.service.context import Context
from cdm.service.shapes import RecordRef, Shape, Value
from cdm.stewardship import Edit, Outcome, edit, merge, separate, split, undo
from cdm.stewardship.steps import By
from cdm.store.decisions import Decision
from cdm.store.statements import Statement

Versions = Mapping[str, int]
"""Golden id → version that was seen."""


class VersionStale(Conflict):
    """The golden record is not in the version that was named (RFC 9110, If-Match)."""

    code, status = "version_stale", 412


class DecisionView(Shape):
    """What a steward decided or stated."""

    id: int
    entity: str
    kind: str = Field(description="`same`, `different`, `split`, or `edit`.")
    parts: Sequence[Sequence[str]] = Field(description="`source:key` of the records, by part; none for an edit.")
    golden_id: str = Field(description="Of an edit: the golden record it was made on.")
    values: Mapping[str, Value] = Field(description="Of an edit: what was stated.")
    made_at: str
    made_by: str
    reason: str
    withdrawn_at: str | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


class StepOutcome(Shape):
    """What a step led to."""

    decision: DecisionView
    golden: Versions = Field(description="Golden records the decision is about now, with their versions.")
    run_id: int


class DecisionsDesk:
    """What a principal may decide.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._hub = context, context.hub

    def page(self, limit: int = 50, before: int | None = None, entity: str = "") -> list[DecisionView]:
        """Return what was decided and stated, the newest first, withdrawn ones too; raises ``Forbidden``."""
        self._context.require(Right.REVIEW)
        store, kind = self._hub.store, entity or None
        found: list[Decision | Statement] = [*store.decisions.page(entity=kind, limit=limit, before=before)]
        found += store.statements.page(entity=kind, limit=limit, before=before)
        return [self._view(one) for one in sorted(found, key=lambda one: -one.id)[:limit]]

    def merge(self, golden: Versions, reason: str = "") -> StepOutcome:
        """Say that golden records are one customer.

        Args:
            golden: the golden records in the versions that were seen.
            reason: why.

        Raises:
            Forbidden: no right to decide.
            NotFound: an id does not exist.
            Conflict: they changed, or decisions say otherwise; ``values["present"]`` tells the present state.
        """
        return self._step(golden, lambda by: merge(self._hub, list(golden), by, expected=golden), reason)

    def separate(self, golden: Versions, reason: str = "") -> StepOutcome:
        """Say that golden records are different customers; args, raises as :meth:`merge`."""
        return self._step(golden, lambda by: separate(self._hub, list(golden), by, expected=golden), reason)

    def split(
        self, golden_id: str, version: int, parts: Sequence[Sequence[RecordRef]], reason: str = ""
    ) -> StepOutcome:
        """Take a golden record apart; records named in no part stay together.

        Args:
            golden_id: the golden record.
            version: the version that was seen.
            parts: source records; each part becomes a golden record.
            reason: why.

        Raises: as :meth:`merge`; ``NotFound`` also where a record is not one of its members.
        """
        seen = {golden_id: version}
        self._context.require(Right.DECIDE)
        ids = [[self._hub.store.records.get(one.source, one.key).id for one in part] for part in parts]
        return self._step(seen, lambda by: split(self._hub, golden_id, ids, by, expected=seen), reason)

    def edit(
        self,
        golden_id: str,
        version: int,
        values: Mapping[str, Sequence[str]],
        *,
        cleared: Sequence[str] = (),
        until: datetime | None = None,
        reason: str = "",
    ) -> StepOutcome:
        """State golden values; they outrank every source until taken back.

        Args:
            golden_id: the golden record.
            version: the version that was seen.
            values: field → value, or values, as typed.
            cleared: fields that are to have no value.
            until: when the statement ends by itself.
            reason: why.

        Raises: as :meth:`merge`; ``ValueRefused`` where a value is not valid.
        """
        seen, said = {golden_id: version}, Edit(values, cleared, until)
        return self._step(seen, lambda by: edit(self._hub, golden_id, said, by, expected=seen), reason)

    def undo(self, number: int, reason: str = "") -> StepOutcome:
        """Withdraw a decision or a statement.

        Raises:
            Forbidden: no right to decide.
            NotFound: there is none of that number.
            Conflict: it was withdrawn before.
        """
        return self._step({}, lambda by: undo(self._hub, number, by), reason)

    def must_be(self, golden_id: str, version: int) -> None:
        """Raise ``VersionStale`` with the present state where a golden record is in another version by now."""
        self._context.require(Right.DECIDE)
        with self._present([golden_id]):
            present = self._hub.store.golden.get(golden_id)
            if present.version != version or present.retired_at is not None:
                raise VersionStale(
                    f"The golden record {golden_id} is in version {present.version} now, not {version}.",
                    remedy="Look at it again and decide on its present state.",
                    golden_id=golden_id,
                    version=present.version,
                )

    def _step(self, golden: Versions, step: Callable[[By], Outcome], reason: str) -> StepOutcome:
        self._context.require(Right.DECIDE)
        with self._present(list(golden)):
            done = step(By(self._context.principal.name, reason))
        versions = {one: self._hub.store.golden.version(one) for one in done.golden_ids}
        return StepOutcome(decision=self._view(done.decision), golden=versions, run_id=done.run_id)

    @contextmanager
    def _present(self, golden_ids: Sequence[str]) -> Iterator[None]:
        """Let a conflict tell the present state of the golden records it is about."""
        try:
            yield
        except Conflict as error:
            error.values["present"] = [state for one in golden_ids if (state := self._state(one))]
            raise

    def _state(self, golden_id: str) -> dict[str, Any]:
        try:
            one = self._hub.store.golden.get(golden_id)
        except NotFound:
            return {}
        return {"id": one.id, "version": one.version, "retired": bool(one.retired_at), "successors": [*one.successors]}

    def _view(self, one: Decision | Statement) -> DecisionView:
        mask, kind = self._context.mask, self._context.entity(one.entity)
        common = {name: getattr(one, name) for name in ("id", "entity", "made_at", "made_by")}
        common |= {name: getattr(one, name) for name in ("withdrawn_at", "withdrawn_by")}
        common |= {"reason": mask.note(one.reason), "withdrawn_reason": mask.note(one.withdrawn_reason) or None}
        if isinstance(one, Statement):
            values = {name: mask.value(kind, name, value) for name, value in one.values.items()}
            return DecisionView(**common, kind="edit", parts=[], golden_id=one.golden_id, values=values)
        names = self._hub.store.records.names([record for part in one.parts for record in part])
        parts = [[mask.named(one.entity, names[record]) for record in part] for part in one.parts]
        return DecisionView(**common, kind=one.kind.value, parts=parts, golden_id="", values={})
