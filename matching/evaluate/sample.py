"""Precision where no truth exists: a stratified sample of pairs that a clerk judges.

Merged pairs and pairs for review are strata, merged pairs further divided by how sure the engine was. From every
stratum a simple random sample is drawn, more than its share from small ones; the estimate weighs each stratum by the
pairs it stands for (Horvitz and Thompson 1952). The interval combines the strata's Wilson intervals by the method of
variance estimates recovery (Zou, Huang and Zhang 2009), which stays honest where a stratum shows no mistake, and
shrinks to a point where all pairs of a stratum were judged (finite population).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray
from matching.evaluate.estimate import UNDEFINED, Estimate, wilson

LEAST = 15
"""Pairs asked about in every stratum that has them."""
MERGED_BANDS = (0.0, 0.9, 0.99, 1.0)
"""Bounds between the strata of merged pairs, as probabilities."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Pairs that are sampled together.

    Attributes:
        name: what they are.
        merged: whether they were merged, else they wait for review.
        pairs: how many there are.
        asked: how many of them have a verdict.
        same: how many of these are one customer.
    """

    name: str
    merged: bool
    pairs: int
    asked: int = 0
    same: int = 0

    @property
    def share(self) -> Estimate:
        """The share of its pairs that are one customer."""
        if not self.asked:
            return UNDEFINED
        value = self.same / self.asked
        if self.asked >= self.pairs:
            return Estimate(value, value, value)
        return wilson(value, self.asked * (self.pairs - 1) / (self.pairs - self.asked))


def strata_of(probability: FloatArray, merged: BoolArray) -> IntArray:
    """Return the stratum of every pair: 0 for review, 1, 2, 3 for merged pairs the engine was ever surer of.

    Args:
        probability: of each pair, 0–1; NaN for pairs that were merged through other records only, which join 1.
        merged: whether the pair is in one cluster.
    """
    band = np.searchsorted(MERGED_BANDS[1:-1], np.nan_to_num(probability), side="right") + 1
    return np.where(merged, band, 0)


def draw(stratum: IntArray, size: int, seed: int) -> IntArray:
    """Choose pairs to ask about.

    Args:
        stratum: of every pair, shape (pairs,).
        size: pairs to choose in all; every stratum gets at least :data:`LEAST`, the rest goes by the root of its size.
        seed: of the random choice.

    Returns:
        Positions of the chosen pairs, in random order so that a clerk cannot tell strata apart.
    """
    generator = np.random.default_rng(seed)
    names, counts = np.unique(stratum, return_counts=True)
    spare = max(size - LEAST * len(names), 0)
    wanted = np.minimum(counts, LEAST + np.floor(spare * np.sqrt(counts) / np.sqrt(counts).sum())).astype(np.int64)
    chosen = [
        generator.choice(np.flatnonzero(stratum == name), count, replace=False)
        for name, count in zip(names, wanted, strict=True)
    ]
    return generator.permutation(np.concatenate(chosen)) if chosen else np.empty(0, np.int64)


def estimate_share(strata: Sequence[Stratum]) -> Estimate:
    """Return the share of all pairs of ``strata`` that are one customer, from the verdicts on some of them.

    Undefined where there are no pairs, or a stratum with pairs has no verdict.
    """
    held = [one for one in strata if one.pairs]
    total = sum(one.pairs for one in held)
    if not total or not all(one.asked for one in held):
        return Estimate(nan)
    parts = [(one.pairs / total, one.share) for one in held]
    value = sum(weight * float(share) for weight, share in parts)
    down = sqrt(sum((weight * (share - share.low)) ** 2 for weight, share in parts))
    up = sqrt(sum((weight * (share.high - share)) ** 2 for weight, share in parts))
    return Estimate(value, max(value - down, 0.0), min(value + up, 1.0))
