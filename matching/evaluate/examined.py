"""What was looked at: blocking recall, reduction ratio, and the recall that the review queue still allows.

Pairs completeness and reduction ratio follow Christen (2012), *Data Matching*, 7.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import IntArray
from matching.evaluate.clusters import Evaluation, evaluate
from matching.evaluate.estimate import Estimate, ratio

CHUNK = 500_000


@dataclass(frozen=True, slots=True)
class Examined:
    """What blocking let through.

    Attributes:
        recall: share of the true pairs that were compared (pairs completeness); equal rows count as compared.
        reduction: share of all possible pairs of distinct records that need not be compared (reduction ratio).
        pairs: distinct-record pairs compared, of ``possible``.
    """

    recall: Estimate
    reduction: float
    pairs: int
    possible: int

    def to_dict(self) -> Mapping[str, Any]:
        """Return the figures as JSON-serialisable data."""
        counts = {"reduction": self.reduction, "pairs": self.pairs, "possible": self.possible}
        return {"recall": self.recall.to_dict(), **counts}


def examined(record_of: IntArray, truth: npt.ArrayLike, left: IntArray, right: IntArray, records: int) -> Examined:
    """Say how much of what is true was compared.

    Args:
        record_of: distinct record of every row whose truth is known, shape (rows,).
        truth: one label per such row.
        left, right: distinct records of every pair that was compared, each pair once.
        records: number of distinct records.
    """
    entity = np.unique(np.asarray(truth), return_inverse=True)[1].ravel()
    shape = (records, int(entity.max(initial=-1)) + 1)
    held = coo_array((np.ones(len(entity)), (record_of, entity)), shape=shape).tocsr()
    held.sum_duplicates()
    reached = np.bincount(held.indices, held.data * (held.data - 1) / 2, minlength=shape[1]).astype(np.float64)
    for at in range(0, len(left), CHUNK):
        both = held[left[at : at + CHUNK]].multiply(held[right[at : at + CHUNK]])
        reached += np.asarray(both.sum(axis=0)).ravel()
    sizes = np.bincount(entity, minlength=shape[1]).astype(np.float64)
    possible = records * (records - 1) // 2
    reduction = 1 - len(left) / possible if possible else 0.0
    return Examined(ratio(reached, sizes * (sizes - 1) / 2), reduction, len(left), possible)


def after_review(clusters: npt.ArrayLike, truth: npt.ArrayLike, left: IntArray, right: IntArray) -> Evaluation:
    """Evaluate what a steward would reach who answers every question of the review queue rightly.

    Args:
        clusters, truth: one label per record, shape (records,).
        left, right: records of every pair to review.
    """
    found = np.unique(np.asarray(clusters), return_inverse=True)[1].ravel()
    true = np.unique(np.asarray(truth), return_inverse=True)[1].ravel()
    same = true[left] == true[right]
    count = int(found.max(initial=-1)) + 1
    edges = coo_array((np.ones(int(same.sum())), (found[left[same]], found[right[same]])), shape=(count, count))
    joined = connected_components(edges, directed=False)[1][found] if count else found
    return evaluate(joined, true)
