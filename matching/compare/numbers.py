"""Codes, digits, dates and telephone numbers: what is left when a few keys were hit wrongly or a part is hidden."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import IntArray, Levels
from matching.compare.distances import anagrams, edits_of
from matching.compare.levels import CLOSE, MISSING, NEAR, WEAK
from matching.compare.parts import part_kernel
from matching.profile import Feature

COUNTRY_CODE = re.compile(r"\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})")
"""Country calling codes (ITU-T E.164): 1 and 7, those of two digits, all others of three."""
LINES = (
    r"^\+(?:861[3-9]\d{9}$|447[1-9]|491[567]|33[67]|393|34[67]|316|614)",
    r"^\+(?:86(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}$|44[12]|49[2-9]|33[1-5]|390|349|31[1-57]|61[2378])",
)
"""Mobiles and landlines in countries whose numbering plans keep them apart (ITU-T E.164, national plans)."""
LOCAL = 7
"""Digits of a number dialled inside its town."""
UNKNOWN_DAY = "0101"
"""1 January is written where nobody knows the day: two such dates say no more than their years do."""
LUNAR = 55
"""Most days between the two birth dates of one person, one by the Chinese calendar, one by the western."""
SUBSCRIBER = 8
"""Trailing digits that two notations of one telephone number share, with or without country and area code."""


def compare_codes(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare codes and numbers by edit distance with transpositions (OSA), forgiving more in longer ones."""
    longest = np.maximum(feature.lengths[left], feature.lengths[right])
    distance = edits_of(feature, left, right, np.select([longest >= 8, longest >= 6], [3, 2], 1))
    levels = np.zeros(len(left), dtype=np.int8)
    one = distance == 1
    levels[one] = np.where(longest[one] >= 6, NEAR, CLOSE)
    levels[(distance == 2) & (longest >= 6)] = CLOSE
    levels[one & (longest <= 2)] = WEAK
    levels[(distance == 3) & (longest >= 8)] = WEAK
    rest = np.flatnonzero((levels == 0) & (longest >= 6))
    levels[rest[anagrams(feature, left[rest], right[rest])]] = WEAK
    return levels


def compare_dates(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare dates written ``YYYYMMDD``: as digits, day and month changed round, by another calendar, partly known."""
    levels = compare_codes(feature, left, right)
    turned = _found_as(feature, "turned", lambda v: v[:4] + v[6:8] + v[4:6] if len(v) == 8 else None)
    levels[turned[left] == right] = NEAR
    year_only = feature.derived("year only", lambda v: "y" if v.endswith(UNKNOWN_DAY) else None) >= 0
    vague = year_only[left] & year_only[right]
    levels[vague] = np.minimum(levels[vague], WEAK)
    days = feature.once("days", lambda: np.array([day_number(v) for v in feature.values], dtype=np.float64))
    levels[(levels == 0) & (np.abs(days[left] - days[right]) <= LUNAR)] = WEAK
    for length in (4, 6):
        known = feature.derived(f"first {length}", lambda v, n=length: v[:n])  # type: ignore[misc]
        short = np.minimum(feature.lengths[left], feature.lengths[right]) == length
        differ = feature.lengths[left] != feature.lengths[right]
        levels[short & differ] = 0
        levels[short & differ & (known[left] == known[right])] = CLOSE
    return levels


def day_number(value: str) -> float:
    """Return a date ``YYYYMMDD`` as a number of days, NaN where it is none."""
    try:
        return (
            float(date(int(value[:4]), int(value[4:6]), int(value[6:8])).toordinal()) if len(value) == 8 else math.nan
        )
    except ValueError:
        return math.nan


def compare_phones(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare telephone numbers: the subscriber number, slips of the finger, numbers with hidden digits.

    A mobile number and a landline say nothing of each other (MISSING): one customer has both.
    """
    levels = np.zeros(len(left), dtype=np.int8)
    numbers, number = part_kernel(feature, "national", nationals)
    a, b = number[left], number[right]
    known = np.flatnonzero((a >= 0) & (b >= 0))
    distance = np.full(len(left), 4)
    distance[known] = edits_of(numbers, a[known], b[known], 2)
    long = np.maximum(feature.lengths[left], feature.lengths[right]) >= SUBSCRIBER
    levels[(distance == 2) & long] = WEAK
    levels[(distance == 1) & long] = CLOSE
    levels[(distance == 0) & long] = NEAR
    tail = feature.kernel("subscriber", subscribers)
    same = (tail[left] >= 0) & (tail[left] == tail[right])
    levels[same & (feature.lengths[left] != feature.lengths[right])] = NEAR
    local = feature.kernel("local", lambda texts: _whole(texts, LOCAL))
    bare = np.minimum(feature.lengths[left], feature.lengths[right]) == LOCAL
    levels[bare & (local[left] >= 0) & (local[left] == local[right])] = NEAR
    mobile, landline = (feature.kernel(f"line {line}", partial(_matching, pattern=line)) >= 0 for line in LINES)
    apart = (mobile[left] & landline[right]) | (landline[left] & mobile[right])
    levels[apart & (levels < NEAR)] = MISSING
    masked = feature.kernel("masked", lambda texts: pc.if_else(pc.match_substring(texts, "*"), "y", None)) >= 0
    for i in np.flatnonzero(masked[left] | masked[right]):
        levels[i] = CLOSE if compatible(feature.values[left[i]], feature.values[right[i]]) else 0
    return levels


def national(value: str) -> str:
    """Return a number without country code and trunk zeros: what people type, however they begin."""
    return COUNTRY_CODE.sub("", value, count=1).lstrip("0")


def nationals(numbers: pa.Array) -> pa.Array:
    """Return what :func:`national` does, for many numbers at once."""
    return pc.utf8_ltrim(pc.replace_substring_regex(numbers, COUNTRY_CODE.pattern, "", max_replacements=1), "0")


def subscribers(numbers: pa.Array) -> pa.Array:
    """Return the subscriber numbers; null where a number is too short or hides digits."""
    return _whole(numbers, SUBSCRIBER)


def _whole(numbers: pa.Array, digits: int) -> pa.Array:
    """Return the last digits of numbers that have so many and hide none, null for others."""
    whole = pc.and_(pc.greater_equal(pc.utf8_length(numbers), digits), pc.invert(pc.match_substring(numbers, "*")))
    return pc.if_else(whole, pc.utf8_slice_codeunits(numbers, -digits), pa.scalar(None, pa.string()))


def _matching(numbers: pa.Array, pattern: str) -> pa.Array:
    """Return "y" for numbers that begin as ``pattern`` says, null for others."""
    return pc.if_else(pc.match_substring_regex(numbers, pattern), "y", pa.scalar(None, pa.string()))


def compatible(left: str, right: str) -> bool:
    """Tell whether two numbers may be the same where ``*`` hides digits: equal from the right, at least four shown."""
    pairs = list(zip(reversed(left), reversed(right), strict=False))
    shown = sum(a == b != "*" for a, b in pairs)
    return shown >= 4 and all(a == b or "*" in (a, b) for a, b in pairs)


def masked_key(value: str) -> str | None:
    """Return first three and last four digits of a mobile number: what a hidden number still shows."""
    found = re.search(r"(1\d\d)[\d*]{4}(\d{4})$", value)
    return found[1] + found[2] if found else None


def _found_as(feature: Feature, name: str, make: Callable[[str], str | None]) -> IntArray:
    """Return for each value the code of ``make(value)`` among the values themselves, -1 where it is none of them."""

    def look_up() -> IntArray:
        position = {value: i for i, value in enumerate(feature.values)}
        made = (make(value) for value in feature.values)
        return np.array([-1 if m is None else position.get(m, -1) for m in made], dtype=np.int64)

    return feature.once(name, look_up)
