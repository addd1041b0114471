"""Pairwise, B-cubed and exact figures against counting by hand and against recordlinkage."""

from __future__ import annotations

import math
from itertools import combinations

import pandas as pd
import pytest
import recordlinkage
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import evaluate

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=15)


def links(labels: list[int]) -> set[tuple[int, int]]:
    return {(i, j) for i, j in combinations(range(len(labels)), 2) if labels[i] == labels[j]}


@given(LABELS)
def test_against_counting(pairs: list[tuple[int, int]]) -> None:
    found, truth = [p[0] for p in pairs], [p[1] for p in pairs]
    result = evaluate(found, truth)
    both, merged, true = links(found) & links(truth), links(found), links(truth)
    assert (result.right_pairs, result.merged_pairs, result.true_pairs) == (len(both), len(merged), len(true))
    assert result.pairwise.precision == pytest.approx(len(both) / len(merged) if merged else math.nan, nan_ok=True)
    assert result.pairwise.recall == pytest.approx(len(both) / len(true) if true else math.nan, nan_ok=True)
    cubed = [sum(p == q for q in pairs) / sum(p[0] == q[0] for q in pairs) for p in pairs]
    assert result.b_cubed.precision == pytest.approx(sum(cubed) / len(cubed))
    clusters = {frozenset(i for i, x in enumerate(found) if x == one) for one in found}
    customers = {frozenset(i for i, x in enumerate(truth) if x == one) for one in truth}
    assert result.right_clusters == sum(len(c) > 1 for c in clusters & customers)
    assert result.merged_clusters == sum(len(c) > 1 for c in clusters)


@given(LABELS)
def test_swapping_clusters_and_truth_swaps_precision_and_recall(pairs: list[tuple[int, int]]) -> None:
    found, truth = [p[0] for p in pairs], [p[1] for p in pairs]
    one, other = evaluate(found, truth), evaluate(truth, found)
    for name in ("pairwise", "b_cubed", "exact"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.precision == pytest.approx(b.recall, nan_ok=True)
        assert a.precision.low == pytest.approx(b.recall.low, nan_ok=True)
        assert a.f1 == pytest.approx(b.f1, nan_ok=True)


@given(LABELS)
def test_every_interval_holds_its_figure(pairs: list[tuple[int, int]]) -> None:
    result = evaluate([p[0] for p in pairs], [p[1] for p in pairs])
    for figures in (result.pairwise, result.b_cubed, result.exact):
        for one in (figures.precision, figures.recall, figures.f1):
            assert not one.defined or 0 <= one.low <= one <= one.high <= 1


@given(LABELS)
def test_the_truth_is_perfect(pairs: list[tuple[int, int]]) -> None:
    truth = [p[1] for p in pairs]
    perfect = evaluate(truth, truth)
    assert perfect.b_cubed.f1 == pytest.approx(1.0)
    assert not perfect.pairwise.f1.defined or perfect.pairwise.f1 == 1.0


@given(LABELS)
def test_recordlinkage_counts_the_same(pairs: list[tuple[int, int]]) -> None:
    found, truth = [p[0] for p in pairs], [p[1] for p in pairs]
    result = evaluate(found, truth)
    if not links(found) & links(truth):
        return  # recordlinkage divides by nought
    true, merged = (pd.MultiIndex.from_tuples(sorted(links(one))) for one in (truth, found))
    assert result.pairwise.precision == pytest.approx(recordlinkage.precision(true, merged))
    assert result.pairwise.recall == pytest.approx(recordlinkage.recall(true, merged))
    total = len(found) * (len(found) - 1) // 2
    assert result.pairwise.f1 == pytest.approx(
        recordlinkage.fscore(recordlinkage.confusion_matrix(true, merged, total))
    )


def test_example_of_bagga_and_baldwin() -> None:
    result = evaluate([1] * 5 + [2] * 7, [1] * 5 + [2] * 2 + [3] * 5)
    assert result.b_cubed.precision == pytest.approx(0.76, abs=0.005)
    assert result.b_cubed.recall == 1.0


def test_nothing_merged_has_no_precision() -> None:
    result = evaluate(range(4), [0, 0, 1, 2])
    assert not result.pairwise.precision.defined
    assert result.pairwise.to_dict()["precision"] == {"value": None, "low": None, "high": None}
    assert (result.pairwise.recall, result.pairwise.f1) == (0.0, 0.0)


def test_nobody_at_all() -> None:
    result = evaluate([], [])
    assert not result.b_cubed.f1.defined
    assert (result.records, result.largest) == (0, 0)
