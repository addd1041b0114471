"""Names: spelling distance, initials, nicknames, several given names; Chinese names by character, shape and sound."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import BoolArray, IntArray, Levels
from matching.columns import Kind
from matching.compare.distances import edits, overlap, spelling_of
from matching.compare.levels import CLOSE, CONFLICT, NEAR, WEAK
from matching.compare.variants import lookalike, nicknames, surnames, surnames_of
from matching.profile import Feature
from matching.sound import blurred, foreign, heard, spoken

ALIKE = ((0.78, WEAK), (0.87, CLOSE), (0.93, NEAR))
"""Jaro–Winkler similarity from which Latin names reach a level."""
GLYPHS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("5", "s"), ("8", "b"))
"""What a scanner takes for something else."""


def compare_names(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare short names.

    Args:
        feature: the column.
        left, right: codes of distinct values, never equal to each other.

    Returns:
        Levels CONFLICT to NEAR.
    """
    scores = spelling_of(feature, left, right, ALIKE[0][0])
    levels = np.zeros(len(left), dtype=np.int8)
    for least, level in ALIKE:
        levels[scores >= least] = level
    shorter, longer = _lengths(feature, left, right)
    initial = np.flatnonzero((shorter <= 2) & (longer > 2))
    if len(initial):
        first = feature.derived("first letter", lambda v: v[:1])
        same = first[left[initial]] == first[right[initial]]
        levels[initial[same]] = np.maximum(levels[initial[same]], CLOSE)
    _contained(feature, left, right, levels)
    _variants(feature, left, right, levels)
    return _chinese(feature, left, right, levels)


def _variants(feature: Feature, left: IntArray, right: IntArray, levels: Levels) -> None:
    """Raise Latin names that sound or look the same, or are one surname in two romanisations."""
    sounds = feature.kernel("heard", heard)
    glyphs = feature.kernel("glyphs", seen)
    same = (sounds[left] >= 0) & (sounds[left] == sounds[right])
    same |= (glyphs[left] >= 0) & (glyphs[left] == glyphs[right])
    levels[same] = NEAR
    if feature.kind is not Kind.NAME:
        return
    known = surname_spellings(feature)
    for i in np.flatnonzero((levels < CLOSE) & known[left] & known[right]):
        if same_surname(feature.values[left[i]], feature.values[right[i]]):
            levels[i] = CLOSE


def surname_spellings(feature: Feature) -> BoolArray:
    """Tell which values are Chinese, Korean or Vietnamese surnames in Latin letters."""
    return feature.once("surname", lambda: pc.is_in(feature.texts, surnames()).to_numpy(zero_copy_only=False))


def same_surname(left: str, right: str) -> bool:
    """Tell whether two spellings may be one surname: Wong and Wang."""
    return bool(surnames_of((left,)) & surnames_of((right,)))


def _contained(feature: Feature, left: IntArray, right: IntArray, levels: Levels) -> None:
    """Raise names all of whose words the other one has: Weber and Weber-Hartmann, Rashid and Al-Rashid."""
    several = feature.derived("several", lambda v: "y" if " " in v else None) >= 0
    for i in np.flatnonzero((levels < CLOSE) & (several[left] | several[right])):
        mine, other = set(feature.values[left[i]].split()), set(feature.values[right[i]].split())
        if (mine <= other or other <= mine) and max(map(len, mine & other)) > 1:
            levels[i] = CLOSE


def compare_given(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare given names: as names, nicknames, one of several given names; a western one says nothing of a Chinese."""
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
    mixed = feature.chinese[left] != feature.chinese[right]
    levels[mixed] = np.maximum(levels[mixed], WEAK)
    return _rearranged(feature, left, right, levels)


def _rearranged(feature: Feature, left: IntArray, right: IntArray, levels: Levels) -> Levels:
    """Raise Chinese given names of the same characters in another order, and of two characters one of which is lost."""
    both = np.flatnonzero((feature.chinese[left] == 1) & (feature.chinese[right] == 1) & (levels < CLOSE))
    for i in both:
        a, b = sorted((feature.values[left[i]], feature.values[right[i]]), key=len)
        if sorted(a) == sorted(b) or (len(a) == 1 and len(b) == 2 and a in b):
            levels[i] = CLOSE
    return levels


def compare_pinyin(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare names as sequences of syllables, whatever their order.

    A name with a western given name (Jack Ma), or spelled otherwise than in pinyin (Wong Ka Ming), that shares its
    surname speaks neither for nor against a Chinese one: WEAK.
    """
    scores = overlap(feature.values[left], feature.values[right])
    levels = np.zeros(len(left), dtype=np.int8)
    for least, level in ((0.8, WEAK), (0.9, CLOSE), (0.95, NEAR)):
        levels[scores >= least] = level
    strange = feature.once("foreign", lambda: np.array([foreign(v) for v in feature.values], dtype=np.bool_))
    for i in np.flatnonzero((levels == CONFLICT) & (strange[left] != strange[right])):
        if _share_surname(feature.values[left[i]], feature.values[right[i]]):
            levels[i] = WEAK
    return levels


def _share_surname(left: str, right: str) -> bool:
    """Tell whether two names have a syllable in common, as it is or in another romanisation."""
    mine, other = left.split(), right.split()
    return bool(set(mine) & set(other)) or bool(surnames_of(mine) & surnames_of(other))


def _chinese(feature: Feature, left: IntArray, right: IntArray, levels: Levels) -> Levels:
    """Overrule the spelling distance where a name is Chinese: characters are no letters."""
    if not feature.chinese.any():
        return levels
    some = np.flatnonzero((feature.chinese[left] == 1) | (feature.chinese[right] == 1))
    if not len(some):
        return levels
    a, b = left[some], right[some]
    both = (feature.chinese[a] == 1) & (feature.chinese[b] == 1)
    distance = edits(feature.values[a], feature.values[b])
    shorter, longer = _lengths(feature, a, b)
    found = np.full(len(some), CONFLICT, dtype=np.int8)
    found[both & (distance == 1) & (longer >= 3) & (shorter >= 2)] = WEAK
    found[both & (distance == 1) & (shorter >= 4)] = CLOSE
    if feature.kind in (Kind.NAME, Kind.GIVEN):
        found[_equal(feature, "blurred", a, b)] = CLOSE
    found[_equal(feature, "sound", a, b) | _equal(feature, "lookalike", a, b)] = NEAR
    levels[some] = found
    return levels


_FORMS = {"sound": spoken, "blurred": blurred, "lookalike": lookalike}


def _equal(feature: Feature, form: str, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where two values are equal in one of ``_FORMS``."""
    codes = feature.derived(form, _FORMS[form])
    return np.asarray(codes[left] == codes[right])


def seen(names: pa.Array) -> pa.Array:
    """Return names as a scanner may read them: rn and m are one glyph."""
    for wrong, right in GLYPHS:
        names = pc.replace_substring(names, wrong, right)
    return names


def _lengths(feature: Feature, left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Return the shorter and the longer length of each pair."""
    a, b = feature.lengths[left], feature.lengths[right]
    return np.minimum(a, b), np.maximum(a, b)
