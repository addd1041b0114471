"""The arrays everything is made of, and how distinct integers are found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from matching.parallel import cores, in_parallel

IntArray = npt.NDArray[np.int64]
KeyArray = npt.NDArray[np.uint64]
"""Blocking keys: stable hashes of a rule and the value it looks at."""
FloatArray = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]
"""Comparison levels; see ``matching.compare.levels``."""
BoolArray = npt.NDArray[np.bool_]
Values = npt.NDArray[np.object_]
"""Distinct normalised texts."""

WORTH_THREADS = 500_000
"""Fewer values than this are sorted before threads have started."""
SAMPLE = 1_000
"""Values of each array that are looked at to divide them evenly."""


def distinct_of(parts: Sequence[IntArray]) -> IntArray:
    """Return the distinct values of several arrays, in order; each core sorts a range of the values."""
    if sum(map(len, parts)) < WORTH_THREADS:
        return distinct_sorted(np.concatenate([np.empty(0, dtype=np.int64), *parts]))
    sample = np.sort(np.concatenate([part[:: len(part) // SAMPLE + 1] for part in parts]))
    edges = [None, *sample[[len(sample) * k // cores() for k in range(1, cores())]].tolist(), None]
    return np.concatenate(in_parallel(lambda ends: distinct_sorted(_between(parts, *ends)), list(pairwise(edges))))


def _between(parts: Sequence[IntArray], least: int | None, limit: int | None) -> IntArray:
    """Return the values from ``least`` to below ``limit``, where these are given."""
    some = parts if least is None else [part[part >= least] for part in parts]
    return np.concatenate(some if limit is None else [part[part < limit] for part in some])


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
