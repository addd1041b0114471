"""Components found by stars are the components scipy finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.spark.components import components

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]


def expected(edges: np.ndarray) -> dict[int, int]:
    """Return the smallest record of each record's component, by scipy."""
    count = int(edges.max()) + 1
    graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    labels = connected_components(graph, directed=False)[1]
    smallest = np.full(labels.max() + 1, count)
    np.minimum.at(smallest, labels, np.arange(count))
    return {int(r): int(smallest[labels[r]]) for r in np.unique(edges)}


def found(spark: SparkSession, edges: np.ndarray) -> dict[int, int]:
    """Return what the stars find; no record may come twice."""
    frame = spark.createDataFrame([(int(a), int(b)) for a, b in edges], "a bigint, b bigint")
    rows = components(frame).collect()
    labels = {row.record: row.component for row in rows}
    assert len(labels) == len(rows)
    return labels


def chain(length: int) -> np.ndarray:
    """Return a path through records in no order: the worst case for hopping labels."""
    order = np.random.default_rng(5).permutation(length)
    return np.stack([order[:-1], order[1:]], axis=1)


GRAPHS = {
    "random": np.random.default_rng(1).integers(0, 3000, (2000, 2)),
    "dense": np.random.default_rng(2).integers(0, 60, (500, 2)),
    "chain": chain(300),
    "star around the largest": np.array([[i, 400] for i in range(400)]),
    "two that share nothing, one named twice": np.array([[7, 3], [3, 7], [12, 9]]),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_stars_find_the_components_scipy_finds(spark: SparkSession, name: str) -> None:
    assert found(spark, GRAPHS[name]) == expected(GRAPHS[name])


def test_no_links_are_no_components(spark: SparkSession) -> None:
    assert components(spark.createDataFrame([], "a bigint, b bigint")).collect() == []
