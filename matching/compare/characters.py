"""Chinese numerals as figures, and characters typed twice."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_NUMERAL = "[零〇一二两三四五六七八九十百]+"
_COUNTING = re.compile(rf"第({_NUMERAL})|({_NUMERAL})(?=[号期局院店厂中小库队处]|分|公司|工程|附属)")
_DOUBLED = re.compile(r"(.)\1+")


def numerals(text: str) -> str:
    """Write Chinese numerals that count as figures: 第十二中学 → 第12中学; those in words stay: 三一重工."""
    return _COUNTING.sub(lambda m: f"第{figure(m[1])}" if m[1] else str(figure(m[2])), text)


def figure(numeral: str) -> int:
    """Return the value of a Chinese numeral below a thousand: 十二 → 12, 一百零三 → 103, 二三 → 23."""
    if not set(numeral) & _UNITS.keys():
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total = digit = 0
    for c in numeral:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def undoubled(text: str) -> str:
    """Return ``text`` with every character once that is typed twice running."""
    return _DOUBLED.sub(r"\1", text)
