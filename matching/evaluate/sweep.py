"""The figures at every merge threshold: what raising or lowering it would bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from matching.evaluate.clusters import Evaluation, evaluate

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Merge thresholds looked at besides the one in force."""


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What merging from ``threshold`` on gives."""

    threshold: float
    found: Evaluation

    def to_dict(self) -> Mapping[str, Any]:
        """Return threshold, precision, recall and F1 (pairwise) and merged pairs as JSON-serialisable data."""
        return {"threshold": self.threshold, **self.found.pairwise.to_dict(), "merged_pairs": self.found.merged_pairs}


def sweep(
    clusters_at: Callable[[float], npt.ArrayLike], truth: npt.ArrayLike, thresholds: Sequence[float] = THRESHOLDS
) -> list[SweepPoint]:
    """Evaluate the clusters of several merge thresholds.

    Args:
        clusters_at: merge threshold (probability) → one label per record.
        truth: one label per record.
        thresholds: probabilities, in any order.
    """
    return [SweepPoint(one, evaluate(clusters_at(one), truth)) for one in sorted(set(thresholds))]
