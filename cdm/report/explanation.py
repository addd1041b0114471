"""Explanations as they are shown: a pair from the prior to the probability, a cluster by the links that hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cdm.report.figures import ComparedField, PairFigures, RecordRef, Shown
from cdm.report.mask import masked
from schemas.model import Label

NOW = Label("现在", "now")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the waterfall: what weighs, both values, its weight and the sum so far (bits)."""

    field: ComparedField | None
    name: Label
    weight: float
    total: float


@dataclass(frozen=True, slots=True)
class ExplainedPair:
    """One pair explained at one time.

    Attributes:
        pair: values, levels and weights; values are masked where they are shown.
        entity: what kind of records they are.
        sentences: the same in words, the verdict first; already masked.
        when: as of when.
        model: version of the model.
        document: the explanation as data, already masked.
    """

    pair: PairFigures
    entity: Label
    sentences: Sequence[Label]
    when: Label
    model: str
    document: Mapping[str, Any]

    @property
    def steps(self) -> Iterator[Step]:
        """Yield the steps from the prior to the last field."""
        total = self.pair.prior
        yield Step(None, Label("起点（随机一对）", "prior (any two records)"), self.pair.prior, total)
        for field in self.pair.fields:
            total += field.weight
            yield Step(field, field.field, field.weight, total)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between then and now: a field's weight, level or value, or the whole."""

    name: Label
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """A pair as it stands now, and as it was when it was put to a steward, where that is stored."""

    generated_at: datetime
    now: ExplainedPair
    then: ExplainedPair | None = None

    @property
    def changes(self) -> list[Change]:
        """What differs between then and now."""
        return list(_changes(self.then, self.now)) if self.then is not None else []

    def to_dict(self) -> Mapping[str, Any]:
        """Return both as JSON-serialisable data, masked."""
        return {
            "now": self.now.document,
            "then": None if self.then is None else self.then.document,
            "changes": [
                {"name": {"zh": one.name.zh, "en": one.name.en}, "before": one.before, "after": one.after}
                for one in self.changes
            ],
        }


def _changes(then: ExplainedPair, now: ExplainedPair) -> Iterator[Change]:
    """Yield what differs."""
    if then.model != now.model:
        yield Change(Label("模型版本", "model version"), then.model or "–", now.model)
    before = {one.field: one for one in then.pair.fields}
    after = {one.field: one for one in now.pair.fields}
    for name in dict.fromkeys([*before, *after]):
        old, new = _said(before.get(name)), _said(after.get(name))
        if old != new:
            yield Change(name, old, new)
    if f"{then.pair.probability:.4f}" != f"{now.pair.probability:.4f}":
        yield Change(Label("概率", "probability"), f"{then.pair.probability:.4f}", f"{now.pair.probability:.4f}")


def _said(field: ComparedField | None) -> str:
    """Return a field's values and weight in one line."""
    if field is None:
        return "–"
    values = " ↔ ".join(_shown(value) for value in (field.left, field.right))
    return f"{values}  {field.weight:+.1f}"


def _shown(value: Shown) -> str:
    return masked(value) or "–"


@dataclass(frozen=True, slots=True)
class HeldLink:
    """One link of the tree that holds a cluster together."""

    left: RecordRef
    right: RecordRef
    weight: float
    probability: float


@dataclass(frozen=True, slots=True)
class ClusterView:
    """What holds a customer's records together.

    Attributes:
        title: golden id, or the record asked for.
        columns, rows: the records side by side.
        links: strongest first; the last one is the weakest.
        leaves: records that would leave if the weakest link were cut.
        weakest: the weakest link explained; None for a single record.
    """

    generated_at: datetime
    title: str
    entity: Label
    columns: Sequence[Label]
    rows: Sequence[tuple[RecordRef, Sequence[Shown]]]
    links: Sequence[HeldLink]
    leaves: Sequence[RecordRef]
    weakest: ExplainedPair | None
    model: str

    def to_dict(self) -> Mapping[str, Any]:
        """Return the view as JSON-serialisable data, masked."""
        links = [
            {"left": _ref(one.left), "right": _ref(one.right), "weight": one.weight, "probability": one.probability}
            for one in self.links
        ]
        return {
            "cluster": self.title,
            "entity": self.entity.en,
            "records": [_ref(ref) for ref, _ in self.rows],
            "links": links,
            "leaves": [_ref(one) for one in self.leaves],
            "weakest": None if self.weakest is None else self.weakest.document,
            "model": self.model,
        }


def _ref(one: RecordRef) -> Mapping[str, str]:
    return {"source": one.source, "key": one.key}
