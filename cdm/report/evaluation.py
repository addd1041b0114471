"""What an evaluation found, as data for the page, the terminal and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cdm.report.figures import PairFigures
from schemas.model import Label

if TYPE_CHECKING:
    from matching.evaluate import Band, Estimate, Evaluation, Examined, PairEvaluation, Stratum, SweepPoint

STRATA = {
    "review": Label("待审核", "waits for review"),
    "merged_low": Label("已合并，概率低于 0.9", "merged, probability below 0.9"),
    "merged_high": Label("已合并，概率 0.9–0.99", "merged, probability 0.9–0.99"),
    "merged_sure": Label("已合并，概率 0.99 以上", "merged, probability from 0.99"),
}
"""What the strata of :func:`matching.evaluate.strata_of` are called, in their order."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong merge or a miss with its explanation; ``status`` says what the engine had done with the pair."""

    pair: PairFigures
    status: Label


@dataclass(frozen=True, slots=True)
class Sweep:
    """The figures of one entity type by merge threshold (probability); ``merge_at`` is the one in force."""

    entity: Label
    merge_at: float
    points: Sequence[SweepPoint]


@dataclass(frozen=True, slots=True)
class Scores:
    """What pairs scored by the engine add to the figures of its clusters.

    Attributes:
        reviewed: the figures if a steward answered every question rightly; ``questions`` of which ``wanted`` are one
            customer.
        examined: what blocking let through.
        sweeps: figures by merge threshold.
        asked: figures by the precision of merges that is asked for (setting ``merge_threshold``).
        reliability: probability said against share observed.
    """

    reviewed: Evaluation
    questions: int
    wanted: int
    examined: Sequence[tuple[Label, Examined]]
    sweeps: Sequence[Sweep]
    asked: Sequence[SweepPoint]
    reliability: Sequence[Band]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything the evaluation page shows; of ``whole``, ``pairs`` and ``strata`` the one that was asked for.

    Attributes:
        title: what was evaluated.
        records: records there are; ``known`` of them have a true customer.
        merge_at: the merge threshold in force.
        whole: clusters against the truth; ``by_entity`` the same by entity type where there are several.
        scores: the engine's scores against the truth.
        pairs: clusters against labelled pairs.
        strata: clerical verdicts; ``precision`` what they say of all merged pairs, ``wanted`` of the pairs for review.
        false_merges, misses: the surest mistakes; ``false_merge_count`` and ``miss_count`` how many there are in all.
    """

    generated_at: datetime
    title: str
    records: int = 0
    known: int = 0
    merge_at: float = 0.0
    whole: Evaluation | None = None
    by_entity: Sequence[tuple[Label, Evaluation]] = ()
    scores: Scores | None = None
    pairs: PairEvaluation | None = None
    strata: Sequence[Stratum] = ()
    precision: Estimate | None = None
    wanted: Estimate | None = None
    false_merges: Sequence[Mistake] = ()
    misses: Sequence[Mistake] = ()
    false_merge_count: int = 0
    miss_count: int = 0
    seconds: float | None = None

    @staticmethod
    def stratum_label(stratum: Stratum) -> Label:
        """Return what a stratum is called."""
        return STRATA.get(stratum.name) or Label(stratum.name, stratum.name)

    def to_dict(self) -> Mapping[str, Any]:
        """Return the figures as JSON-serialisable data; single records are left to the page."""
        found: dict[str, Any] = {"subject": self.title}
        if self.whole is not None:
            found |= {"merge_threshold": self.merge_at, **self.whole.to_dict()}
            found["by_entity"] = {label.en: one.to_dict() for label, one in self.by_entity}
            found |= {"false_merges": self.false_merge_count, "misses": self.miss_count}
        found |= {"records": self.records, "records_with_truth": self.known}
        if self.scores is not None:
            found |= _scores(self.scores)
        if self.pairs is not None:
            found["labelled_pairs"] = self.pairs.to_dict()
        if self.precision is not None and self.wanted is not None:
            found |= {"estimated_precision": self.precision.to_dict(), "estimated_wanted": self.wanted.to_dict()}
            found["strata"] = [
                {"name": one.name, "merged": one.merged, "pairs": one.pairs, "asked": one.asked, "same": one.same}
                for one in self.strata
            ]
        return found


def _scores(scores: Scores) -> dict[str, Any]:
    """Return what the pairs' scores add, as data."""
    queue = {"questions": scores.questions, "wanted": scores.wanted, **scores.reviewed.pairwise.to_dict()}
    return {
        "with_review": queue,
        "blocking": {label.en: one.to_dict() for label, one in scores.examined},
        "sweep": {
            one.entity.en: {"merge_threshold": one.merge_at, "points": [point.to_dict() for point in one.points]}
            for one in scores.sweeps
        },
        "asked": [point.to_dict() for point in scores.asked],
        "reliability": [band.to_dict() for band in scores.reliability],
    }
