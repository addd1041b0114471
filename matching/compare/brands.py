"""Distinctive parts of organizations' names: word by word, character by character, and across scripts.

Two shops of one chain share every word but a number, two companies of one trade every word but the one that counts.
What is left over on both sides, once everything that means the same has been paired off, decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler

from matching.arrays import IntArray, Levels
from matching.compare.characters import numerals, undoubled
from matching.compare.distances import edits, overlap
from matching.compare.levels import CLOSE, CONFLICT, MISSING, NEAR, WEAK
from matching.compare.texts import cosine, sorted_words
from matching.compare.variants import lookalike
from matching.profile import Feature
from matching.sound import spoken

CONNECTING = frozenset(
    {"a", "and", "und", "et", "y", "e", "i", "og", "och", "of", "the", "de", "di", "da", "do", "der", "die", "das"}
    | {"des", "du", "la", "le", "les", "el", "los", "las", "del", "for"}
)
"""Words that are put in and left out at will."""
SHORTENED = frozenset({"univ", "assoc", "acad", "dept", "inst", "elem", "comm", "org", "med", "tech", "serv", "prof"})
"""Abbreviations that are beginnings of the word; others leave the vowels out (mfg, ctr, intl)."""
HALF = 0.5
"""Share of the longer name that the shorter one must make up to stand for it."""
MOST, SOME = 0.75, 0.4
"""Shares of both names' weight that agree where both have words of their own."""
SHARED, HOPEFUL = 0.1, 0.6
"""Cosine of the words and likeness of the letters below which two names have nothing to pair off."""
SPELT = 0.92
"""Jaro–Winkler similarity of leftovers written together: south east, southeast."""
SPELT_OUT = 5
LEAST = 4
"""Letters of a syllable group in pinyin that are no accident inside a Latin name."""
WHOLE = 6
"""Chinese characters from which one wrong character leaves the name recognisable."""
_LETTERS_FOR_DIGITS = str.maketrans("015", "ols")
_NUMBER = re.compile(r"(?<![a-z0-9])\d+(?![a-z0-9])")
_VOWELS = re.compile(r"[aeiouy]")


def compare_brands(brands: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare different brands.

    Args:
        brands: the column of brands.
        left, right: codes of distinct values, never equal to each other.

    Returns:
        NEAR where the words are the same but for spelling; CLOSE where one brand contains the other or is misspelt;
        WEAK for some likeness; CONFLICT otherwise and for other numbers; MISSING where one is in Chinese, the other in
        letters, and the sound of one is not found in the other: a translation cannot be compared.
    """
    chinese = brands.chinese
    levels = np.zeros(len(left), dtype=np.int8)
    both = (chinese[left] == 1) & (chinese[right] == 1)
    neither = (chinese[left] == 0) & (chinese[right] == 0)
    for rows, compare in (
        (np.flatnonzero(both), by_characters),
        (np.flatnonzero(neither), by_words),
        (np.flatnonzero(~both & ~neither), across_scripts),
    ):
        if len(rows):
            levels[rows] = compare(brands, left[rows], right[rows])
    number = brands.derived("numbers", numbers)
    levels[(number[left] >= 0) & (number[right] >= 0) & (number[left] != number[right])] = CONFLICT
    one = (number[left] >= 0) != (number[right] >= 0)
    levels[one] = np.minimum(levels[one], WEAK)
    return levels


def numbers(brand: str) -> str:
    """Return the numbers in a brand: figures, and Chinese numerals that count (第二医院, 一号, 十二局)."""
    return " ".join(n.lstrip("0") or "0" for n in _NUMBER.findall(numerals(brand)))


def by_characters(brands: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare Chinese brands: same sound, look-alike, doubled or transposed characters, one inside the other."""
    levels = np.full(len(left), CONFLICT, dtype=np.int8)
    distance = edits(brands.values[left], brands.values[right])
    shorter = np.minimum(brands.lengths[left], brands.lengths[right])
    longer = np.maximum(brands.lengths[left], brands.lengths[right])
    levels[(distance == 1) & (longer >= 3) & (shorter >= 2)] = WEAK
    levels[(distance == 1) & (shorter >= WHOLE)] = CLOSE
    inside = _inside(brands, left, right)
    levels[inside] = np.maximum(levels[inside], np.where(shorter[inside] >= 3, CLOSE, WEAK).astype(np.int8))
    for name, make in (
        ("sound", spoken),
        ("look", seen),
        ("characters", _sorted_characters),
    ):
        codes = brands.derived(name, make)
        levels[codes[left] == codes[right]] = CLOSE
    return levels


def seen(brand: str) -> str:
    """Return the form that misread and doubled characters leave the same, and numerals written as figures."""
    return lookalike(undoubled(numerals(brand)))


def _sorted_characters(brand: str) -> str:
    """Return the characters in order: what typing two of them the wrong way round leaves the same."""
    return "".join(sorted(brand))


def _inside(brands: Feature, left: IntArray, right: IntArray) -> IntArray:
    """Return the pairs of which one brand begins or ends with the other."""
    pairs = zip(brands.values[left], brands.values[right], strict=True)
    ordered = (sorted(pair, key=len) for pair in pairs)
    found = [len(a) >= 2 and (b.startswith(a) or b.endswith(a)) for a, b in ordered]
    return np.flatnonzero(found)


def across_scripts(brands: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare a Chinese brand with one in letters: the sound of the one found in the other, or nothing is known."""
    levels = np.full(len(left), MISSING, dtype=np.int8)
    for k, (i, j) in enumerate(zip(left, right, strict=True)):
        chinese, latin = (i, j) if brands.chinese[i] else (j, i)
        sound = spoken(brands.values[chinese]).replace(" ", "")
        if len(sound) >= LEAST and sound in brands.values[latin].replace(" ", ""):
            levels[k] = CLOSE
    return levels


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of one brand, connecting words left out, and their weights (idf)."""

    words: tuple[str, ...]
    weights: tuple[float, ...]
    total: float


def by_words(brands: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare brands in letters by the words that are left over when like words are paired off."""
    levels = np.full(len(left), CONFLICT, dtype=np.int8)
    ordered = sorted_words(brands)
    hopeful = (cosine(brands, left, right) >= SHARED) | (overlap(ordered[left], ordered[right]) >= HOPEFUL)
    rows = np.flatnonzero(hopeful)
    known = _words(brands)
    levels[rows] = [_leftover(known[i], known[j]) for i, j in zip(left[rows], right[rows], strict=True)]
    return levels


def _words(brands: Feature) -> list[Words]:
    """Return the words of every brand, made once per column."""

    def make() -> list[Words]:
        split = [tuple(dict.fromkeys(w for w in v.split() if w not in CONNECTING)) or (v,) for v in brands.values]
        vocabulary = np.array(sorted({word for words in split for word in words}), dtype=object)
        common = brands.common("word")
        idf = 1 + np.log((1 + common.total) / (1 + common.of(vocabulary)))
        weight = dict(zip(vocabulary.tolist(), idf.tolist(), strict=True))
        return [Words(words, w := tuple(weight[x] for x in words), sum(w)) for words in split]

    return brands.once("leftover words", make)


def _leftover(a: Words, b: Words) -> int:
    """Return the level of two brands."""
    mine, other = _pair_off(a.words, b.words)
    if not mine and not other:
        return NEAR
    if mine and other and _same_together(a.words, b.words, mine, other):
        return NEAR
    shared = a.total - sum(a.weights[i] for i in mine), b.total - sum(b.weights[j] for j in other)
    if not mine or not other:
        inside = any(len(word) > 2 for k, word in enumerate(a.words) if k not in mine)
        return CLOSE if inside and min(shared) >= HALF * max(a.total, b.total) else WEAK
    agree = sum(shared) / (a.total + b.total)
    return CLOSE if agree >= MOST else WEAK if agree >= SOME else CONFLICT


def _same_together(a: tuple[str, ...], b: tuple[str, ...], mine: list[int], other: list[int]) -> bool:
    """Tell whether the leftovers, written together, are spelt nearly the same."""
    one, two = "".join(a[i] for i in mine), "".join(b[j] for j in other)
    plain = (one.translate(_LETTERS_FOR_DIGITS), two.translate(_LETTERS_FOR_DIGITS))
    if plain[0] == plain[1]:
        return True
    if any(c.isdigit() for c in one + two) or min(len(one), len(two)) < SPELT_OUT:
        return False
    return JaroWinkler.similarity(one, two) >= SPELT


def _pair_off(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Return the positions of the words that find no partner, equal words first, then alike ones."""
    mine, other = list(range(len(a))), list(range(len(b)))
    for same in (str.__eq__, alike):
        for i in tuple(mine):
            found = next((j for j in other if same(a[i], b[j])), None)
            if found is not None:
                mine.remove(i)
                other.remove(found)
    return mine, other


@lru_cache(maxsize=262_144)
def alike(one: str, two: str) -> bool:
    """Tell whether two words are one word misspelt, abbreviated or an initial; numbers are never alike."""
    short, long = sorted((one, two), key=len)
    if any(c.isdigit() for c in short + long):
        return False
    if len(short) == 1:
        return long.startswith(short)
    if len(short) >= 3:
        distance = OSA.distance(short, long, score_cutoff=2)
        if distance <= (2 if len(short) >= 8 else 1) and (len(short) >= 4 or len(long) > len(short)):
            return True
    return len(long) > len(short) and long[0] == short[0] and _abbreviates(short, long)


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether ``short`` leaves the vowels of ``long`` out, or is a usual beginning of it."""
    if short in SHORTENED:
        return long.startswith(short)
    if _VOWELS.search(short[1:]):
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
