"""Distances of many pairs of texts at once, on all cores where there are enough pairs to pay for the threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from matching.arrays import BoolArray, IntArray, Values
from matching.compare.screen import SLACK, Letters
from matching.profile import Feature

Similarity = npt.NDArray[np.float32]

PARALLEL = 5_000
"""Fewer pairs than this are done before threads have started."""
SCREENED = 64
"""Fewer pairs than this are compared before their letters are counted."""


def spelling(left: Values, right: Values) -> npt.NDArray[np.float32]:
    """Return Jaro–Winkler similarities, 0–1: good on names, where beginnings are rarely wrong."""
    return _pairs(left, right, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)


def overlap(left: Values, right: Values) -> npt.NDArray[np.float32]:
    """Return Indel similarities, 0–1: the longest common subsequence, relative to both lengths."""
    return _pairs(left, right, scorer=Indel.normalized_similarity, dtype=np.float32)


def edits(left: Values, right: Values) -> npt.NDArray[np.int32]:
    """Return edit distances with transpositions (optimal string alignment); anything above 3 is 4."""
    return _pairs(left, right, scorer=OSA.distance, dtype=np.int32, score_cutoff=3)


def spelling_of(f: Feature, left: IntArray, right: IntArray, least: float, g: Feature | None = None) -> Similarity:
    """Return what :func:`spelling` does for values of a column, or of two; maybe 0 where it is less than ``least``.

    Args:
        f: the column of ``left``.
        left, right: codes of values.
        least: similarity that matters.
        g: the column of ``right``, where it is another one.
    """
    g = g or f
    if len(left) < SCREENED:
        return spelling(f.values[left], g.values[right])
    found = np.zeros(len(left), dtype=np.float32)
    some = np.flatnonzero(letters_of(f).alike(left, letters_of(g), right, least))
    scorer = JaroWinkler.normalized_similarity
    cutoff = least - SLACK
    found[some] = _pairs(
        f.values[left[some]], g.values[right[some]], scorer=scorer, dtype=np.float32, score_cutoff=cutoff
    )
    return found


def edits_of(f: Feature, left: IntArray, right: IntArray, most: int | IntArray = 3) -> npt.NDArray[np.int32]:
    """Return what :func:`edits` does for values of a column; anything above ``most`` (of each pair) may be 4."""
    if len(left) < SCREENED:
        return edits(f.values[left], f.values[right])
    found = np.full(len(left), 4, dtype=np.int32)
    some = np.flatnonzero(letters_of(f).near(left, right, most))
    found[some] = edits(f.values[left[some]], f.values[right[some]])
    return found


def anagrams(f: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell which values of a column are made of the same characters."""
    mine, yours = letters_of(f).unshared(left, letters_of(f), right)
    found = (mine == 0) & (yours == 0) & (f.lengths[left] == f.lengths[right])
    some = np.flatnonzero(found)
    pairs = zip(f.values[left[some]], f.values[right[some]], strict=True)
    found[some] = np.fromiter((sorted(a) == sorted(b) for a, b in pairs), np.bool_, len(some))
    return np.asarray(found)


def letters_of(feature: Feature) -> Letters:
    """Return the letters of a column's values, counted once."""
    return feature.once("letters of values", lambda: Letters.of(feature.texts))


def _pairs(left: Values, right: Values, **options: Any) -> npt.NDArray[Any]:
    """Run one of RapidFuzz's batch kernels."""
    return process.cpdist(left, right, workers=-1 if len(left) > PARALLEL else 1, **options)
