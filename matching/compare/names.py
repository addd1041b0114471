"""Names: spelling distance, initials, nicknames, several given names; Chinese names by character and by sound."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import yaml

from matching.arrays import IntArray, Levels
from matching.compare.distances import edits, overlap, spelling
from matching.compare.levels import CLOSE, CONFLICT, NEAR, WEAK
from matching.profile import Feature
from matching.sound import spoken

ALIKE = ((0.78, WEAK), (0.87, CLOSE), (0.93, NEAR))
"""Jaro–Winkler similarity from which Latin names reach a level."""


def compare_names(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare short names.

    Args:
        feature: the column.
        left, right: codes of distinct values, never equal to each other.

    Returns:
        Levels CONFLICT to NEAR.
    """
    scores = spelling(feature.values[left], feature.values[right])
    levels = np.zeros(len(left), dtype=np.int8)
    for least, level in ALIKE:
        levels[scores >= least] = level
    shorter, longer = _lengths(feature, left, right)
    initial = np.flatnonzero((shorter <= 2) & (longer > 2))
    if len(initial):
        first = feature.derived("first letter", lambda v: v[:1])
        same = first[left[initial]] == first[right[initial]]
        levels[initial[same]] = np.maximum(levels[initial[same]], CLOSE)
    return _chinese(feature, left, right, levels)


def compare_given(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare given names: as names, and nicknames, and one of several given names."""
    levels = compare_names(feature, left, right)
    nickname = feature.derived("nickname", lambda v: nicknames().get(v))
    same = (nickname[left] >= 0) & (nickname[left] == nickname[right])
    levels[same] = NEAR
    several = feature.derived("several", lambda v: "y" if " " in v else None) >= 0
    some = np.flatnonzero((levels < CLOSE) & (several[left] | several[right]))
    for i in some:
        mine, other = set(feature.values[left[i]].split()), set(feature.values[right[i]].split())
        if any(len(word) > 1 for word in mine & other):
            levels[i] = CLOSE
    return levels


def compare_pinyin(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare names as sequences of syllables, whatever their order."""
    scores = overlap(feature.values[left], feature.values[right])
    levels = np.zeros(len(left), dtype=np.int8)
    for least, level in ((0.8, WEAK), (0.9, CLOSE), (0.95, NEAR)):
        levels[scores >= least] = level
    return levels


def _chinese(feature: Feature, left: IntArray, right: IntArray, levels: Levels) -> Levels:
    """Overrule the spelling distance where both names are Chinese: characters are no letters."""
    if not feature.chinese.any():
        return levels
    both = np.flatnonzero((feature.chinese[left] == 1) & (feature.chinese[right] == 1))
    if not len(both):
        return levels
    a, b = left[both], right[both]
    sounds = feature.derived("sound", spoken)
    distance = edits(feature.values[a], feature.values[b])
    shorter, longer = _lengths(feature, a, b)
    found = np.full(len(both), CONFLICT, dtype=np.int8)
    found[(distance == 1) & (longer >= 3) & (shorter >= 2)] = WEAK
    found[(distance == 1) & (shorter >= 4)] = CLOSE
    found[sounds[a] == sounds[b]] = NEAR
    levels[both] = found
    return levels


def _lengths(feature: Feature, left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Return the shorter and the longer length of each pair."""
    a, b = feature.lengths[left], feature.lengths[right]
    return np.minimum(a, b), np.maximum(a, b)


@cache
def nicknames() -> dict[str, str]:
    """Return nickname → the name it stands for (``nicknames.yaml``); a name that stands for several is left out."""
    raw: dict[str, str] = yaml.safe_load(files("matching.compare").joinpath("nicknames.yaml").read_text("utf-8"))
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    for name, line in raw.items():
        for short in (name, *line.split()):
            if short in found:
                ambiguous.add(short)
            found[short] = name
    return {short: name for short, name in found.items() if short not in ambiguous}
