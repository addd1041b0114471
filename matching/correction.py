"""What labels add to the weights of evidence: one number per column and level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.arrays import FloatArray, Levels
from matching.compare.levels import LEVELS


@dataclass(frozen=True, eq=False)
class Correction:
    """Corrected log odds = height + slope · odds + the weights of the levels.

    Without labels it changes nothing. A weight corrects ln m/u of its level: what the mixture could not know from the
    unlabelled table, such as which columns say the same thing twice, or that this hub's branches share one website.

    Attributes:
        height: nats added to every pair.
        slope: what a nat of the model is worth.
        weights: nats added where a column shows a level, shape (columns, levels); a missing level adds nothing.
        labels: how many labels it was learned from.
    """

    height: float
    slope: float
    weights: FloatArray
    labels: int

    @staticmethod
    def none() -> Correction:
        """Return the correction that changes nothing, whatever the columns are."""
        return Correction(0.0, 1.0, np.zeros((0, LEVELS)), 0)

    def __call__(self, odds: FloatArray, levels: Levels) -> FloatArray:
        """Return corrected log odds.

        Args:
            odds: log odds of the model, nats, shape (pairs,).
            levels: shape (pairs, columns).
        """
        if not self.labels:
            return odds
        taught = np.zeros(len(levels))
        for column in self.by_column(levels):  # in this order however many pairs there are: numpy's own sum is not
            taught += column
        return np.asarray(self.height + self.slope * odds + taught)

    def by_column(self, levels: Levels) -> FloatArray:
        """Return the nats each column adds, shape (columns, pairs)."""
        found = np.zeros((levels.shape[1], len(levels)))
        for i, weights in enumerate(self.weights):
            found[i] = np.append(weights, 0.0)[levels[:, i]]  # -1, the missing level, takes the last place
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the correction as JSON-serialisable data."""
        plain = {"height": self.height, "slope": self.slope, "labels": self.labels}
        return {**plain, "weights": self.weights.tolist()}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Correction:
        """Build a correction from ``to_dict``'s data."""
        weights = np.array(raw["weights"], dtype=float).reshape(-1, LEVELS)
        return Correction(float(raw["height"]), float(raw["slope"]), weights, int(raw["labels"]))
