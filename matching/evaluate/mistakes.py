"""The mistakes worth looking at, one pair of records for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matching.arrays import FloatArray, IntArray

Pairs = Sequence[tuple[int, int]]


def false_merges(
    clusters: IntArray, truth: npt.ArrayLike, left: IntArray, right: IntArray, weight: FloatArray
) -> list[tuple[int, int]]:
    """Return one pair for every two customers that share a cluster, the link that spoke most for it first.

    Args:
        clusters, truth: one label per record, shape (records,).
        left, right, weight: scored links; customers brought together without a link of their own come last, with the
            first record of each.
    """
    true = np.unique(np.asarray(truth), return_inverse=True)[1].ravel()
    wrong = (clusters[left] == clusters[right]) & (true[left] != true[right])
    found: dict[tuple[int, int, int], tuple[int, int]] = {}
    for at in np.flatnonzero(wrong)[np.argsort(-weight[wrong], kind="stable")]:
        a, b = int(left[at]), int(right[at])
        found.setdefault(_mixed(clusters, true, a, b), (a, b))
    for first, members in _parts(clusters, true):
        for other in members:
            found.setdefault(_mixed(clusters, true, first, other), (min(first, other), max(first, other)))
    return list(found.values())


def misses(clusters: IntArray, truth: npt.ArrayLike) -> list[tuple[int, int]]:
    """Return one pair for every part of a customer that is not in the cluster with most of the customer's records.

    Args:
        clusters, truth: one label per record, shape (records,).
    """
    true = np.unique(np.asarray(truth), return_inverse=True)[1].ravel()
    return [(min(first, one), max(first, one)) for first, rest in _parts(true, clusters) for one in rest]


def _mixed(clusters: IntArray, true: npt.NDArray[np.intp], a: int, b: int) -> tuple[int, int, int]:
    """Return what a wrong merge is: the cluster and the two customers."""
    return int(clusters[a]), min(int(true[a]), int(true[b])), max(int(true[a]), int(true[b]))


def _parts(whole: npt.NDArray[np.integer], part: npt.NDArray[np.integer]) -> list[tuple[int, list[int]]]:
    """Return, for every label of ``whole`` that is in several parts, one record of the largest and of each other."""
    _, whole_of = np.unique(whole, return_inverse=True)
    keys = whole_of.astype(np.int64) * (len(part) + 1) + np.unique(part, return_inverse=True)[1]
    distinct, first, count = np.unique(keys, return_index=True, return_counts=True)
    order = np.lexsort((first, -count, distinct // (len(part) + 1)))
    group = (distinct // (len(part) + 1))[order]
    starts = np.flatnonzero(np.diff(group)) + 1
    return [(int(rows[0]), rows[1:].tolist()) for rows in np.split(first[order], starts) if len(rows) > 1]
