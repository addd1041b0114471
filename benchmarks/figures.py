"""How good an answer is: pairwise over all true pairs, and what the best threshold chosen with the truth would give."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """Precision, recall and F1; ``threshold`` in bits where it was chosen."""

    precision: float
    recall: float
    f1: float
    threshold: float | None = None

    @staticmethod
    def of(right: float, found: float, true: float, threshold: float | None = None) -> Figure:
        """Build from counts of pairs."""
        precision = right / found if found else 1.0
        recall = right / true if true else 1.0
        total = precision + recall
        return Figure(precision, recall, 2 * precision * recall / total if total else 0.0, threshold)


def pairs_within(labels: Ints) -> float:
    """Return how many pairs share a label."""
    sizes = np.unique(labels, return_counts=True)[1].astype(float)
    return float((sizes * (sizes - 1) / 2).sum())


def clustered(clusters: Ints, truth: Ints, threshold: float | None = None) -> Figure:
    """Judge a partition: every pair inside one cluster is a pair found."""
    both = np.unique(clusters, return_inverse=True)[1].astype(np.int64) * (int(truth.max(initial=0)) + 1) + truth
    return Figure.of(pairs_within(both), pairs_within(clusters), pairs_within(truth), threshold)


def best_pairs(left: Ints, right: Ints, weight: Floats, truth: Ints) -> Figure:
    """Return the best F1 any threshold on pairs reaches, without clustering; ties in weight stay together."""
    order = np.argsort(-weight, kind="stable")
    good = np.cumsum((truth[left] == truth[right])[order].astype(float))
    ends = np.flatnonzero(np.append(np.diff(weight[order]) != 0, True)) if len(order) else order
    if not len(ends):
        return Figure.of(0, 0, pairs_within(truth))
    f1 = 2 * good[ends] / (ends + 1 + pairs_within(truth))
    at = ends[int(np.argmax(f1))]
    return Figure.of(good[at], at + 1, pairs_within(truth), float(weight[order][at]))


def best_clusters(left: Ints, right: Ints, weight: Floats, truth: Ints) -> Figure:
    """Return the best F1 of connected components over every threshold.

    Only the links of a maximum spanning forest ever join two components, so these are followed one by one.
    """
    true = pairs_within(truth)
    best, found, right_pairs = Figure.of(0, 0, true), 0, 0
    members = {row: Counter([label]) for row, label in enumerate(truth.tolist())}
    parent = list(range(len(truth)))
    for value, links in groupby(forest(left, right, weight, len(truth)), key=lambda link: link[0]):
        for _, a, b in links:
            one, other = sorted((root(parent, a), root(parent, b)), key=lambda r: len(members[r]))
            few, many = members.pop(one), members[other]
            found += few.total() * many.total()
            right_pairs += sum(count * many[label] for label, count in few.items())
            many.update(few)
            parent[one] = other
        best = max(best, Figure.of(right_pairs, found, true, value), key=lambda f: f.f1)
    return best


def forest(left: Ints, right: Ints, weight: Floats, size: int) -> list[tuple[float, int, int]]:
    """Return the links of a maximum spanning forest, strongest first."""
    cost = weight.max(initial=0) - weight + 1
    tree = minimum_spanning_tree(coo_matrix((cost, (left, right)), shape=(size, size)).tocsr()).tocoo()
    order = np.argsort(tree.data, kind="stable")
    value = (weight.max(initial=0) - tree.data + 1)[order]
    return list(zip(np.round(value, 9).tolist(), tree.row[order].tolist(), tree.col[order].tolist(), strict=True))


def root(parent: list[int], row: int) -> int:
    """Return the representative of a row's component, shortening the way."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row
