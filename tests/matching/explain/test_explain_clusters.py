"""The tree of a cluster against a naive reference, and which record leaves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import MatchResult
from matching.explain import explain_cluster


def symmetric(values: list[int], count: int) -> np.ndarray:
    weights = np.zeros((count, count))
    for value, (i, j) in zip(values, combinations(range(count), 2), strict=False):
        weights[i, j] = weights[j, i] = value
    return weights


def kruskal(weights: np.ndarray) -> float:
    """Total weight of the maximum spanning tree, edge by edge."""
    count, total = len(weights), 0.0
    group = list(range(count))
    for i, j in sorted(combinations(range(count), 2), key=lambda e: -weights[e]):
        if group[i] != group[j]:
            total += weights[i, j]
            old = group[j]
            group = [group[i] if g == old else g for g in group]
    return total


@given(st.integers(1, 7), st.lists(st.integers(-20, 40), min_size=21, max_size=21))
def test_the_tree_is_the_heaviest(count: int, values: list[int]) -> None:
    weights = symmetric(values, count)
    found = explain_cluster([10 * row for row in range(count)], weights, weights, "v")
    assert sum(link.weight for link in found.links) == pytest.approx(kruskal(weights))
    assert len(found.links) == count - 1
    assert [link.weight for link in found.links] == sorted((link.weight for link in found.links), reverse=True)
    joined = {found.rows[0]}
    for _ in found.links:
        joined |= {one for link in found.links if {link.left, link.right} & joined for one in (link.left, link.right)}
    assert joined == set(found.rows)


@given(st.integers(2, 7), st.lists(st.integers(-20, 40), min_size=21, max_size=21))
def test_cutting_the_weakest_link_divides_the_cluster(count: int, values: list[int]) -> None:
    weights = symmetric(values, count)
    found = explain_cluster(list(range(count)), weights, weights, "v")
    assert found.weakest is not None
    assert 0 < len(found.leaves) <= count / 2
    assert (found.weakest.left in found.leaves) != (found.weakest.right in found.leaves)
    for link in found.links[:-1]:
        assert (link.left in found.leaves) == (link.right in found.leaves)


def test_one_record_holds_itself_together() -> None:
    found = explain_cluster([4], np.zeros((1, 1)), np.zeros((1, 1)), "v")
    assert (found.rows, found.links, found.leaves, found.weakest) == ((4,), (), (), None)


def test_the_record_that_hangs_by_least_leaves(match_records: Callable[..., MatchResult]) -> None:
    anna = {"given_name": "Anna", "family_name": "Schmidt", "birth_date": "1970-05-11", "phone": "+49304000000"}
    people = [anna, {**anna, "email": "anna@web.de"}, {**anna, "phone": None, "given_name": "Anne"}]
    others = [{"given_name": "Bernd", "family_name": "Vogel", "birth_date": f"198{i}-01-01"} for i in range(5)]
    result = match_records("person", [*people, *others])
    assert len(set(result.clusters[:3])) == 1
    found = result.explain_cluster(1)
    assert found.rows == (0, 1, 2)
    assert found.leaves == (2,)
    assert found.weakest is not None
    assert found.weakest.right == 2
    assert found.to_dict()["leaves"] == [2]
    with pytest.raises(IndexError, match="row 99"):
        result.explain_cluster(99)
