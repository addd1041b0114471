"""Why two records were merged, or not: a waterfall from the prior to the probability, in bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from matching.arrays import IntArray
from matching.compare.levels import COVERED, MISSING, NEITHER, UNKNOWN, label
from matching.constraints import Constraints
from matching.defaults import class_label
from matching.explain.reasons import Reason
from matching.model import ColumnModel
from matching.patterns import patterns
from matching.score import Scorer, log_odds, probability
from schemas.model import Label

BITS = float(np.log2(np.e))
TELLING = 0.5
"""Bits from which a field is worth a word."""
SLIGHT = 0.05
"""Bits below which a limit changed nothing."""

Values = Mapping[str, tuple[str | None, str | None]]
Verdict = Literal["merged", "merged_through_others", "kept_apart", "review", "different"]


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """What one column says.

    ``weight`` is log2 of how much more often the level occurs between records of one customer than between two
    customers, given the column it depends on; a missing value weighs nothing.
    """

    field: str
    level: int
    meaning: Label
    left: str | None
    right: str | None
    weight: float

    def to_dict(self) -> dict[str, Any]:
        """Return the evidence as JSON-serialisable data."""
        plain = {name: getattr(self, name) for name in ("field", "level", "left", "right", "weight")}
        return {**plain, "meaning": {"zh": self.meaning.zh, "en": self.meaning.en}}


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the probability of one pair came about; all weights in bits.

    ``prior + Σ weight + related + calibration + identifiers + limited + ruled = total``.

    Attributes:
        prior: before anything is compared.
        fields: every column of the model, also those that are missing.
        related: what it costs that the pair may be related but not the same; a gain where it may be a badly written
            duplicate.
        competitor: the kind of pair it most likely is if it is not the same customer: chance, household, namesake …
        calibration: what odds like these have turned out to be worth elsewhere, less what they say; columns that say
            the same thing twice make them too sure of themselves.
        identifiers: what equal, verified identifiers add.
        limited: what narrow or unstable evidence takes away.
        ruled: what a rule or a steward's decision adds; it outweighs everything.
        decision: ``same`` or ``different`` where a rule or a steward decided, else ``evidence``.
        outcome: what the pair alone would lead to: ``same``, ``review`` or ``different``.
        together: whether the two are in one cluster.
        reasons: the same in words, see :func:`matching.explain.sentences`.
        model: version of the model.
    """

    prior: float
    fields: tuple[FieldEvidence, ...]
    related: float
    calibration: float
    competitor: Label
    identifiers: float
    limited: float
    ruled: float
    total: float
    probability: float
    decision: str
    outcome: str
    together: bool
    reasons: tuple[Reason, ...]
    model: str

    @property
    def verdict(self) -> Verdict:
        """What became of the pair, all records of both clusters considered."""
        if self.together:
            return "merged" if self.outcome == "same" else "merged_through_others"
        if self.outcome == "same":
            return "kept_apart"
        return "review" if self.outcome == "review" else "different"

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON-serialisable data."""
        plain = {
            name: getattr(self, name) for name in self.__slots__ if name not in ("fields", "reasons", "competitor")
        }
        return {
            **plain,
            "verdict": self.verdict,
            "fields": [one.to_dict() for one in self.fields],
            "competitor": {"zh": self.competitor.zh, "en": self.competitor.en},
            "reasons": [one.to_dict() for one in self.reasons],
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Explanation:
        """Build an explanation from ``to_dict``'s data; what older hubs did not store is left blank."""
        fields = tuple(FieldEvidence(**{**one, "meaning": _label(one["meaning"])}) for one in raw["fields"])
        more = {"calibration": 0.0, "ruled": 0.0, "outcome": "review", "together": False, "model": ""}
        plain = {name: raw.get(name, more.get(name)) for name in Explanation.__slots__}
        reasons = tuple(Reason.from_dict(one) for one in raw.get("reasons", ()))
        return Explanation(**{**plain, "fields": fields, "competitor": _label(raw["competitor"]), "reasons": reasons})


def _label(words: Mapping[str, str] | str) -> Label:
    """Return words in both languages; hubs written before keep them in English only."""
    return Label(words, words) if isinstance(words, str) else Label(**words)


def explain_pair(scorer: Scorer, left: int, right: int, values: Values, *, together: bool) -> Explanation:
    """Explain one pair of distinct records.

    Args:
        scorer: what scored it.
        left, right: records.
        values: column or identifier → the two values as they came.
        together: whether they are in one cluster.
    """
    return next(explain_pairs(scorer, np.array([left]), np.array([right]), [values], [together]))


def explain_pairs(
    scorer: Scorer, left: IntArray, right: IntArray, values: Sequence[Values], together: Sequence[bool]
) -> Iterator[Explanation]:
    """Explain pairs of distinct records; what is reckoned is reckoned for all of them at once.

    Args:
        scorer: what scored them.
        left, right: records, shape (pairs,).
        values, together: as for :func:`explain_pair`, one per pair.
    """
    reckoned = _Reckoned(scorer, left, right)
    for i, (one, joined) in enumerate(zip(values, together, strict=True)):
        yield reckoned.explanation(i, one, together=joined)


class _Reckoned:
    """Everything an explanation adds up, for some pairs."""

    def __init__(self, scorer: Scorer, left: IntArray, right: IntArray) -> None:
        self.scorer, self.left, self.right = scorer, left, right
        self.levels, model = scorer.comparator(left, right), scorer.model
        levels = self.levels
        self.learned = model.weights(levels) * BITS
        self.taught = model.correction.by_column(levels) * BITS
        self.prior = model.prior * BITS
        self.height = model.correction.height * BITS
        self.plain = model.score(levels) * BITS if model.columns else np.full(len(left), self.prior)
        slope = model.correction.slope if model.correction.labels else 1.0
        self.calibrated = slope * model.calibration(self.plain / BITS) * BITS if model.columns else self.plain
        self.evidence = scorer.evidence(patterns(levels)) * BITS
        none = np.zeros(len(left))
        self.proof = scorer.constraints.proof(left, right) * BITS if scorer.constraints else none
        self.odds = scorer.judge(levels, left, right)
        self.rivals = [class_label(name) for name in model.competitors(levels)]
        self.limits = {
            "narrow": scorer.narrow(levels),
            "misnamed": scorer.misnamed(levels),
            "chained": scorer.chained(levels),
            "outvoted": scorer.outvoted(levels),
            "idle": ~scorer.askable(levels),
        }

    def explanation(self, i: int, values: Values, *, together: bool) -> Explanation:
        """Return the explanation of one pair."""
        scorer, levels, model = self.scorer, self.levels[i], self.scorer.model
        fields = tuple(
            _field(column, int(level), float(weight), values.get(column.name, (None, None)))
            for column, level, weight in zip(model.columns, levels, (self.learned + self.taught)[:, i], strict=True)
        )
        plain, calibrated, evidence = float(self.plain[i]), float(self.calibrated[i]), float(self.evidence[i])
        odds, proof = float(self.odds[i]), float(self.proof[i])
        before = calibrated + self.height + float(self.taught[:, i].sum())
        limited = evidence - before
        a, b = self.left[i : i + 1], self.right[i : i + 1]
        return Explanation(
            prior=self.prior + self.height,
            fields=fields,
            related=plain - self.prior - float(self.learned[:, i][levels != MISSING].sum()),
            calibration=calibrated - plain,
            competitor=self.rivals[i],
            identifiers=proof,
            limited=limited,
            ruled=odds * BITS - evidence - proof,
            total=odds * BITS,
            probability=float(probability(np.array([odds]))[0]),
            decision=_decision(scorer.constraints, a, b),
            outcome=_outcome(scorer, odds),
            together=together,
            reasons=(
                *_evidence_reasons(fields, self.rivals[i]),
                *_identifier_reasons(scorer.constraints, a, b, values),
                *(self._limit_reasons(i, before / BITS) if limited < -SLIGHT else ()),
            ),
            model=model.version,
        )

    def _limit_reasons(self, i: int, odds: float) -> Iterator[Reason]:
        """Yield why evidence was held back; that the fits disagree, only where a merge became a question by it."""
        found = [code for code, holds in self.limits.items() if holds[i]]
        if not found and odds > self.scorer.cut >= float(self.evidence[i]) / BITS:
            found = ["unstable"]
        yield from (Reason(code) for code in found)


def _field(column: ColumnModel, level: int, weight: float, values: tuple[str | None, str | None]) -> FieldEvidence:
    """Say what one column says; a whole value whose parts are compared is not unknown but covered by them."""
    known = sum(value is not None for value in values)
    meaning = (NEITHER, UNKNOWN, COVERED)[known] if level == MISSING else label(column.kind.value, level)
    return FieldEvidence(column.name, level, meaning, *values, weight)


def _outcome(scorer: Scorer, odds: float) -> str:
    """Say what the pair alone would lead to."""
    if odds > scorer.cut:
        return "same"
    return "review" if odds > log_odds(scorer.settings.review) else "different"


def _decision(constraints: Constraints | None, a: IntArray, b: IntArray) -> str:
    """Say whether a constraint decided."""
    if constraints is None:
        return "evidence"
    if constraints.forbidden(a, b)[0]:
        return "different"
    return "same" if constraints.required(a, b)[0] else "evidence"


def _evidence_reasons(fields: tuple[FieldEvidence, ...], competitor: Label) -> Iterator[Reason]:
    """Yield what speaks for the pair, what against, what is silent, and what else it may be; the heaviest first."""
    ordered = sorted(fields, key=lambda one: -abs(one.weight))
    for code, names in (
        ("agree", tuple(one.field for one in ordered if one.weight >= TELLING)),
        ("conflict", tuple(one.field for one in ordered if one.weight <= -TELLING)),
        ("silent", tuple(one.field for one in fields if one.level == MISSING and not (one.left and one.right))),
    ):
        if names:
            yield Reason(code, names)
    yield Reason("rival", kind=competitor)


def _identifier_reasons(constraints: Constraints | None, a: IntArray, b: IntArray, values: Values) -> Iterator[Reason]:
    """Yield what identifiers, branches and decisions say."""
    if constraints is None:
        return
    for name, codes in constraints.identifiers.items():
        one, other = int(codes[a[0]]), int(codes[b[0]])
        left, right = values.get(name, (None, None))
        if one >= 0 and other >= 0:
            yield Reason("identifier_equal" if one == other else "identifier_conflict", (name,), left, right)
        elif left and left == right and left in constraints.shared.get(name, ()):
            yield Reason("identifier_shared", (name,), left, right)
    for name, codes in constraints.branches.items():
        if min(codes[a[0]], codes[b[0]]) >= 0 and codes[a[0]] != codes[b[0]]:
            yield Reason("branch", (name,), *values.get(name, (None, None)))
    if (decided := constraints.decided(a, b)) is not None:
        yield Reason("must_link" if decided else "cannot_link")
