"""Why two records were merged, or not: a waterfall from the prior to the probability, in bits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matching.arrays import IntArray
from matching.compare.levels import MISSING, label
from matching.constraints import Constraints
from matching.defaults import class_label
from matching.score import Scorer, probability
from schemas.model import Label

BITS = float(np.log2(np.e))


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """What one column says.

    ``weight`` is log2 of how much more often the level occurs between records of one customer than between two
    customers, given the column it depends on.
    """

    field: str
    level: int
    meaning: Label
    left: str | None
    right: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the probability of one pair came about; all weights in bits.

    ``prior + Σ weight + related + identifiers + limited = total``.
    """

    prior: float
    fields: tuple[FieldEvidence, ...]
    related: float
    """What it costs that the pair may be related but not the same; a gain where it may be a badly written duplicate."""
    competitor: Label
    """The kind of pair it most likely is if it is not the same customer: chance, household, namesake …"""
    identifiers: float
    limited: float
    """What narrow or unstable evidence takes away."""
    total: float
    probability: float
    decision: str
    """``same`` or ``different`` where a rule or a steward decided, else ``evidence``."""

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON-serialisable data."""
        return asdict(self)


def explain_pair(
    scorer: Scorer, left: int, right: int, values: dict[str, tuple[str | None, str | None]]
) -> Explanation:
    """Explain one pair of distinct records.

    Args:
        scorer: what scored it.
        left, right: records.
        values: column → the two values as they came.
    """
    a, b = np.array([left]), np.array([right])
    levels = scorer.comparator(a, b)
    columns = scorer.model.columns
    weights = scorer.model.weights(levels)[:, 0] * BITS
    fields = tuple(
        FieldEvidence(c.name, int(level), label(c.kind.value, int(level)), *values.get(c.name, (None, None)), float(w))
        for c, level, w in zip(columns, levels[0], weights, strict=True)
    )
    prior = scorer.model.prior * BITS
    plain = float(scorer.model.score(levels)[0]) * BITS if columns else prior
    evidence = float(scorer.evidence(levels)[0]) * BITS
    total = float(scorer.judge(levels, a, b)[0])
    proof = float(scorer.constraints.proof(a, b)[0]) * BITS if scorer.constraints else 0.0
    return Explanation(
        prior=prior,
        fields=fields,
        related=plain - prior - float(sum(f.weight for f in fields if f.level != MISSING)),
        competitor=class_label(scorer.model.competitor(levels)),
        identifiers=proof,
        limited=evidence - plain,
        total=total * BITS,
        probability=float(probability(np.array([total]))[0]),
        decision=_decision(scorer.constraints, a, b),
    )


def _decision(constraints: Constraints | None, a: IntArray, b: IntArray) -> str:
    """Say whether a constraint decided."""
    if constraints is None:
        return "evidence"
    if constraints.forbidden(a, b)[0]:
        return "different"
    return "same" if constraints.required(a, b)[0] else "evidence"
