"""The arrays everything is made of, and how distinct integers are found."""

from __future__ import annotations

from collections.abc import Sequence

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
AT_A_TIME = 1_000_000
"""Values that are sorted at a time: they stay near the processor, and what sorting takes besides stays small."""
SAMPLE = 1_000
"""Values of each array that are looked at to divide them evenly."""


def distinct_of(parts: Sequence[IntArray]) -> IntArray:
    """Return the distinct values of several arrays that are in order each, in order.

    Each core sorts ranges of the values. Besides the arrays and what is returned no more is held than what is sorted at
    a time, however many values there are.
    """
    total = sum(map(len, parts))
    if total < WORTH_THREADS:
        return distinct_sorted(np.concatenate([np.empty(0, dtype=np.int64), *parts]))
    sample = np.sort(np.concatenate([part[:: len(part) // SAMPLE + 1] for part in parts]))
    pieces = min(max(total // AT_A_TIME, cores()), len(sample))
    edges = sample[[len(sample) * k // pieces for k in range(1, pieces)]]
    bounds = [np.concatenate(([0], np.searchsorted(part, edges), [len(part)])) for part in parts]
    starts = np.sum(bounds, axis=0)
    found = np.empty(total, dtype=np.int64)

    def sort(piece: int) -> int:
        some = [part[one[piece] : one[piece + 1]] for part, one in zip(parts, bounds, strict=True)]
        known = distinct_sorted(np.concatenate(some))
        found[starts[piece] : starts[piece] + len(known)] = known
        return len(known)

    end = 0
    for start, count in zip(starts, in_parallel(sort, range(pieces)), strict=False):
        found[end : end + count] = found[start : start + count]
        end += count
    found.resize(end, refcheck=False)
    return found


def ends_of(pairs: IntArray, records: int) -> tuple[IntArray, IntArray]:
    """Return the two records of each pair, of pairs that are one integer each: ``left * records + right``."""
    left = pairs // max(records, 1)
    return left, pairs - left * max(records, 1)


def places(counts: IntArray) -> IntArray:
    """Return the place of each entry in its run, from 0, where runs of ``counts`` entries stand one after the other."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


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
