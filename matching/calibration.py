"""Probabilities that mean what they say: of the pairs given .9, nine in ten are one customer.

The mixture takes columns of one customer as independent, and no two tables err alike, so its log odds are too sure of
themselves at both ends. A calibration is a rising line with bends that says what odds of the mixture have turned out to
be worth: the shipped one on labelled tables (``calibration.yaml``), a table's own where stewards have judged pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.arrays import FloatArray

BENDS = (-12.0, -8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 5.0, 8.0, 12.0)
"""Raw log odds at which the line may bend."""
FARTHEST = 1e4
"""Raw log odds beyond all that occur; the line goes on straight to here."""
LEAST_SLOPE, MOST_SLOPE = 0.05, 3.0
SLOPE_SPREAD = 0.3
"""How far slopes stray from the line a fit starts from (standard deviation); many labels overrule it."""
LEVEL_SPREAD = 1.5
"""The same for the height of the line at raw odds of zero (nats)."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """A rising, piecewise straight line from raw to calibrated log odds.

    Attributes:
        level: calibrated log odds at raw log odds of zero, nats.
        slopes: slope before the first bend, between the bends, and after the last, shape (bends + 1,).
    """

    level: float
    slopes: FloatArray

    def __call__(self, odds: FloatArray) -> FloatArray:
        """Return calibrated log odds (nats) for raw ones, any shape."""
        raw = np.array([-FARTHEST, *BENDS, FARTHEST])
        return np.asarray(np.interp(odds, raw, self.level + _lengths(raw) @ self.slopes))

    @staticmethod
    def fit(
        scores: npt.ArrayLike,
        labels: npt.ArrayLike,
        weights: npt.ArrayLike | None = None,
        base: Calibration | None = None,
    ) -> Calibration:
        """Learn from judged pairs what raw log odds are worth.

        Logistic regression on the lengths along the line (Platt 1999, with bends), drawn towards ``base``: ten labels
        hardly move it, thousands overrule it, and what is learned at some odds carries over to those nearby.

        Args:
            scores: raw log odds, nats, shape (pairs,).
            labels: true where the two records are one customer, shape (pairs,).
            weights: pairs each entry stands for; one where it is ``None``.
            base: where to start; the shipped calibration where it is ``None``.
        """
        from scipy.optimize import minimize

        base = base or shipped()
        raw = np.asarray(scores, dtype=float).ravel()
        design = np.column_stack([np.ones(len(raw)), _lengths(raw)])
        right = np.asarray(labels, dtype=float).ravel()
        weight = np.ones(len(raw)) if weights is None else np.asarray(weights, dtype=float).ravel()
        start = np.concatenate([[base.level], base.slopes])
        spread = np.array([LEVEL_SPREAD, *[SLOPE_SPREAD] * len(base.slopes)])

        def loss(line: FloatArray) -> tuple[float, FloatArray]:
            odds = design @ line
            stray = (line - start) / spread
            value = float((weight * (np.logaddexp(0, odds) - right * odds)).sum() + 0.5 * (stray**2).sum())
            error = weight * (1 / (1 + np.exp(-np.clip(odds, -700, 700))) - right)
            return value, design.T @ error + stray / spread

        bounds = [(None, None), *[(LEAST_SLOPE, MOST_SLOPE)] * len(base.slopes)]
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2_000}).x
        return Calibration(float(found[0]), np.asarray(found[1:]))

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON-serialisable data."""
        return {"level": self.level, "slopes": self.slopes.tolist()}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Calibration:
        """Build a calibration from ``to_dict``'s data.

        Raises:
            ValueError: there are too few or too many slopes, or the line falls.
        """
        slopes = np.array(raw["slopes"], dtype=float)
        if slopes.shape != (len(BENDS) + 1,) or (slopes <= 0).any():
            raise ValueError(f"a calibration has {len(BENDS) + 1} slopes above zero")
        return Calibration(float(raw["level"]), slopes)


def _lengths(raw: FloatArray) -> FloatArray:
    """Return how much of the way from zero to each raw value lies between the bends, shape (values, bends + 1)."""
    edges = np.array([-np.inf, *BENDS, np.inf])
    low, high = edges[:-1], edges[1:]
    return np.asarray(np.clip(raw[:, None], low, high) - np.clip(0.0, low, high))


def identity() -> Calibration:
    """Return the calibration that leaves odds as they are."""
    return Calibration(0.0, np.ones(len(BENDS) + 1))


def shipped() -> Calibration:
    """Return what the odds of pairs were worth on labelled tables."""
    return _shipped("pairs")


def shipped_joins() -> Calibration:
    """Return what the mean odds between groups were worth, at which clustering joined them, on labelled tables."""
    return _shipped("joins")


@cache
def _shipped(name: str) -> Calibration:
    """Load one line of ``calibration.yaml``, which ``python -m benchmarks.calibrate`` makes."""
    import yaml

    text = files("matching").joinpath("calibration.yaml").read_text(encoding="utf-8")
    return Calibration.from_dict(yaml.safe_load(text)[name])
