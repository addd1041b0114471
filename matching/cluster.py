"""From scored pairs to customers: components, completed, then average linkage.

Single links chain strangers together; requiring all links loses noisy duplicates. Average linkage on clipped log odds
asks that two groups fit on the whole. A forbidden pair is infinitely far apart, so no cluster can hold one, not even
through a third record; a required pair is infinitely near. A silent pair, which says too little to be one customer and
nothing against it (one has the telephone number, the other the birth date, a third has both), neither joins nor parts:
the odds against two records picked at random are no evidence against two that a third brings together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import BoolArray, FloatArray, IntArray, distinct_sorted
from matching.linkage import CLIP, OFFSET, distances, linked, triples
from matching.precision import CAUTIOUS, EVEN, Precision
from matching.score import FORBIDDEN
from matching.settings import MatchSettings

LINK = -1.0
"""Log odds from which a pair joins a component."""
STEP = 2.0
HIGHEST = 40.0
"""A component still too large at these log odds is cut into pieces in the order of its records."""


class Score(Protocol):
    """What is asked about pairs of records, left < right."""

    def __call__(self, left: IntArray, right: IntArray) -> FloatArray:
        """Return log odds in nats, shape (pairs,)."""

    def silent(self, left: IntArray, right: IntArray) -> BoolArray:
        """Tell which pairs say nothing against being one customer, however unlikely they are, shape (pairs,)."""


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters of distinct records.

    Attributes:
        labels: per record the smallest record of its cluster.
        left, right, odds: every scored pair, those completed inside components included.
        joins: pairs inside components with the log odds at which linkage brings the two together: those of the pair
            itself where it stands alone, the mean between their groups where there are more.
        split: components that were too large and were cut without being examined whole.
    """

    labels: IntArray
    left: IntArray
    right: IntArray
    odds: FloatArray
    joins: Scored
    split: int


@dataclass(frozen=True, eq=False)
class Scored:
    """Scored pairs of distinct records, left < right, in the order of ``left * records + right``."""

    left: IntArray
    right: IntArray
    odds: FloatArray
    records: int

    def lookup(self, a: IntArray, b: IntArray) -> tuple[FloatArray, IntArray]:
        """Return the log odds of pairs, and the positions of those that were not scored."""
        found = np.zeros(len(a))
        if not len(self.left):
            return found, np.arange(len(a))
        known = self.left * self.records + self.right
        keys = a * self.records + b
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        hit = known[at] == keys
        found[hit] = self.odds[at[hit]]
        return found, np.flatnonzero(~hit)


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of records, one after the other: the records of all of them, in order inside each, and their sizes."""

    members: IntArray
    sizes: IntArray

    @staticmethod
    def of(labels: IntArray, wanted: BoolArray) -> Groups:
        """Return the records of every wanted component.

        Args:
            labels: component of every record.
            wanted: per component, whether it is.
        """
        rows = np.flatnonzero(wanted[labels])
        sizes = np.bincount(labels[rows], minlength=len(wanted))
        return Groups(rows[np.argsort(labels[rows], kind="stable")], sizes[wanted])

    def cut(self, largest: int) -> Groups:
        """Return the same records in pieces of at most ``largest``."""
        pieces = [min(largest, size - at) for size in self.sizes.tolist() for at in range(0, size, largest)]
        return Groups(self.members, np.array(pieces, dtype=np.int64))


def cluster(pairs: Scored, score: Score, merge: float, settings: MatchSettings) -> Clustering:
    """Cluster distinct records.

    Args:
        pairs: candidates and their log odds.
        score: scores further pairs.
        merge: log odds from which records merge, on average over all pairs a join brings together.
        settings: largest component.

    Returns:
        The same clusters for the same pairs, whatever their order was before.
    """
    groups, split = _groups(pairs, settings.largest_component)
    blocks = list(_by_size(groups))
    empty = np.empty(0, np.int64)
    a = np.concatenate([members[:, i].ravel() for members, i, _ in blocks] or [empty])
    b = np.concatenate([members[:, j].ravel() for members, _, j in blocks] or [empty])
    found, missing = pairs.lookup(a, b)
    found[missing] = score(a[missing], b[missing])
    labels = np.arange(pairs.records)
    several = np.concatenate([np.full(len(members) * len(i), len(i) > 1) for members, i, _ in blocks] or [empty])
    inside = Scored(a, b, found, pairs.records)
    joined = _neutral(inside, several.astype(np.bool_), merge, score)
    at = 0
    for members, i, _ in blocks:
        part = slice(at, at + len(members) * len(i))
        joined[part] = _cut(members, joined[part].reshape(len(members), len(i)), merge, labels).ravel()
        at = part.stop
    return Clustering(
        labels=labels,
        left=np.concatenate([pairs.left, a[missing]]),
        right=np.concatenate([pairs.right, b[missing]]),
        odds=np.concatenate([pairs.odds, found[missing]]),
        joins=replace(inside, odds=joined),
        split=split,
    )


def completed(pairs: Scored, score: Score, settings: MatchSettings) -> Scored:
    """Score the pairs inside components once for all thresholds; a component too large depends on the threshold."""
    found = cluster(pairs, score, EVEN, settings)
    if found.split:
        return pairs
    order = np.lexsort((found.right, found.left))
    return Scored(found.left[order], found.right[order], found.odds[order], pairs.records)


def precision_of(pairs: Scored, score: Score, settings: MatchSettings) -> Precision:
    """Return how precise merging is at every threshold, judged by how the records of a table hang together."""
    least = CAUTIOUS if pairs.records <= settings.small_table else EVEN
    return Precision.expected(cluster(pairs, score, EVEN, settings).joins.odds, least)


def _by_size(groups: Sequence[Groups]) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Yield groups of one size together, shape (groups, size), and the positions of the ends of their pairs."""
    sizes = np.concatenate([*(one.sizes for one in groups), np.empty(0, np.int64)])
    flat = np.concatenate([*(one.members for one in groups), np.empty(0, np.int64)])
    starts = np.cumsum(sizes) - sizes
    for size in distinct_sorted(sizes):
        i, j = np.triu_indices(size, 1)
        yield flat[starts[sizes == size][:, None] + np.arange(size)], i, j


def _groups(pairs: Scored, largest: int) -> tuple[list[Groups], int]:
    """Return the components of linked records; one that is too large is split at higher odds."""
    left, right, odds, records = pairs.left, pairs.right, pairs.odds, pairs.records
    found: list[Groups] = []
    split = 0
    threshold = LINK
    keep = odds > threshold
    while keep.any():
        left, right, odds = left[keep], right[keep], odds[keep]
        labels = connected_components(_graph(records, left, right), directed=False)[1].astype(np.int64)
        sizes = np.bincount(labels)
        found.append(Groups.of(labels, (sizes > 1) & (sizes <= largest)))
        threshold += STEP
        keep = (sizes[labels[left]] > largest) & (odds > threshold) & (threshold < HIGHEST)
        stuck = sizes > largest
        stuck[labels[left[keep]]] = False
        whole = Groups.of(labels, stuck)
        split += len(whole.sizes)
        found.append(whole.cut(largest))
    return found, split


def _graph(records: int, left: IntArray, right: IntArray) -> coo_array:
    """Return the links as a sparse matrix."""
    return coo_array((np.ones(len(left), np.int8), (left, right)), shape=(records, records))


def _neutral(pairs: Scored, several: BoolArray, merge: float, score: Score) -> FloatArray:
    """Return the odds of pairs inside components, those of silent pairs raised to where they tip no balance.

    Args:
        pairs: in any order.
        several: which are not the only ones of their component.
        merge: log odds from which records merge.
        score: knows which are silent.
    """
    found = pairs.odds.copy()
    low = np.flatnonzero(several & (found < merge) & (found > FORBIDDEN))
    if len(low):
        found[low[score.silent(pairs.left[low], pairs.right[low])]] = merge
    return found


def _cut(members: IntArray, odds: FloatArray, merge: float, labels: IntArray) -> FloatArray:
    """Label the clusters inside groups of one size by average linkage.

    Args:
        members: shape (groups, size).
        odds: of all pairs of each group, shape (groups, pairs).
        merge: log odds from which records merge.
        labels: of all records; those of merged records are set to the smallest of them.

    Returns:
        The log odds at which each pair comes together, shape (groups, pairs).
    """
    whole = odds.min(axis=1) > merge
    labels[members[whole]] = members[whole, :1]
    joined = odds.copy()
    if members.shape[1] < 3:
        return joined
    rest = np.flatnonzero(~whole)
    distance = distances(odds[rest])
    limit = OFFSET + CLIP - merge - 1e-9
    if members.shape[1] == 3:
        flat, joined[rest] = triples(distance, limit)
        labels[members[rest]] = np.take_along_axis(members[rest], flat, axis=1)
    else:
        ends = np.triu_indices(members.shape[1], 1)
        for row, far in zip(rest, distance, strict=True):
            first, heights = linked(far, members.shape[1], limit)
            joined[row] = heights[ends]
            labels[members[row]] = members[row][first]
    return joined
