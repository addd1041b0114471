"""Which columns depend on each other: the maximum-information tree of Chow and Liu (1968).

City and postcode, e-mail and name, household telephone and street: counted as independent, they would be counted twice.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from matching.arrays import FloatArray
from matching.compare.levels import CLOSE, LEVELS, NEAR
from matching.mixture.classes import LevelIndex

WIDTH = LEVELS + 1
FEWEST = 5.0
"""Column pairs seen together less often than this are taken as independent."""


def learn_parents(index: LevelIndex, weight: FloatArray) -> tuple[int, ...]:
    """Choose one parent per column so that the tree carries the most mutual information.

    Args:
        index: patterns.
        weight: pairs per pattern that count.

    Returns:
        Parent column of each column, -1 for the root.
    """
    columns = len(index.columns)
    information = np.zeros((columns, columns))
    for i, j in combinations(range(columns), 2):
        information[i, j] = information[j, i] = _mutual(_joint(index, i, j, weight))
    return _maximum_tree(information)


def learn_tables(
    index: LevelIndex, weight: FloatArray, parents: tuple[int, ...], marginals: FloatArray, strength: float
) -> FloatArray:
    """Estimate each column's levels given its parent's, shape (columns, parent levels, levels).

    ``strength`` pairs distributed like the marginals are added to every row. Strangers who agree on the parent agree on
    the column at least as often as any strangers: the pairs that do are few and mostly taken for matches, so that their
    count says nothing.
    """
    tables = np.zeros((len(parents), LEVELS, LEVELS))
    for column, parent in enumerate(parents):
        if parent >= 0:
            counts = _joint(index, parent, column, weight) + strength * marginals[column][None, :]
            tables[column] = _at_least(counts / counts.sum(axis=1, keepdims=True), marginals[column])
    return tables


def _at_least(table: FloatArray, marginal: FloatArray) -> FloatArray:
    """Raise agreement given that the parent agrees to what it is anyway."""
    found = table.copy()
    for row in found[CLOSE:]:
        low = row < marginal
        low[:NEAR] = False
        if low.any():
            row[~low] *= (1 - marginal[low].sum()) / max(float(row[~low].sum()), 1e-12)
            row[low] = marginal[low]
    return found


def _joint(index: LevelIndex, i: int, j: int, weight: FloatArray) -> FloatArray:
    """Return weighted counts of two columns' levels where both are known."""
    counts = np.bincount(index.columns[i] * WIDTH + index.columns[j], weight, minlength=WIDTH * WIDTH)
    return counts.reshape(WIDTH, WIDTH)[1:, 1:].astype(float)


def _mutual(joint: FloatArray) -> float:
    """Return the mutual information of a joint count table, in nats."""
    total = joint.sum()
    if total < FEWEST:
        return 0.0
    p = joint / total
    expected = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    seen = p > 0
    return float((p[seen] * np.log(p[seen] / expected[seen])).sum())


def _maximum_tree(information: FloatArray) -> tuple[int, ...]:
    """Return the maximum spanning tree, grown from the column with the most information; ties by column number."""
    columns = len(information)
    parents = [-1] * columns
    if columns < 2:
        return tuple(parents)
    root = int(information.sum(axis=1).argmax())
    best = information[root].copy()
    source = [root] * columns
    outside = set(range(columns)) - {root}
    while outside:
        nearest = max(sorted(outside), key=lambda j: best[j])
        parents[nearest] = source[nearest] if best[nearest] > 0 else -1
        outside.discard(nearest)
        for j in outside:
            if information[nearest, j] > best[j]:
                best[j], source[j] = information[nearest, j], nearest
    return tuple(parents)
