"""How names sound: pinyin of Chinese characters, syllables of pinyin text, consonant skeletons of Latin words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from matching.letters import hangul_letters

_CJK = re.compile(r"[ぁ-ヿ가-힣㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
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
_BLURS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "h": "f"}
_BLURRED = re.compile(r"^(?:zh|ch|sh|n|r|h)")
_BLURRED_END = re.compile(r"ng$")
"""Initials and endings that southern speakers do not tell apart."""
_LEAST_HEARD = 3
_HEARD = tuple(
    (re.compile(written, re.MULTILINE), spoken)
    for written, spoken in (
        (r"[^a-z\n]", ""),
        (r"^kn", "n"),
        (r"^wr", "r"),
        (r"sz", "sh"),
        (r"cz", "ch"),
        (r"(?<=[a-z])j|^j(?=[au])", "y"),
        (r"ph", "f"),
        (r"t?sch", "sh"),
        (r"dt|th", "t"),
        (r"ck|q|c(?![eiyh])", "k"),
        (r"c(?=[eiy])|z", "s"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"e[iy]|a[iy]", "ai"),
        (r"ie|ee|ea|y", "i"),
        (r"oo|ou", "u"),
        (r"(?<=[aeiou])h|(?<=[bdgjklmnrtv])h", ""),
        (r"(?<=...)e$", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""Spellings of one sound, applied in this order to names that stand in lines."""


def has_cjk(text: str) -> bool:
    """Tell whether ``text`` holds a Chinese character, a Hangul syllable or kana: signs that stand for syllables."""
    return not text.isascii() and _CJK.search(text) is not None


@lru_cache(maxsize=65_536)
def sound(character: str) -> str:
    """Return the pinyin of one character without tone (``v`` for ü), how Hangul is spelt, or the character itself."""
    if "가" <= character <= "힣":
        return unicodedata.normalize("NFD", character).translate(hangul_letters())
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


def foreign(text: str) -> bool:
    """Tell whether a name in Latin letters has a word that is no pinyin: Jack Ma, Wong Ka Ming."""
    return text.isascii() and any(not _STRICT.fullmatch(word) for word in text.split())


def blurred(text: str) -> str:
    """Return how a Chinese name sounds to an ear that takes zh for z, n for l, f for h and ing for in."""
    sounds = (_BLURRED_END.sub("n", _BLURRED.sub(lambda m: _BLURS[m[0]], sound(c))) for c in text)
    return " ".join(sounds) if has_cjk(text) else text


def heard(names: pa.Array) -> pa.Array:
    """Return how Latin names sound to an English, German or Slavic ear: Meyer and Maier, Boichuk and Bojczuk are one.

    Nothing for names too short to tell, and for other alphabets. All are handled as one text, a name to a line, which
    takes a tenth of the time that each by itself does.
    """
    latin = pc.and_(pc.string_is_ascii(names), pc.invert(pc.match_substring(names, "\n")))
    text = "\n".join(pc.if_else(latin, names, "").to_pylist())
    for written, spoken_as in _HEARD:
        text = written.sub(spoken_as, text)
    found = pa.array(text.split("\n") if len(names) else [], pa.string())
    return pc.if_else(pc.greater_equal(pc.binary_length(found), _LEAST_HEARD), found, pa.scalar(None, pa.string()))


def skeleton(text: str) -> str:
    """Return the first letter and up to four consonant groups: what survives most misspellings."""
    word = spoken(text).replace(" ", "")
    if not word:
        return word
    return word[:1] + _DOUBLED.sub(r"\1", _WEAK.sub("", word[1:]).translate(_GROUPS))[:4]
