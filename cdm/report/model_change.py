"""What another version of the matching model would change, as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cdm.report.explanation import ExplainedPair
from cdm.report.figures import RecordRef, Shown
from schemas.model import Label

KINDS = {
    "merge": Label("合并", "merged"),
    "split": Label("拆分", "split"),
    "regroup": Label("重新分组", "regrouped"),
}
"""What becomes of customers, by the kinds of :mod:`matching.difference`."""


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """One record of an example; ``before`` and ``after`` number the customer it belongs to, from 1."""

    record: RecordRef
    before: int
    after: int
    values: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class ChangeExample:
    """One change with its records and the pair that tells why.

    Attributes:
        kind: key of :data:`KINDS`.
        records: those of the customers concerned, up to a screenful; ``more`` are left out.
        columns: what the values of the records are called.
        before, after: the telling pair as both versions explain it; ``None`` where the fields have nothing in common.
    """

    kind: str
    records: Sequence[ChangedRecord]
    more: int
    columns: Sequence[Label]
    before: ExplainedPair | None
    after: ExplainedPair | None


@dataclass(frozen=True, slots=True)
class ModelChange:
    """What would change.

    Attributes:
        entity: what kind of records.
        versions: before, after.
        records: records there are; ``moved`` of them would belong to another customer.
        customers: before, after.
        counts: key of :data:`KINDS` → changes of that kind.
        joined, parted: pairs of records that would be together, that would be apart.
        review: pairs waiting for review, before and after.
        examples: the largest changes of each kind.
    """

    generated_at: datetime
    entity: Label
    versions: tuple[str, str]
    records: int
    moved: int
    customers: tuple[int, int]
    counts: dict[str, int]
    joined: int
    parted: int
    review: tuple[int, int]
    examples: Sequence[ChangeExample]

    @property
    def churn(self) -> float:
        """Share of the records that would belong to another customer, 0–1."""
        return self.moved / self.records if self.records else 0.0

    def kinds(self) -> list[tuple[str, Label, int]]:
        """Return key, label and count of every kind of change."""
        return [(key, label, self.counts.get(key, 0)) for key, label in KINDS.items()]
