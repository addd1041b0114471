"""Clusters and scores against the true customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cdm.pipeline.evaluation.request import EvaluateError
from cdm.pipeline.subject import Subject
from cdm.report.evaluation import EvaluationReport, Mistake, Scores, Sweep
from matching.arrays import FloatArray, IntArray
from matching.evaluate import (
    THRESHOLDS,
    Evaluation,
    Examined,
    after_review,
    evaluate,
    examined,
    false_merges,
    misses,
    reliability,
    sweep,
)
from schemas.model import Label
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import MatchResult

ASKED_FOR = (0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Precisions of merges that might be asked for."""
SHOWN = 12
"""Mistakes of each kind that are explained on the page."""
LOOKED_AT = 2_000
"""Misses whose score is looked up to find the surest ones."""
MERGED = Label("已合并", "merged")
UNCOMPARED = Label("未比较过", "never compared")
UNLIKE = Label("类型不同，从不比较", "of different types, never compared")
ASKED = Label("待审核", "waits for review")
REJECTED = Label("判为不同", "judged different")


def against_truth(subject: Subject, truth: Sequence[str], now: datetime, progress: Progress) -> EvaluationReport:
    """Compare everything that is known of a subject with the truth.

    Args:
        subject: records, clusters and scores.
        truth: per row the true customer, blank where unknown; such rows are left out of all figures.
        now: the present time.
        progress: told about stages.

    Raises:
        EvaluateError: no row has a true customer.
    """
    known = np.array([bool(one) for one in truth], dtype=np.bool_)
    if not known.any():
        raise EvaluateError("No record has a true customer.", remedy="Name the column that tells who is who.")
    true = np.unique(np.array(truth, dtype=object).astype(str), return_inverse=True)[1].ravel()
    view = _View(subject, np.flatnonzero(known), true)
    progress("evaluate", 0, 3)
    merged_wrongly, missed = view.false_merges(), view.misses()
    progress("evaluate", 1, 3)
    scores = view.scores()
    progress("evaluate", 2, 3)
    report = EvaluationReport(
        generated_at=now,
        title=subject.title,
        records=len(truth),
        known=len(view.rows),
        merge_at=subject.merge_at,
        whole=view.figures(view.rows),
        by_entity=list(view.by_entity()) if len(subject.parts) > 1 else [],
        scores=scores,
        false_merges=[Mistake(pair, MERGED) for pair in subject.explain(merged_wrongly[:SHOWN])],
        misses=list(view.explained_misses(missed)),
        false_merge_count=len(merged_wrongly),
        miss_count=len(missed),
    )
    progress("evaluate", 3, 3)
    return report


class _View:
    """A subject as far as its truth is known.

    Args:
        subject: what is evaluated.
        rows: rows whose truth is known, rising.
        true: true customer of every row; means nothing where it is not known.
    """

    def __init__(self, subject: Subject, rows: IntArray, true: IntArray) -> None:
        self.subject, self.rows, self.true = subject, rows, true
        self.place = np.full(len(true), -1, dtype=np.int64)
        self.place[rows] = np.arange(len(rows))

    def figures(self, rows: IntArray) -> Evaluation:
        """Evaluate the clusters of some rows."""
        return evaluate(self.subject.clusters[rows], self.true[rows])

    def by_entity(self) -> Iterator[tuple[Label, Evaluation]]:
        """Yield the figures of every entity type."""
        for part in self.subject.parts:
            rows = part.records.rows[self.place[part.records.rows] >= 0]
            if len(rows):
                yield self.subject.model[part.records.entity].label, self.figures(rows)

    def known(self, pairs: tuple[IntArray, IntArray, FloatArray]) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the pairs both of whose ends are known, as places among the known rows."""
        left, right, said = pairs
        keep = (self.place[left] >= 0) & (self.place[right] >= 0)
        return self.place[left[keep]], self.place[right[keep]], said[keep]

    def scores(self) -> Scores:
        """Compare the scores with the truth."""
        clusters, true = self.subject.clusters[self.rows], self.true[self.rows]
        left, right, said = self.known(self.subject.links())
        a, b, _ = self.known(self.subject.questions())
        return Scores(
            reviewed=after_review(clusters, true, a, b),
            questions=len(a),
            wanted=int((true[a] == true[b]).sum()),
            examined=list(self.examined()),
            sweeps=list(self.sweeps()),
            asked=sweep(lambda precision: self.subject.clusters_for(precision)[self.rows], true, ASKED_FOR),
            reliability=reliability(said, true[left] == true[right]),
        )

    def sweeps(self) -> Iterator[Sweep]:
        """Yield the figures at every merge threshold, by entity type."""
        for part in self.subject.parts:
            inside = np.flatnonzero(self.place[part.records.rows] >= 0)
            if not len(inside):
                continue
            merge_at, true = part.result.report.merge_threshold, self.true[part.records.rows[inside]]
            points = sweep(partial(_clusters_at, part.result, inside), true, (*THRESHOLDS, merge_at))
            yield Sweep(self.subject.model[part.records.entity].label, merge_at, points)

    def examined(self) -> Iterator[tuple[Label, Examined]]:
        """Yield what blocking let through, by entity type."""
        for part in self.subject.parts:
            inside = self.place[part.records.rows] >= 0
            found = part.result.compared()
            rows = part.records.rows[inside]
            label = self.subject.model[part.records.entity].label
            yield label, examined(found.record_of[inside], self.true[rows], found.left, found.right, found.records)

    def false_merges(self) -> list[tuple[int, int]]:
        """Return one pair of rows for every wrong merge, the surest first."""
        clusters, true = self.subject.clusters[self.rows], self.true[self.rows]
        found = false_merges(clusters, true, *self.known(self.subject.links()))
        return [(int(self.rows[a]), int(self.rows[b])) for a, b in found]

    def misses(self) -> list[tuple[int, int]]:
        """Return one pair of rows for every part of a customer that was missed, the most surely rejected first."""
        found = misses(self.subject.clusters[self.rows], self.true[self.rows])
        pairs = np.array([(self.rows[a], self.rows[b]) for a, b in found], dtype=np.int64).reshape(-1, 2)
        looked = pairs[:: max(len(pairs) // LOOKED_AT, 1)]
        said = self.subject.probability(looked[:, 0], looked[:, 1])
        first = looked[np.argsort(said, kind="stable")]
        chosen = {(int(a), int(b)) for a, b in first}
        return [*map(tuple, first.tolist()), *((a, b) for a, b in pairs.tolist() if (a, b) not in chosen)]

    def explained_misses(self, missed: Sequence[tuple[int, int]]) -> Iterator[Mistake]:
        """Yield misses from both ends of the scale, the engine's surest errors first, with what became of the pair."""
        chosen = [*missed[: SHOWN // 2], *missed[SHOWN // 2 :][-SHOWN // 2 :]]
        asked = {(int(a), int(b)) for a, b in zip(*self.subject.questions()[:2], strict=True)}
        compared = self.subject.was_compared(chosen)
        for pair, seen, said in zip(chosen, compared, self.subject.explain(chosen), strict=True):
            status = ASKED if pair in asked else REJECTED if seen else UNCOMPARED if said.fields else UNLIKE
            yield Mistake(said, status)


def _clusters_at(result: MatchResult, rows: IntArray, merge: float) -> IntArray:
    """Return the clusters of some rows at a merge threshold."""
    return result.clusters_at(merge)[rows]
