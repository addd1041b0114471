"""Comparison patterns: the levels of all columns of a pair as one integer, and how many pairs share it.

Learning sees patterns and counts only: a million pairs are a few thousand patterns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.arrays import BoolArray, FloatArray, IntArray, Levels
from matching.compare.levels import LEVELS

PatternKeys = npt.NDArray[np.int32] | npt.NDArray[np.int64]
"""Levels of pairs as one integer each, as small as the number of columns allows."""
BASE = LEVELS + 1
FEW = 2**22
"""Up to so many possible patterns they are counted in a table rather than sorted."""
PER_PAIR = 8
"""The same for each pair there is: one pair is not worth a table."""


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
    return distinct_patterns(pattern_keys(levels), levels.shape[1], weight)


def no_keys(pairs: int, columns: int) -> PatternKeys:
    """Return room for the patterns of so many pairs."""
    if BASE**columns < 2**31:
        return np.zeros(pairs, dtype=np.int32)
    return np.zeros(pairs, dtype=np.int64)


def pattern_keys(levels: Levels) -> PatternKeys:
    """Return the levels of every pair as one integer."""
    keys = no_keys(*levels.shape)
    for column in range(levels.shape[1]):
        keys *= BASE
        keys += levels[:, column] + 1
    return keys


def pattern_levels(keys: PatternKeys, columns: int) -> Levels:
    """Return the levels that integers stand for, shape (pairs, columns)."""
    found = np.empty((len(keys), columns), dtype=np.int8, order="F")
    rest = keys.copy()
    for column in range(columns - 1, -1, -1):
        found[:, column] = rest % BASE - 1
        rest //= BASE
    return found


def levels_of(keys: PatternKeys, column: int, columns: int) -> Levels:
    """Return the levels of one column out of integers that stand for ``columns`` levels each, shape (pairs,)."""
    return np.asarray(keys // BASE ** (columns - 1 - column) % BASE - 1, dtype=np.int8)


def distinct_patterns(keys: PatternKeys, columns: int, weight: FloatArray | None = None) -> Patterns:
    """Count distinct patterns, as :func:`patterns` does, of pairs whose levels are integers already."""
    if BASE**columns <= min(FEW, PER_PAIR * len(keys)):
        counts = np.bincount(keys, minlength=BASE**columns)
        distinct = np.flatnonzero(counts)
        place = np.cumsum(counts > 0) - 1
        inverse = place[keys]
    else:
        distinct, inverse = np.unique(keys, return_inverse=True)
    total = np.bincount(inverse, weight, minlength=len(distinct))
    return Patterns(pattern_levels(distinct, columns), total.astype(float), inverse.astype(np.int64))


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


def observe(
    candidates: Patterns, unblocked: Patterns, coincidences: Patterns, copies: Patterns, pairs: float
) -> Observations:
    """Put pairs together so that they stand for all pairs of the table.

    Args:
        candidates: candidate pairs.
        unblocked: random pairs, weighted to stand for all pairs that are no candidates.
        coincidences: pairs of equal rows that agree by chance; with their counts as they are.
        copies: pairs of equal rows that do not.
        pairs: all pairs that the candidate and the unblocked ones stand for.
    """
    pairs = max(pairs, 1.0)
    blocked, drawn = float(candidates.counts.sum()), float(unblocked.counts.sum())
    parts = (candidates, copies, unblocked, coincidences)
    open_ = len(candidates.levels) + len(copies.levels)
    others = len(unblocked.levels) + len(coincidences.levels)
    each = (pairs - blocked) / max(drawn, 1.0)
    return Observations(
        levels=np.asfortranarray(np.vstack([one.levels for one in parts])),
        weight=np.concatenate([candidates.counts, copies.counts, unblocked.counts * each, coincidences.counts]),
        chance=np.concatenate([np.zeros(open_, bool), np.ones(others, bool)]),
        pairs=pairs + float(coincidences.counts.sum() + copies.counts.sum()),
        candidates=blocked + float(copies.counts.sum()),
    )
