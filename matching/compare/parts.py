"""Values made of parts: one part of a column as a column of its own, and how parts of two values agree."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from matching.arrays import BoolArray, IntArray, Levels
from matching.columns import Kind
from matching.compare.levels import MISSING, USUAL
from matching.encode import coded
from matching.normal import SEPARATOR
from matching.profile import Feature

Comparison = Callable[[Feature, IntArray, IntArray], Levels]


def part(value: str, which: int) -> str:
    """Return one part of a composed value, empty where it has none."""
    parts = value.split(SEPARATOR)
    return parts[which] if which < len(parts) else ""


def part_column(feature: Feature, name: str, make: Callable[[str], str]) -> tuple[Feature, IntArray]:
    """Return what ``make`` takes from every value as a column of its own, and its code per value (-1 for none)."""
    return feature.once(f"part {name}", lambda: _part(feature, name, pa.array([make(v) for v in feature.values])))


def part_kernel(feature: Feature, name: str, make: Callable[[pa.Array], pa.Array]) -> tuple[Feature, IntArray]:
    """Return what :func:`part_column` returns, by a function of all values at once."""
    return feature.once(f"part {name}", lambda: _part(feature, name, make(feature.texts)))


def _part(feature: Feature, name: str, texts: pa.Array) -> tuple[Feature, IntArray]:
    """Make a column of one part of every value."""
    codes, distinct = coded(texts.cast(pa.string()))
    every = np.arange(len(distinct))
    counts = np.bincount(codes[codes >= 0], feature.counts[codes >= 0], minlength=len(distinct)).astype(float)
    column = Feature(
        name=name,
        kind=Kind.TEXT,
        values=distinct.to_numpy(zero_copy_only=False),
        counts=counts,
        codes=every,
        set_offsets=np.arange(len(distinct) + 1),
        set_elements=every,
        whole=feature,
        made={"texts": distinct},
    )
    return column, codes


def part_levels(column: Feature, left: IntArray, right: IntArray, compare: Comparison) -> Levels:
    """Return the levels of two codes' parts: MISSING where one has none, USUAL where equal."""
    levels = np.full(len(left), MISSING, dtype=np.int8)
    levels[(left >= 0) & (left == right)] = USUAL
    rest = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
    if len(rest):
        width = len(column.values)
        low, high = np.minimum(left[rest], right[rest]), np.maximum(left[rest], right[rest])
        distinct, inverse = np.unique(low * width + high, return_inverse=True)
        levels[rest] = compare(column, distinct // width, distinct % width)[inverse]
    return levels


def compatible(codes: IntArray, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where a part is equal or missing on one side."""
    a, b = codes[left], codes[right]
    return np.asarray((a == b) | (a < 0) | (b < 0))
