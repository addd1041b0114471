"""Ways to learn a correction from judged pairs.

``shrunken`` is logistic regression on top of the model's own odds (an offset), each weight drawn towards zero by a
normal prior: with few labels the model stands, with many the labels decide. ``logistic`` is recordlinkage's
LogisticRegressionClassifier on the same features; it learns the worth of the model's odds too, and needs more labels.
Both are linear in the levels, so what they learn is one and the same thing: a :class:`Correction`.

Generative classifiers (recordlinkage's NaiveBayes) are no trainers here: they take the labelled pairs for a fair sample
of all pairs, which pairs a steward was asked about never are (``docs/benchmarks.md`` has the figures).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from matching.arrays import BoolArray, FloatArray, Levels
from matching.compare.levels import LEVELS
from matching.correction import Correction

SPREAD = 1.0
"""Standard deviation of the normal prior of every weight, nats."""
CLIP = 12.0
"""Odds beyond this count as this in training: one wrong label must not outweigh all others."""

Trainer = Callable[[FloatArray, Levels, BoolArray], Correction]
"""(log odds of the model, levels, same) → correction; all with one row per judged pair."""


def one_hot(levels: Levels) -> FloatArray:
    """Return one column of 0 and 1 per column and level, shape (pairs, columns × levels); missing levels are all 0."""
    pairs, columns = levels.shape
    found = np.zeros((pairs, columns, LEVELS))
    row, column = np.nonzero(levels >= 0)
    found[row, column, levels[row, column]] = 1.0
    return found.reshape(pairs, columns * LEVELS)


def shrunken(odds: FloatArray, levels: Levels, same: BoolArray) -> Correction:
    """Learn by penalised logistic regression with the model's odds as offset.

    Args:
        odds: log odds of the model, nats, shape (pairs,).
        levels: shape (pairs, columns).
        same: verdicts, shape (pairs,).
    """
    from scipy.optimize import minimize

    design = np.column_stack([np.ones(len(odds)), one_hot(levels)])
    offset, right = np.clip(odds, -CLIP, CLIP), same.astype(float)

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        corrected = offset + design @ weights
        value = float((np.logaddexp(0, corrected) - right * corrected).sum() + 0.5 * ((weights / SPREAD) ** 2).sum())
        error = 1 / (1 + np.exp(-corrected)) - right
        return value, design.T @ error + weights / SPREAD**2

    found = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1_000}).x
    return Correction(float(found[0]), 1.0, np.asarray(found[1:]).reshape(-1, LEVELS), len(same))


def logistic(odds: FloatArray, levels: Levels, same: BoolArray) -> Correction:
    """Learn by recordlinkage's LogisticRegressionClassifier; arguments as for :func:`shrunken`.

    Where all verdicts are the same there is nothing to tell apart, and nothing is learned.
    """
    import pandas as pd
    from recordlinkage import LogisticRegressionClassifier

    if same.all() or not same.any():
        return Correction.none()
    places = np.arange(len(same))
    index = pd.MultiIndex.from_arrays([places, places + len(same)])
    features = pd.DataFrame(np.column_stack([np.clip(odds, -CLIP, CLIP), one_hot(levels)]), index=index)
    learner = LogisticRegressionClassifier(C=SPREAD**2, max_iter=5_000)
    learner.fit(features, index[same])
    found = np.asarray(learner.coefficients)
    return Correction(float(learner.intercept), float(found[0]), found[1:].reshape(-1, LEVELS), len(same))


TRAINERS: Mapping[str, Trainer] = {"shrunken": shrunken, "logistic": logistic}
