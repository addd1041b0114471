"""Pairs of rows with a verdict, and verdicts that cannot all be true."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.arrays import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Labels:
    """Judged pairs of rows, left < right, each pair once per verdict, in order.

    Attributes:
        left, right: row numbers, shape (pairs,).
        same: whether the two rows are one customer, shape (pairs,).
    """

    left: IntArray
    right: IntArray
    same: BoolArray

    def __len__(self) -> int:
        return len(self.same)

    @staticmethod
    def of(verdicts: Iterable[tuple[int, int, bool]]) -> Labels:
        """Build labels from (row, row, same); what is said twice counts once, a row with itself not at all."""
        ordered = sorted({(min(a, b), max(a, b), bool(same)) for a, b, same in verdicts if a != b})
        table = np.array(ordered, dtype=np.int64).reshape(-1, 3)
        return Labels(table[:, 0], table[:, 1], table[:, 2].astype(np.bool_))

    def some(self, positions: IntArray | BoolArray) -> Labels:
        """Return a part of the labels."""
        return Labels(self.left[positions], self.right[positions], self.same[positions])


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Rows said to be one customer, each with the next, whose first and last are said to be two.

    One of the verdicts is wrong; which one, only people can tell.
    """

    chain: tuple[int, ...]


def reconcile(labels: Labels) -> tuple[Labels, list[Contradiction]]:
    """Leave out the verdicts that contradict each other.

    Args:
        labels: verdicts as they were given.

    Returns:
        The verdicts nothing speaks against, and for every ``different`` that does not fit the shortest chain of
        ``same`` it contradicts. Neither side of a contradiction is learned from.
    """
    joined = list(zip(labels.left[labels.same].tolist(), labels.right[labels.same].tolist(), strict=True))
    neighbours: dict[int, list[int]] = {}
    for a, b in joined:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    found = []
    doubtful: set[tuple[int, int, bool]] = set()
    for a, b in zip(labels.left[~labels.same].tolist(), labels.right[~labels.same].tolist(), strict=True):
        chain = _chain(neighbours, a, b)
        if chain:
            found.append(Contradiction(chain))
            doubtful.add((a, b, False))
            doubtful.update((min(pair), max(pair), True) for pair in pairwise(chain))
    rows = zip(labels.left.tolist(), labels.right.tolist(), labels.same.tolist(), strict=True)
    kept = np.array([row not in doubtful for row in rows], dtype=np.bool_)
    return labels.some(kept), found


def _chain(neighbours: Mapping[int, list[int]], start: int, end: int) -> tuple[int, ...]:
    """Return the shortest way from one row to another, nothing where there is none."""
    if start not in neighbours or end not in neighbours:
        return ()
    before = {start: start}
    waiting = deque([start])
    while waiting and end not in before:
        here = waiting.popleft()
        for there in sorted(neighbours[here]):
            if there not in before:
                before[there] = here
                waiting.append(there)
    if end not in before:
        return ()
    chain = [end]
    while chain[-1] != start:
        chain.append(before[chain[-1]])
    return tuple(reversed(chain))
