"""What changes between two clusterings of the same rows: which customers merge, split, or are regrouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import IntArray

Kind = Literal["merge", "split", "regroup"]


@dataclass(frozen=True, eq=False)
class Change:
    """Rows whose clusters are others than before.

    Attributes:
        before, after: the clusters these rows form, each as row numbers in order; both hold the same rows.
    """

    before: Sequence[IntArray]
    after: Sequence[IntArray]

    @property
    def kind(self) -> Kind:
        """``merge`` where several clusters become one, ``split`` where one becomes several, else ``regroup``."""
        if len(self.after) == 1:
            return "merge"
        return "split" if len(self.before) == 1 else "regroup"

    @property
    def rows(self) -> int:
        """Rows that are affected."""
        return sum(len(one) for one in self.before)


@dataclass(frozen=True, eq=False)
class Difference:
    """Everything that changes between two clusterings.

    Attributes:
        rows: rows there are.
        before, after: number of clusters.
        changes: what changes, the largest first.
        joined, parted: pairs of rows that are together only after, only before.
    """

    rows: int
    before: int
    after: int
    changes: Sequence[Change]
    joined: int
    parted: int

    @property
    def churn(self) -> float:
        """Share of the rows whose cluster is another than before, 0–1."""
        return sum(one.rows for one in self.changes) / self.rows if self.rows else 0.0

    def count(self, kind: Kind) -> int:
        """Return the number of changes of a kind."""
        return sum(one.kind == kind for one in self.changes)


def difference(before: npt.ArrayLike, after: npt.ArrayLike) -> Difference:
    """Compare two clusterings.

    Args:
        before, after: one label per row, shape (rows,); what the labels are called does not matter.
    """
    a = np.unique(np.asarray(before), return_inverse=True)[1].ravel().astype(np.int64)
    b = np.unique(np.asarray(after), return_inverse=True)[1].ravel().astype(np.int64)
    sizes_a, sizes_b = np.bincount(a), np.bincount(b)
    _, place, shared = np.unique(a * max(len(sizes_b), 1) + b, return_inverse=True, return_counts=True)
    moved = np.flatnonzero((shared[place] != sizes_a[a]) | (shared[place] != sizes_b[b]))
    both = _pairs(shared)
    return Difference(
        rows=len(a),
        before=len(sizes_a),
        after=len(sizes_b),
        changes=_changes(a, b, moved),
        joined=_pairs(sizes_b) - both,
        parted=_pairs(sizes_a) - both,
    )


def _changes(a: IntArray, b: IntArray, moved: IntArray) -> list[Change]:
    """Return the connected groups of clusters that exchange rows, the largest first."""
    if not len(moved):
        return []
    count = int(a.max()) + 1
    ends = (a[moved], b[moved] + count)
    nodes = count + int(b.max()) + 1
    graph = coo_array((np.ones(len(moved), np.int8), ends), shape=(nodes, nodes))
    group = connected_components(graph, directed=False)[1][a[moved]]
    order = np.argsort(group, kind="stable")
    found = []
    for rows in np.split(moved[order], np.flatnonzero(np.diff(group[order])) + 1):
        found.append(Change(_split(rows, a[rows]), _split(rows, b[rows])))
    return sorted(found, key=lambda one: (-one.rows, int(min(part[0] for part in one.before))))


def _split(rows: IntArray, labels: IntArray) -> list[IntArray]:
    """Return the rows of every label, the label with the smallest row first."""
    order = np.lexsort((rows, labels))
    parts = np.split(rows[order], np.flatnonzero(np.diff(labels[order])) + 1)
    return sorted(parts, key=lambda part: int(part[0]))


def _pairs(sizes: npt.NDArray[np.int64]) -> int:
    """Return the number of pairs inside groups of these sizes."""
    return int((sizes.astype(np.int64) * (sizes.astype(np.int64) - 1) // 2).sum())
