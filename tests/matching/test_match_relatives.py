"""Households are told from customers in tables of any size, also where the data alone do not show them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.persons import generate
from matching import MatchColumn, match
from matching.evaluate import evaluate


@pytest.mark.parametrize("records", [4_000, 20_000])
def test_a_household_is_not_a_customer(records: int, person_columns: list[MatchColumn]) -> None:
    table = generate(records)
    result = match(table, person_columns)
    found = evaluate(np.asarray(table["person"].to_numpy()), result.clusters)
    assert found.pairwise.precision >= 0.98
    assert found.pairwise.recall >= 0.95
