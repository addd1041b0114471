"""What holds a cluster together: the tree of its strongest links, and the weakest of them.

The tree is the maximum spanning tree over the scores of all pairs (Prim 1957): every record hangs on the rest by the
best link it has. Cutting the weakest link divides the cluster where it would come apart first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.arrays import FloatArray

LARGEST = 2_000
"""Records of a cluster that are explained; larger ones are cut to the first of them."""


@dataclass(frozen=True, slots=True)
class TreeLink:
    """One link of the tree: two rows, their weight in bits and how likely they are one customer."""

    left: int
    right: int
    weight: float
    probability: float

    def to_dict(self) -> Mapping[str, Any]:
        """Return the link as JSON-serialisable data."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class ClusterExplanation:
    """What holds a cluster together.

    Attributes:
        rows: its rows, rising.
        links: the tree, strongest first; one fewer than rows.
        leaves: the rows that would leave if the weakest link were cut: the smaller side, the later one where equal.
        model: version of the model.
    """

    rows: tuple[int, ...]
    links: tuple[TreeLink, ...]
    leaves: tuple[int, ...]
    model: str

    @property
    def weakest(self) -> TreeLink | None:
        """The link that would give way first; None for a single record."""
        return self.links[-1] if self.links else None

    def to_dict(self) -> Mapping[str, Any]:
        """Return the explanation as JSON-serialisable data."""
        links = [link.to_dict() for link in self.links]
        return {"rows": list(self.rows), "links": links, "leaves": list(self.leaves), "model": self.model}


def explain_cluster(
    rows: Sequence[int], weights: FloatArray, probabilities: FloatArray, model: str
) -> ClusterExplanation:
    """Find the tree of a cluster.

    Args:
        rows: its rows, rising.
        weights, probabilities: of every pair, symmetric, shape (rows, rows); the diagonal is not looked at.
        model: version of the model.
    """
    ends = _tree(weights)
    order = sorted(range(len(ends)), key=lambda at: (-weights[ends[at]], ends[at]))
    links = tuple(
        TreeLink(rows[min(ends[at])], rows[max(ends[at])], float(weights[ends[at]]), float(probabilities[ends[at]]))
        for at in order
    )
    cut = _side([ends[at] for at in order[:-1]], len(rows), ends[order[-1]][1]) if order else set()
    smaller = cut if 2 * len(cut) < len(rows) or (2 * len(cut) == len(rows) and 0 not in cut) else _rest(cut, len(rows))
    return ClusterExplanation(tuple(rows), links, tuple(rows[one] for one in sorted(smaller)), model)


def _tree(weights: FloatArray) -> list[tuple[int, int]]:
    """Return the edges of the maximum spanning tree, grown from the first row; ties go to the smaller row."""
    count = len(weights)
    outside = np.arange(count) > 0
    best, source = weights[0].copy() if count else np.empty(0), np.zeros(count, dtype=np.int64)
    edges = []
    for _ in range(count - 1):
        nearest = int(np.argmax(np.where(outside, best, -np.inf)))
        edges.append((int(source[nearest]), nearest))
        outside[nearest] = False
        closer = outside & (weights[nearest] > best)
        best[closer], source[closer] = weights[nearest][closer], nearest
    return edges


def _side(edges: Sequence[tuple[int, int]], count: int, start: int) -> set[int]:
    """Return what is connected with ``start``."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    label = connected_components(graph, directed=False)[1]
    return set(np.flatnonzero(label == label[start]).tolist())


def _rest(side: set[int], count: int) -> set[int]:
    """Return what is on the other side."""
    return set(range(count)) - side
