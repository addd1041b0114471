"""What a check found: figures and ids of records, never values."""

from __future__ import annotations

from dataclasses import dataclass

from quality.expectations.kinds import Gravity, Kind


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one expectation.

    Attributes:
        field: name of the field; empty for what is said of whole records.
        kind: what was expected.
        gravity: how much it matters.
        success: whether it was met.
        observed: share (0–1) of the judged values that are as expected; for ``rows`` their number, for ``distinct`` the
            share of different ones. ``None`` where there was nothing to judge.
        elements: records, or values of a multi-valued field, that were looked at.
        missing: those that are empty, which only ``present`` judges.
        unexpected: those that are not as expected.
        examples: ids of the first records of these.
    """

    field: str
    kind: Kind
    gravity: Gravity
    success: bool
    observed: float | None
    elements: int
    missing: int
    unexpected: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the expectations of one batch."""

    name: str
    rows: int
    results: tuple[Result, ...]

    @property
    def success(self) -> bool:
        """Whether every critical expectation was met."""
        return all(one.success for one in self.results if one.gravity is Gravity.CRITICAL)
