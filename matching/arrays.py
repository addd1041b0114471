"""The arrays everything is made of, and how distinct integers are found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
KeyArray = npt.NDArray[np.uint64]
"""Blocking keys: stable hashes of a rule and the value it looks at."""
FloatArray = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]
"""Comparison levels; see ``matching.compare.levels``."""
BoolArray = npt.NDArray[np.bool_]
Values = npt.NDArray[np.object_]
"""Distinct normalised texts."""


def distinct_sorted(keys: IntArray) -> IntArray:
    """Return the distinct values of ``keys``, in order.

    ``numpy.unique`` without inverse goes through a hash table since NumPy 2.3, which is ten times slower on millions of
    64-bit keys than its own vectorised sort.
    """
    ordered = np.sort(keys)
    if len(ordered) < 2:
        return ordered
    new = np.empty(len(ordered), dtype=np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]
