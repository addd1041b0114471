"""Comparison patterns: the levels of all columns of a pair as one integer, and how many pairs share it.

Learning sees patterns and counts only: a million pairs are a few thousand patterns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.arrays import BoolArray, FloatArray, IntArray, Levels
from matching.compare.levels import LEVELS

BASE = LEVELS + 1


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct patterns of some pairs.

    Attributes:
        levels: shape (patterns, columns).
        counts: pairs per pattern.
        inverse: pattern of every pair.
    """

    levels: Levels
    counts: FloatArray
    inverse: IntArray


def patterns(levels: Levels, weight: FloatArray | None = None) -> Patterns:
    """Count the distinct rows of ``levels``, shape (pairs, columns ≤ 20).

    Args:
        levels: one row per pair.
        weight: how many pairs each row stands for; one where it is ``None``.
    """
    keys = np.zeros(len(levels), dtype=np.int64)
    for column in range(levels.shape[1]):
        keys = keys * BASE + (levels[:, column].astype(np.int64) + 1)
    distinct, inverse = np.unique(keys, return_inverse=True)
    found = np.empty((len(distinct), levels.shape[1]), dtype=np.int8, order="F")
    rest: npt.NDArray[np.int64] = distinct.copy()
    for column in range(levels.shape[1] - 1, -1, -1):
        found[:, column] = rest % BASE - 1
        rest //= BASE
    total = np.bincount(inverse, np.ones(len(keys)) if weight is None else weight, minlength=len(distinct))
    return Patterns(found, total.astype(float), inverse.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Observations:
    """What learning sees: patterns of candidate pairs, and of random pairs that stand for all others.

    Attributes:
        levels: shape (patterns, columns).
        weight: pairs of the table each pattern stands for.
        chance: patterns of random unblocked pairs; they are no matches by definition.
        pairs: all n(n−1)/2 pairs of the table.
        candidates: number of candidate pairs.
    """

    levels: Levels
    weight: FloatArray
    chance: BoolArray
    pairs: float
    candidates: float


def observe(candidates: Patterns, unblocked: Patterns, coincidences: Patterns, records: int) -> Observations:
    """Put pairs together so that they stand for all pairs of the table.

    Args:
        candidates: candidate pairs.
        unblocked: random pairs, weighted to stand for all pairs that are no candidates.
        coincidences: pairs of equal rows that agree by chance; with their counts as they are.
        records: distinct records.
    """
    pairs = max(records * (records - 1) / 2, 1.0)
    blocked, drawn = float(candidates.counts.sum()), float(unblocked.counts.sum())
    others = len(unblocked.levels) + len(coincidences.levels)
    each = (pairs - blocked) / max(drawn, 1.0)
    return Observations(
        levels=np.asfortranarray(np.vstack([candidates.levels, unblocked.levels, coincidences.levels])),
        weight=np.concatenate([candidates.counts, unblocked.counts * each, coincidences.counts]),
        chance=np.concatenate([np.zeros(len(candidates.levels), bool), np.ones(others, bool)]),
        pairs=pairs + float(coincidences.counts.sum()),
        candidates=blocked,
    )
