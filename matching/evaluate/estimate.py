"""A figure between 0 and 1 with its 95 % confidence interval.

Pairs are no independent observations: one wrong merge of two clusters makes many wrong pairs. The independent units
are the groups of records that truth and clusters together hang on to each other: no pair, right or wrong, leaves such
a group. All figures are ratios of sums over these units. Their variance is the linearised one of a ratio estimator
(Cochran 1977, *Sampling Techniques*, 6.4), turned into an effective number of observations, which is never taken to be
more than Kish's (1965) number of equally heavy units; the interval is Wilson's (1927) score interval for that number,
as Franco, Little, Louis and Slud (2019) recommend for clustered proportions.

Analytic rather than bootstrap, because a bootstrap of data without a mistake calls precision 1 certain. Wilson's
interval does not, stays inside 0–1, always holds the figure itself, and needs no seed.
"""

from __future__ import annotations

from math import isnan, nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Z95 = 1.959963984540054
"""Standard normal quantile of 97.5 %."""

Weights = npt.NDArray[np.float64]


class Estimate(float):
    """A share (0–1) with the bounds of its 95 % interval; NaN where it is undefined (a share of nothing)."""

    low: float
    high: float

    def __new__(cls, value: float, low: float = nan, high: float = nan) -> Estimate:
        """Make an estimate; the bounds are NaN where they are not known."""
        made = super().__new__(cls, value)
        made.low, made.high = low, high
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (float(self), self.low, self.high)

    @property
    def defined(self) -> bool:
        """Tell whether there is a figure at all."""
        return not isnan(self)

    def to_dict(self) -> dict[str, float | None]:
        """Return value, low and high as JSON-serialisable data; None where undefined."""
        parts = {"value": float(self), "low": self.low, "high": self.high}
        return {name: None if isnan(part) else part for name, part in parts.items()}


UNDEFINED = Estimate(nan)


def wilson(value: float, trials: float) -> Estimate:
    """Return a share with Wilson's score interval.

    Args:
        value: the share, 0–1.
        trials: independent observations it rests on; need not be whole.
    """
    if trials <= 0:
        return UNDEFINED
    shrink = 1 + Z95**2 / trials
    middle = (value + Z95**2 / (2 * trials)) / shrink
    half = Z95 * sqrt(value * (1 - value) / trials + Z95**2 / (4 * trials**2)) / shrink
    return Estimate(value, max(0.0, min(middle - half, value)), min(1.0, max(middle + half, value)))


def ratio(hits: Weights, total: Weights) -> Estimate:
    """Return Σ hits / Σ total over independent units.

    Args:
        hits, total: per unit, shape (units,), 0 ≤ hits ≤ total.
    """
    everything = float(total.sum())
    if everything <= 0:
        return UNDEFINED
    value = min(float(hits.sum()) / everything, 1.0)
    return with_interval(value, (hits - value * total) / everything, total)


def with_interval(value: float, influence: Weights, weight: Weights) -> Estimate:
    """Return a share with the interval that its units' influence and weight allow.

    Args:
        value: the share, 0–1.
        influence: per unit, how much it moves the share; sums to nought.
        weight: per unit, how much of the denominator it makes up.
    """
    units = int((weight > 0).sum())
    trials = float(weight.sum()) ** 2 / max(float((weight**2).sum()), 1e-300)
    variance = float((influence**2).sum()) * units / max(units - 1, 1)
    if variance > 0 and 0 < value < 1:
        trials = min(trials, value * (1 - value) / variance)
    return wilson(value, trials)
