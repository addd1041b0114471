"""Steps that are done in bulk or on several cores give what the plain way gives."""

from __future__ import annotations

import numpy as np
import pytest

import matching.arrays
from matching.arrays import distinct_of
from matching.distinct import _ordered
from matching.linkage import CLIP, OFFSET, distances, linked, triples
from matching.parallel import in_parallel


@pytest.mark.parametrize("merge", [-1.0, 0.0, 0.35])
def test_groups_of_three_are_linked_as_any_group_is(merge: float) -> None:
    generator = np.random.default_rng(1)
    ties = generator.choice([-1e6, -12.0, -1.0, 0.0, 0.3, 0.35, 2.0, 11.0, 1e6], (400, 3))
    distance = distances(np.concatenate([generator.normal(0, 6, (200, 3)), ties]))
    limit = OFFSET + CLIP - merge - 1e-9
    first, odds = triples(distance, limit)
    one_by_one = [linked(one, 3, limit) for one in distance]
    assert (first == np.stack([one for one, _ in one_by_one])).all()
    assert (odds == np.stack([heights[np.triu_indices(3, 1)] for _, heights in one_by_one])).all()


@pytest.mark.parametrize("sizes", [(), (0,), (7, 0, 3), (500, 300)])
def test_distinct_values_of_several_arrays(sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching.arrays, "WORTH_THREADS", 8)
    generator = np.random.default_rng(2)
    monkeypatch.setattr(matching.arrays, "AT_A_TIME", 60)
    parts = [np.sort(generator.integers(0, 200, size)) for size in sizes]
    expected = sorted({value for part in parts for value in part.tolist()})
    assert distinct_of(parts).tolist() == expected


def test_rows_are_ordered_by_all_keys_and_equal_ones_stay_as_they_stand() -> None:
    generator = np.random.default_rng(3)
    keys = [generator.integers(0, width, 2_000) for width in (40, 5, 3)]
    order, new = _ordered(keys)
    assert order.tolist() == np.lexsort(keys[::-1]).tolist()
    rows = np.stack(keys, axis=1)[order]
    assert new.tolist() == [True, *(rows[1:] != rows[:-1]).any(axis=1)]


def test_results_stand_in_order_whatever_begins_first() -> None:
    assert in_parallel(lambda n: n * n, [1, 5, 3], weight=lambda n: n) == [1, 25, 9]
