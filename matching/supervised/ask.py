"""The pairs most worth asking a steward next.

A question is worth more the less sure the model is of it (uncertainty sampling, Lewis and Gale 1994) and the more
records the answer brings together or keeps apart. Questions that resemble one already chosen, in pattern or in
customers, are worth less: a batch of twenty asks twenty things. (Preferring patterns that many pairs show was tried: it
asks about pairs that are hardly ever the same, and learns less from as many answers.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matching.arrays import FloatArray, IntArray
from matching.patterns import patterns

if TYPE_CHECKING:
    from matching.result import MatchResult

WORTH_LOOKING_AT = 5_000
"""Most valuable pairs among which a batch is chosen."""


@dataclass(frozen=True, slots=True)
class Question:
    """A pair of rows to ask about.

    Attributes:
        left, right: row numbers, left < right.
        probability: that they are one customer.
        records: rows of the customers the answer decides about.
    """

    left: int
    right: int
    probability: float
    records: int


def questions(result: MatchResult, count: int, known: IntArray | None = None) -> list[Question]:
    """Choose pairs to ask about.

    Args:
        result: of matching the table.
        count: how many at most.
        known: pairs of rows that were judged before, shape (pairs, 2); they are not asked again.

    Returns:
        The questions, the most valuable first.
    """
    left, right = _open(result, known)
    if not len(left):
        return []
    sure = result.probabilities(left, right)
    shown = patterns(result.evidence(left, right)[1])
    sizes = np.bincount(result.clusters, minlength=len(result.clusters))
    a, b = result.clusters[left], result.clusters[right]
    records = np.where(a == b, sizes[a], sizes[a] + sizes[b])
    value = 4 * sure * (1 - sure) * (1 + np.log(records))
    top = np.lexsort((right, left, -value))[:WORTH_LOOKING_AT]
    chosen = top[_batch(value[top], [shown.inverse[top], a[top], b[top]], count)]
    return [Question(int(left[i]), int(right[i]), float(sure[i]), int(records[i])) for i in chosen.tolist()]


def _open(result: MatchResult, known: IntArray | None) -> tuple[IntArray, IntArray]:
    """Return the candidate pairs as rows, without those that were judged or decided."""
    pairs = result.compared()
    first = np.unique(pairs.record_of, return_index=True)[1]
    ends = np.stack([pairs.left, pairs.right])
    if known is not None and len(known):
        judged = pairs.record_of[np.asarray(known, dtype=np.int64)]
        keys = judged.min(axis=1) * pairs.records + judged.max(axis=1)
        ends = ends[:, ~np.isin(ends[0] * pairs.records + ends[1], keys)]
    rows = np.sort(first[ends], axis=0)
    return rows[0], rows[1]


def _batch(value: FloatArray, alike: list[IntArray], count: int) -> IntArray:
    """Choose greedily; each choice makes what resembles it in any of ``alike`` worth less."""
    left = value.copy()
    times = np.ones(len(value))
    chosen: list[int] = []
    for _ in range(min(count, len(value))):
        best = int(np.argmax(left))
        if left[best] <= 0:
            break
        chosen.append(best)
        for kind in alike:
            times += kind == kind[best]
        left = value / times
        left[chosen] = 0.0
    return np.array(chosen, dtype=np.int64)
