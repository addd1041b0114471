"""What patterns of levels are worth under one model, remembered from one question to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matching.arrays import FloatArray
from matching.patterns import Patterns, pattern_keys
from matching.score import Scorer

MOST = 100_000
"""Patterns that are remembered; of a million pairs there are a few thousand."""


@dataclass(frozen=True, eq=False)
class RememberingScorer(Scorer):
    """A scorer that works out the evidence of a pattern once.

    Attributes:
        known: pattern as an integer → log odds of the compared columns; shared by the scorers of one model.
    """

    known: dict[int, float] = field(default_factory=dict)

    def evidence(self, distinct: Patterns) -> FloatArray:
        keys = pattern_keys(distinct.levels).tolist()
        odds = [self.known.get(key) for key in keys]
        fresh = [at for at, worth in enumerate(odds) if worth is None]
        if fresh:
            some = Patterns(distinct.levels[fresh], distinct.counts[fresh], np.arange(len(fresh)))
            made = super().evidence(some).tolist()
            for at, worth in zip(fresh, made, strict=True):
                odds[at] = worth
            if len(self.known) + len(fresh) > MOST:
                self.known.clear()
            self.known.update(zip((keys[at] for at in fresh), made, strict=True))
        return np.array(odds, dtype=np.float64)[distinct.inverse]
