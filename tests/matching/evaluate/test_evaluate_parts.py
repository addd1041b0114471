"""Labelled pairs, blocking, review, sweep, reliability, mistakes and the clerical sample."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import recordlinkage
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import (
    Stratum,
    after_review,
    draw,
    estimate_share,
    evaluate,
    evaluate_pairs,
    examined,
    false_merges,
    misses,
    reliability,
    strata_of,
    sweep,
)

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


@given(LABELS)
def test_all_pairs_labelled_is_the_truth(pairs: list[tuple[int, int]]) -> None:
    found, truth = np.array(pairs).T
    left, right = np.array(list(combinations(range(len(pairs)), 2))).T
    labelled = evaluate_pairs(left, right, truth[left] == truth[right], found[left] == found[right])
    whole = evaluate(found, truth)
    assert labelled.figures.precision == pytest.approx(whole.pairwise.precision, nan_ok=True)
    assert labelled.figures.recall == pytest.approx(whole.pairwise.recall, nan_ok=True)
    assert (labelled.right, labelled.merged, labelled.same) == (
        whole.right_pairs,
        whole.merged_pairs,
        whole.true_pairs,
    )


def test_blocking_recall_counts_rows_not_records() -> None:
    record_of = np.array([0, 0, 1, 2, 3])  # rows 0 and 1 say the same
    truth = [7, 7, 7, 7, 8]
    found = examined(record_of, truth, np.array([0, 2]), np.array([1, 3]), 4)
    assert found.recall == pytest.approx(3 / 6)  # 0-1 equal, 0-2 and 1-2 compared; all pairs with row 3 are missed
    assert found.reduction == pytest.approx(1 - 2 / 6)
    index = pd.MultiIndex.from_tuples([(0, 1), (2, 3)])
    assert found.reduction == pytest.approx(recordlinkage.reduction_ratio(index, pd.DataFrame(index=range(4))))


def test_review_adds_what_a_steward_would_find() -> None:
    clusters, truth = np.array([0, 0, 1, 1, 2, 3]), np.array([5, 5, 5, 5, 6, 7])
    reviewed = after_review(clusters, truth, np.array([1, 3]), np.array([2, 4]))
    assert evaluate(clusters, truth).pairwise.recall == pytest.approx(2 / 6)
    assert (reviewed.pairwise.recall, reviewed.pairwise.precision) == (1.0, 1.0)


def test_sweep_is_in_order() -> None:
    points = sweep(lambda t: [0, 0, 0] if t < 0.5 else [0, 0, 1], [0, 0, 1], [0.9, 0.1, 0.9])
    assert [point.threshold for point in points] == [0.1, 0.9]
    assert [point.found.pairwise.precision for point in points] == [pytest.approx(1 / 3), 1.0]


def test_reliability_bands() -> None:
    bands = reliability(np.array([0.05, 0.91, 0.93, 0.94, 1.0]), np.array([False, True, True, False, True]))
    assert [(b.low, b.high, b.pairs) for b in bands] == [(0.0, 0.1, 1), (0.9, 0.95, 3), (0.99, 1.0, 1)]
    assert bands[1].said == pytest.approx(0.9267, abs=1e-4)
    assert bands[1].observed == pytest.approx(2 / 3)


def test_mistakes_once_each_and_the_surest_first() -> None:
    clusters, truth = np.array([0, 0, 0, 3, 3, 5, 5]), np.array([1, 1, 2, 3, 4, 4, 4])
    left, right = np.array([0, 1, 3]), np.array([2, 2, 4])
    assert false_merges(clusters, truth, left, right, np.array([1.0, 9.0, 4.0])) == [(1, 2), (3, 4)]
    assert false_merges(clusters, truth, left[:0], right[:0], np.empty(0)) == [(0, 2), (3, 4)]
    assert misses(clusters, truth) == [(4, 5)]
    assert misses(truth, truth) == []


def test_a_sample_reaches_every_stratum() -> None:
    probability = np.concatenate([np.full(5000, 0.999), np.full(300, 0.95), np.full(40, 0.8), np.full(90, 0.5)])
    stratum = strata_of(probability, np.arange(5430) < 5340)
    assert np.bincount(stratum).tolist() == [90, 40, 300, 5000]
    chosen = draw(stratum, 200, seed=1)
    assert len(set(chosen.tolist())) == len(chosen) <= 200
    assert np.bincount(stratum[chosen]).min() >= 15
    assert draw(stratum, 200, seed=1).tolist() == chosen.tolist()
    assert len(draw(stratum[:0], 200, seed=1)) == 0


def test_a_stratified_estimate_weighs_strata_by_their_pairs() -> None:
    sure, unsure = Stratum("sure", True, 900, 50, 50), Stratum("unsure", True, 100, 50, 25)
    found = estimate_share([sure, unsure])
    assert found == pytest.approx(0.95)
    assert found.low < 0.95 < found.high
    assert not estimate_share([sure, Stratum("unasked", True, 10)]).defined
    assert not estimate_share([]).defined


def test_judging_everything_leaves_no_doubt() -> None:
    found = estimate_share([Stratum("all", True, 30, 30, 27)])
    assert (found.low, found, found.high) == (0.9, 0.9, 0.9)


def test_a_clerical_sample_finds_the_truth() -> None:
    """Simulated verdicts on a drawn sample: about 95 of 100 intervals hold the real precision."""
    generator = np.random.default_rng(3)
    probability = generator.beta(8, 1, 4000)
    same = generator.random(4000) < probability
    stratum = strata_of(probability, np.ones(4000, dtype=np.bool_))
    held = 0
    for seed in range(200):
        chosen = draw(stratum, 250, seed)
        strata = [
            Stratum(
                str(k),
                True,
                int((stratum == k).sum()),
                int((stratum[chosen] == k).sum()),
                int((same[chosen] & (stratum[chosen] == k)).sum()),
            )
            for k in (1, 2, 3)
        ]
        found = estimate_share(strata)
        held += found.low <= same.mean() <= found.high
    assert held / 200 > 0.9
