"""The queue stays quick with a hundred thousand candidates, and a decision costs what its case costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pytest
from hub_pages import consolidation, day, read_all, register

from cdm.store import Store
from cdm.store.review_queue import Order, Wanted

GROUPS, SIZE = 33_334, 4
"""Cases, and golden records in each: a chain of three candidates."""
SOON = 1.0
"""Seconds; on an idle machine it takes a small part of it."""


def timed(ask: Callable[[], object]) -> float:
    begin = time.perf_counter()
    ask()
    return time.perf_counter() - begin


@pytest.mark.slow
def test_the_queue_is_quick_with_a_hundred_thousand_candidates(hub_url: str) -> None:
    count = GROUPS * SIZE
    with Store.open(hub_url) as store:
        register(store, "crm")
        rows = [{"key": str(number), "full_name": f"Person {number}"} for number in range(count)]
        read_all(store, "crm", [rows[at : at + 20_000] for at in range(0, count, 20_000)], 1)
        left = [number for number in range(1, count + 1) if number % SIZE]
        pairs = pa.table(
            {
                "left_id": pa.array(left, pa.int64()),
                "right_id": pa.array([one + 1 for one in left], pa.int64()),
                "probability": pa.array([0.2 + one % 71 / 100 for one in left], pa.float64()),
                "explanation": pa.nulls(len(left), pa.string()),
            }
        )
        assert pairs.num_rows >= 100_000
        run = store.runs.begin("consolidate", day(2))
        groups = {f"g{number:06}": [number] for number in range(1, count + 1)}
        assert store.write_portion(consolidation(groups, candidates=pairs), run.id, day(2))
        assert store.review.count(Wanted(), day(3)) == GROUPS
        for order in Order:
            page = store.review.page(Wanted(order=order), day(3))
            assert len(page) == 50
            far = store.review.page(Wanted(order=order, source="crm"), day(3), limit=500)[-1].id
            assert timed(partial(store.review.page, Wanted(order=order), day(3))) < SOON
            assert timed(partial(store.review.page, Wanted(order=order, source="crm"), day(3), after=far)) < SOON
        rare = Wanted(entity="person", reason="uncertain", likely_from=0.9, waiting_since=day(4))
        assert timed(lambda: store.review.page(rare, day(3))) < SOON
        assert timed(lambda: store.review.find(77_777, day(3))) < SOON
        assert timed(lambda: store.review.progress("ann", day(2), day(3))) < SOON
        run = store.runs.begin("consolidate", day(3))
        merged = consolidation({"g000001": [1, 2]}, candidates=pairs.slice(1, 1), scope=[1, 2], retired=["g000002"])
        assert timed(lambda: store.write_portion(merged, run.id, day(3))) < SOON
        found = store.review.find(1, day(3))
        assert found is not None
        assert (len(found.golden), found.records) == (3, 4)
