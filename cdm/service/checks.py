"""What checks of the data found the last time: figures by source and by type of golden record, no values."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from cdm.security import Right
from cdm.service.context import Context
from cdm.service.shapes import Shape, Words
from cdm.store.checks import Checked
from quality.expectations.kinds import LABELS, Gravity
from quality.expectations.outcome import Result
from schemas.model import EntityType


class BrokenExpectation(Shape):
    """An expectation that was not met."""

    field: str = Field(description="Empty for what is said of whole records.")
    label: Words = Field(description="What the field is called.")
    expected: Words
    gravity: str = Field(description="`critical`, `warning` or `info`.")
    observed: float | None
    unexpected: int


class CheckView(Shape):
    """What the last check of a source, or of golden records of one type, found."""

    run_id: int
    at: str
    source: str = Field(description="Empty for golden records.")
    entity: str
    label: Words
    rows: int
    expectations: int
    failed: int
    warned: int
    broken: Sequence[BrokenExpectation]


class ChecksDesk:
    """What a principal may see of checks.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def latest(self) -> list[CheckView]:
        """Return the last check of every source and type; raises ``Forbidden``."""
        self._context.require(Right.READ)
        return [self._view(one) for one in self._context.hub.store.checks.latest()]

    def _view(self, one: Checked) -> CheckView:
        kind = self._context.entity(one.entity)
        broken = [_broken(kind, r) for r in one.results if not r.success and r.gravity is not Gravity.INFO]
        return CheckView(
            run_id=one.run_id,
            at=one.at,
            source=one.source or "",
            entity=one.entity,
            label=Words.of(kind.label),
            rows=one.rows,
            expectations=sum(r.gravity is not Gravity.INFO for r in one.results),
            failed=one.failed,
            warned=one.warned,
            broken=broken,
        )


def _broken(kind: EntityType, one: Result) -> BrokenExpectation:
    field = kind.fields.get(one.field)
    return BrokenExpectation(
        field=one.field,
        label=Words.of(field.label) if field else Words(zh=one.field, en=one.field),
        expected=Words.of(LABELS[one.kind]),
        gravity=one.gravity.value,
        observed=one.observed,
        unexpected=one.unexpected,
    )
