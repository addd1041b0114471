"""Comparison patterns: the levels of all columns of a pair as one integer, and how many pairs share it.

Learning sees patterns and counts only: a million pairs are a few thousand patterns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.compare.levels import LEVELS
from matching.encode import BoolArray, FloatArray, IntArray, Levels

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


def patterns(levels: Levels) -> Patterns:
    """Count the distinct rows of ``levels``, shape (pairs, columns ≤ 20)."""
    keys = np.zeros(len(levels), dtype=np.int64)
    for column in range(levels.shape[1]):
        keys = keys * BASE + (levels[:, column].astype(np.int64) + 1)
    distinct, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    found = np.empty((len(distinct), levels.shape[1]), dtype=np.int8, order="F")
    rest: npt.NDArray[np.int64] = distinct.copy()
    for column in range(levels.shape[1] - 1, -1, -1):
        found[:, column] = rest % BASE - 1
        rest //= BASE
    return Patterns(found, counts.astype(float), inverse.astype(np.int64))


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


def observe(candidates: Patterns, unblocked: Patterns, records: int) -> Observations:
    """Put candidate and random pairs together so that they stand for all pairs of the table."""
    pairs = records * (records - 1) / 2
    blocked, drawn = float(candidates.counts.sum()), float(unblocked.counts.sum())
    each = (pairs - blocked) / max(drawn, 1.0)
    return Observations(
        levels=np.asfortranarray(np.vstack([candidates.levels, unblocked.levels])),
        weight=np.concatenate([candidates.counts, unblocked.counts * each]),
        chance=np.concatenate([np.zeros(len(candidates.levels), bool), np.ones(len(unblocked.levels), bool)]),
        pairs=pairs,
        candidates=blocked,
    )
