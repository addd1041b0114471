"""Expectations that follow from the model, checked by Great Expectations.

A check sees standardised columns and the findings about them. What it measures of completeness, validity and uniqueness
is what :mod:`quality.score` measures; beyond that it looks at forms, ranges, allowed values, keys and identifiers. It
tells ids of records, never their values.
"""

from __future__ import annotations

from quality.expectations.batch import Batch
from quality.expectations.bounds import Bounds, Usual
from quality.expectations.checkpoint import run_checkpoint
from quality.expectations.kinds import LABELS, Gravity, Kind
from quality.expectations.outcome import Outcome, Result

__all__ = ["LABELS", "Batch", "Bounds", "Gravity", "Kind", "Outcome", "Result", "Usual", "run_checkpoint"]
