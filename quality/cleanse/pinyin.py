"""Hanyu Pinyin of personal names: from characters, and back from what people type in Latin letters."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from quality.cleanse.reference_data import file_of
from quality.cleanse.surnames import surname_table

_MOST_GIVEN_SYLLABLES = 3
_U_UMLAUT = re.compile(r"\b([ln])yu")
"""Passports write ü as yu. Only where a word begins: jinyu is jin and yu."""


def _plain(syllable: str) -> str:
    """Take the tone off; ü becomes v, as on keyboards."""
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@cache
def _dictionary() -> dict[int, str]:
    """Code point → readings from the table inside the pypinyin package."""
    table: dict[str, str] = json.loads(file_of("pypinyin", "pinyin_dict.json").read_text(encoding="utf-8"))
    return {int(point): readings for point, readings in table.items()}


@lru_cache(maxsize=16384)
def _syllable(character: str) -> str:
    reading = surname_table().given_readings.get(character)
    if reading is not None:
        return reading
    readings = _dictionary().get(ord(character))
    return character.lower() if readings is None else _plain(readings.split(",", 1)[0])


@lru_cache(maxsize=4096)
def surname_pinyin(surname: str) -> str:
    """Read a surname, polyphonic characters as surnames are read: 单 → shan, 尉迟 → yuchi."""
    reading = surname_table().readings.get(surname)
    return reading if reading is not None else "".join(map(_syllable, surname))


def given_pinyin(given: str) -> str:
    """Read a given name, syllables joined, without tones; other letters stay, in lower case."""
    return "".join(map(_syllable, given)).replace(" ", "")


@cache
def syllables() -> frozenset[str]:
    """All syllables of Hanyu Pinyin without tones, as the dictionary of common characters has them."""
    common = (r for point, r in _dictionary().items() if 0x4E00 <= point <= 0x9FA5)
    every = {_plain(reading) for readings in common for reading in readings.split(",")}
    return frozenset(s for s in every if s.isascii() and s.isalpha() and any(v in s for v in "aeiouv")) - {
        "o",
        "e",
        "yo",
    }


@cache
def _surname_ranks() -> dict[str, int]:
    """Pinyin of every surname → rank of the most frequent surname read so."""
    ranks: dict[str, int] = {}
    for rank, surname in enumerate(surname_table().ranked):
        ranks.setdefault(surname_pinyin(surname), rank)
    return ranks


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """Lower case, joined, ü as v: the form in which pinyin is compared. 'Xiao-Ming' and 'Xiao Ming' → xiaoming."""
    lowered = text.lower()
    if not lowered.isascii():
        lowered = _plain(lowered)
    return "".join(c for c in _U_UMLAUT.sub(r"\1v", lowered) if c.isalpha())


@lru_cache(maxsize=65536)
def count_syllables(text: str) -> int:
    """Fewest syllables that spell ``text`` (in normal form) completely; 0 where it is not pinyin."""
    known = syllables()
    fewest = [0] + [0] * len(text)
    for end in range(1, len(text) + 1):
        counts = [
            fewest[start] + 1
            for start in range(max(0, end - 6), end)
            if (start == 0 or (fewest[start] and end - start > 1)) and text[start:end] in known
        ]
        fewest[end] = min(counts, default=0)
    return fewest[-1]


@dataclass(frozen=True, slots=True)
class PinyinName:
    """A Chinese name typed in Latin letters; both parts in normal form."""

    family: str
    given: str
    family_first: bool
    """The order in which it was typed."""
    sure: bool
    """False where the other order is possible, too."""


def parse_pinyin_name(tokens: list[str]) -> PinyinName | None:
    """Recognise a Chinese name in pinyin.

    Args:
        tokens: the words of the name, in any case; hyphens and apostrophes inside are allowed.

    Returns:
        The parts, or None where the words are not all pinyin or none of them is a surname. Where both ends could be
        the surname, a compound one is, else the one that is far more frequent, else the first.
    """
    words = [normal(t) for t in tokens]
    if not words or not all(words):
        return None
    if len(words) == 1:
        return _split_single(words[0])
    lengths = [count_syllables(w) for w in words]
    if not all(lengths) or sum(lengths) > _MOST_GIVEN_SYLLABLES + 2:
        return None
    head = _end(words, lengths)
    tail = _end(words[::-1], lengths[::-1])
    if head is None and tail is None:
        return None
    family_first = tail is None or (head is not None and _head_wins(head, tail))
    taken = head if family_first else tail
    cut = taken.words if family_first and taken else len(words) - (taken.words if taken else 0)
    front, back = "".join(words[:cut]), "".join(words[cut:])
    sure = head is None or tail is None
    return PinyinName(front, back, True, sure) if family_first else PinyinName(back, front, False, sure)


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a name read as its surname."""

    rank: int
    words: int
    compound: bool


def _end(words: list[str], lengths: list[int]) -> _End | None:
    """Read the surname that ``words`` begin with; 'ou yang' counts as one."""
    if len(words) > 2 and lengths[0] == lengths[1] == 1:
        for joined in (words[0] + words[1], words[1] + words[0]):
            if joined in _compound_pinyin():
                return _End(_surname_ranks()[joined], 2, True)
    rank = _surname_ranks().get(words[0])
    if rank is None or not 1 <= sum(lengths[1:]) <= _MOST_GIVEN_SYLLABLES:
        return None
    return _End(rank, 1, words[0] in _compound_pinyin() and lengths[0] > 1)


def _head_wins(head: _End, tail: _End) -> bool:
    if head.compound != tail.compound:
        return head.compound
    return head.rank <= tail.rank * 6 + 30


@cache
def _compound_pinyin() -> frozenset[str]:
    return frozenset(surname_pinyin(s) for s in surname_table().compound)


def _split_single(word: str) -> PinyinName | None:
    """Split 'zhangsan' after its surname: the longest surname that leaves one or two syllables."""
    for cut in range(min(len(word) - 1, 8), 1, -1):
        if word[:cut] in _surname_ranks() and 1 <= count_syllables(word[cut:]) <= 2 and len(word) - cut > 1:
            return PinyinName(word[:cut], word[cut:], True, False)
    return None
