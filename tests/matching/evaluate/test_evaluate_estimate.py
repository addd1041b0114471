"""Intervals: known values, coverage by simulation, and that related pairs do not count as independent."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import Estimate, evaluate, wilson
from matching.evaluate.estimate import ratio


def test_wilson_of_a_textbook() -> None:
    found = wilson(81 / 263, 263)  # Newcombe 1998, table I
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    none = wilson(0.0, 20)
    assert (none.low, none.high) == (0.0, pytest.approx(0.1611, abs=1e-4))


@given(st.floats(0, 1), st.floats(0.1, 1e6))
def test_wilson_holds_its_share(value: float, trials: float) -> None:
    found = wilson(value, trials)
    assert 0 <= found.low <= found <= found.high <= 1


def test_no_mistake_is_not_certainty() -> None:
    few, many = evaluate([0, 0, 1, 1], [0, 0, 1, 1]), evaluate(np.repeat(range(500), 2), np.repeat(range(500), 2))
    assert few.pairwise.precision == many.pairwise.precision == 1.0
    assert few.pairwise.precision.low < 0.5
    assert many.pairwise.precision.low > 0.99


def test_pairs_of_one_large_cluster_are_one_observation() -> None:
    found = ratio(np.array([4950.0]), np.array([4950.0]))
    assert found.low == pytest.approx(wilson(1.0, 1).low)


def test_interval_covers_the_true_precision() -> None:
    """Of clusters of two to six records each is right or wholly wrong; 95 of 100 intervals should hold the share."""
    generator = np.random.default_rng(7)
    held, rounds, real = 0, 400, 0.9
    for _ in range(rounds):
        pairs = generator.choice([1.0, 3.0, 6.0, 15.0], 300)
        found = ratio(pairs * (generator.random(300) < real), pairs)
        held += found.low <= real <= found.high
    assert held / rounds > 0.92


def test_an_estimate_travels() -> None:
    found = pickle.loads(pickle.dumps(Estimate(0.5, 0.4, 0.6)))
    assert (found, found.low, found.high) == (0.5, 0.4, 0.6)
    assert Estimate(0.5, 0.4, 0.6).to_dict() == {"value": 0.5, "low": 0.4, "high": 0.6}
