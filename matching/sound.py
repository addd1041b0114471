"""How names sound: pinyin of Chinese characters, syllables of pinyin text, consonant skeletons of Latin words."""

from __future__ import annotations

import re
from functools import lru_cache

_CJK = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_FINALS = (
    "iang|iong|uang|ang|eng|ing|ong|uai|ian|iao|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|vn|"
    "a|e|i|o|u|v"
)
_CONSONANT = rf"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:{_FINALS})"
_ANY = rf"{_CONSONANT}|(?:ang|eng|ai|an|ao|ei|en|er|ou|a|e|o)"
_STRICT = re.compile(rf"(?:{_ANY})(?:{_CONSONANT})*")
_STRICT_SPLIT = re.compile(rf"({_ANY})(?=(?:{_CONSONANT})*$)")
_LOOSE = re.compile(rf"(?:{_ANY})+")
_LOOSE_SPLIT = re.compile(rf"({_ANY})(?=(?:{_ANY})*$)")
_LONGEST_WORD = 24
_DOUBLED = re.compile(r"(.)\1+")
_WEAK = re.compile(r"[aeiouyhw0-9]")
_GROUPS = str.maketrans("ckqzvbpdtgmn", "cccsffpttgnn")


def has_cjk(text: str) -> bool:
    """Tell whether ``text`` holds a Chinese character."""
    return not text.isascii() and _CJK.search(text) is not None


@lru_cache(maxsize=65_536)
def sound(character: str) -> str:
    """Return the pinyin of one character without tone (``v`` for ü), or the character itself."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(character, v_to_u=False))


def spoken(text: str) -> str:
    """Return how ``text`` sounds: Chinese characters become pinyin, the rest stays."""
    return "".join(sound(c) for c in text) if has_cjk(text) else text


@lru_cache(maxsize=262_144)
def _word(word: str) -> tuple[str, ...]:
    """Split one Latin word into pinyin syllables; a word that is none stays whole."""
    if has_cjk(word):
        return tuple(sound(c) for c in word)
    if len(word) > _LONGEST_WORD:
        return (word,)
    for whole, split in ((_STRICT, _STRICT_SPLIT), (_LOOSE, _LOOSE_SPLIT)):
        if whole.fullmatch(word):  # inside a word a syllable begins with a consonant wherever it can: li-na, not lin-a
            return tuple(split.findall(word)) or (word,)
    return (word,)


def syllables(text: str) -> list[str]:
    """Return the syllables of a name written in pinyin or in characters, in their order."""
    return [s for word in text.split() for s in _word(word)]


def skeleton(text: str) -> str:
    """Return the first letter and up to four consonant groups: what survives most misspellings."""
    word = spoken(text).replace(" ", "")
    if not word:
        return word
    return word[:1] + _DOUBLED.sub(r"\1", _WEAK.sub("", word[1:]).translate(_GROUPS))[:4]
