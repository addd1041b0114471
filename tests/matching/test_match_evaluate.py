"""Pairwise and B-cubed figures against counting by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import evaluate

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=15)


@given(LABELS)
def test_against_counting(pairs: list[tuple[int, int]]) -> None:
    found, truth = [p[0] for p in pairs], [p[1] for p in pairs]
    result = evaluate(found, truth)
    both = sum(found[i] == found[j] and truth[i] == truth[j] for i, j in combinations(range(len(pairs)), 2))
    merged = sum(found[i] == found[j] for i, j in combinations(range(len(pairs)), 2))
    true = sum(truth[i] == truth[j] for i, j in combinations(range(len(pairs)), 2))
    assert (result.right_pairs, result.merged_pairs, result.true_pairs) == (both, merged, true)
    assert result.pairwise.precision == pytest.approx(both / merged if merged else 1.0)
    assert result.pairwise.recall == pytest.approx(both / true if true else 1.0)
    cubed = [sum(p == q for q in pairs) / sum(p[0] == q[0] for q in pairs) for p in pairs]
    assert result.b_cubed.precision == pytest.approx(sum(cubed) / len(cubed))
    perfect = evaluate(truth, truth)
    assert (perfect.pairwise.f1, perfect.b_cubed.f1) == (1.0, pytest.approx(1.0))


def test_example_of_bagga_and_baldwin() -> None:
    result = evaluate([1] * 5 + [2] * 7, [1] * 5 + [2] * 2 + [3] * 5)
    assert result.b_cubed.precision == pytest.approx(0.76, abs=0.005)
    assert result.b_cubed.recall == 1.0
