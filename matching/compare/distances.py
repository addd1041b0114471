"""Distances of many pairs of texts at once, on all cores where there are enough pairs to pay for the threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from matching.arrays import Values

PARALLEL = 5_000
"""Fewer pairs than this are done before threads have started."""


def spelling(left: Values, right: Values) -> npt.NDArray[np.float32]:
    """Return Jaro–Winkler similarities, 0–1: good on names, where beginnings are rarely wrong."""
    return _pairs(left, right, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)


def overlap(left: Values, right: Values) -> npt.NDArray[np.float32]:
    """Return Indel similarities, 0–1: the longest common subsequence, relative to both lengths."""
    return _pairs(left, right, scorer=Indel.normalized_similarity, dtype=np.float32)


def edits(left: Values, right: Values) -> npt.NDArray[np.int32]:
    """Return edit distances with transpositions (optimal string alignment); anything above 3 is 4."""
    return _pairs(left, right, scorer=OSA.distance, dtype=np.int32, score_cutoff=3)


def _pairs(left: Values, right: Values, **options: Any) -> npt.NDArray[Any]:
    """Run one of RapidFuzz's batch kernels."""
    return process.cpdist(left, right, workers=-1 if len(left) > PARALLEL else 1, **options)
