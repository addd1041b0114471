"""Whether probabilities mean what they say: the reliability diagram (Murphy and Winkler 1977)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from matching.arrays import BoolArray, FloatArray
from matching.evaluate.estimate import Estimate, wilson

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
"""Narrow where merging is decided."""


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs whose probability lies between ``low`` and ``high``.

    Attributes:
        said: their mean probability.
        observed: the share of them that are one customer.
    """

    low: float
    high: float
    pairs: int
    said: float
    observed: Estimate

    def to_dict(self) -> Mapping[str, Any]:
        """Return the band as JSON-serialisable data."""
        counts = {"low": self.low, "high": self.high, "pairs": self.pairs, "said": self.said}
        return {**counts, "observed": self.observed.to_dict()}


def reliability(probability: FloatArray, same: BoolArray, edges: Sequence[float] = EDGES) -> list[Band]:
    """Compare what was said of pairs with what is true.

    Args:
        probability: of each pair, 0–1.
        same: whether it is one customer.
        edges: bounds of the bands, rising; the last one is included.

    Returns:
        The bands that hold pairs.
    """
    place = np.clip(np.searchsorted(edges, probability, side="right") - 1, 0, len(edges) - 2)
    bands = []
    for at, (low, high) in enumerate(pairwise(edges)):
        inside = place == at
        if count := int(inside.sum()):
            said, true = float(probability[inside].mean()), float(same[inside].mean())
            bands.append(Band(low, high, count, said, wilson(true, count)))
    return bands
