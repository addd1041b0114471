"""Text folding that every cleanser shares: width, white space, invisible characters, simplified Chinese."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_COMPATIBILITY = ((0xFF01, 0xFF9F), (0xFFE0, 0xFFE6), (0xF900, 0xFAD9), (0x2F00, 0x2FD5), (0xFB00, 0xFB06))
"""Where NFKC only undoes width, duplicate code points and ligatures; elsewhere (①, ², ℡) it changes meaning."""
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_INVISIBLE = (
    *range(0x00, 0x09),
    *range(0x0E, 0x1C),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    0xAD,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFE0E,
    0xFE0F,
    0xFEFF,
    0xFFFC,
    0xFFFD,
    0xFFFE,
    0xFFFF,
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_JOINERS = re.compile(r"(?<![\u0600-\u0dff])[\u200c\u200d]+")
"""Zero-width (non-)joiners shape Persian and Indic letters; anywhere else they are debris."""
_RUNS = re.compile(r" {2,}")
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_KANA_OR_HANGUL = re.compile(r"[\u3041-\u30fa\u30fc-\u30ff\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_KEPT_IN_NAMES = "乾昇徵喆堃祕迺濬甦鎔脩澂頫龢"
"""Characters that simplification would replace although the PRC's table of 2013 keeps them for personal names."""


def _folding_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(_INVISIBLE)
    table |= dict.fromkeys(map(ord, _SPACES), " ")
    for first, last in _COMPATIBILITY:
        for point in range(first, last + 1):
            table[point] = unicodedata.normalize("NFKC", chr(point))
    return table


_FOLDING = _folding_table()


def fold(text: str) -> str:
    """Undo what keyboards and exports add: full width, odd and doubled spaces, invisible characters.

    Args:
        text: any text.

    Returns:
        The same text in NFC, half width where a half-width form exists, trimmed, single spaces. Idempotent.
    """
    if text.isascii() and text.isprintable():
        folded = text
    else:
        folded = unicodedata.normalize("NFC", _JOINERS.sub("", _SURROGATES.sub("", text).translate(_FOLDING)))
    return _RUNS.sub(" ", folded).strip(" ")


def capitals(text: str) -> str:
    """Write in capitals and keep NFC: the capital of some letters (ῒ) is made of several characters."""
    return text.upper() if text.isascii() else unicodedata.normalize("NFC", text.upper())


@cache
def _simplification() -> dict[int, str]:
    """Character → simplified character, read once from OpenCC's tables.

    Single characters, not phrases: names and addresses have no sentence to disambiguate with, and a table of
    characters costs nothing per value.
    """
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    points = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]
    changed = zip(points, convert("\n".join(map(chr, points))).split("\n"), strict=True)
    return {point: to for point, to in changed if to != chr(point) and chr(point) not in _KEPT_IN_NAMES}


def simplify(text: str) -> str:
    """Write Chinese in simplified characters; Japanese and Korean text (recognised by kana or hangul) stays as it is.

    Args:
        text: folded text.

    Returns:
        The text in simplified characters. Idempotent.
    """
    if text.isascii() or not _HAN.search(text) or _KANA_OR_HANGUL.search(text):
        return text
    return text.translate(_simplification())


def has_han(text: str) -> bool:
    """Tell whether the text has a Chinese character (which Japanese and Korean use, too)."""
    return not text.isascii() and _HAN.search(text) is not None


def is_cjk_native(text: str) -> bool:
    """Tell whether the text has kana or hangul, and so is Japanese or Korean."""
    return not text.isascii() and _KANA_OR_HANGUL.search(text) is not None
