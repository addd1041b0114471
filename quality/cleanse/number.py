"""Numbers as people write them: grouping, 万 and 亿, percent, ranges."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold
from schemas.types import Severity

INVALID = Code("number_invalid", Severity.ERROR, "不是数字", "Not a number")
APPROXIMATE = Code("number_approximate", Severity.WARNING, "约数或区间", "An estimate or a range rather than a number")

_MULTIPLIERS = {
    **{"百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8},
    **{"万亿": 10**12, "k": 1000, "thousand": 1000, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9},
    "billion": 10**9,
}
_NUMBER = re.compile(
    r"([-+−]?)\s*(\d[\d.,' ]*|\.\d+)\s*([eE][+-]?[0-2]?\d)?\s*"
    r"(万亿|百万|千万|百|千|万|萬|亿|億|(?:k|mn|m|bn|million|billion|thousand)\b)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:约|大约|近|超过?|[>≥<≤~]=?|about|approx\.?|over|ca\.?)\s*|\s*(?:\+|以上|以下|左右|余|多)\s*$", re.IGNORECASE
)
_UNIT = re.compile(r"\s*(?:人|名|家|个|件|台|套|次|岁|pcs|people|employees|staff|%)\s*$", re.IGNORECASE)


def read_number(text: str) -> Decimal | None:
    """Read one number.

    Args:
        text: folded text that is a number and nothing else; 1,234.50 · 1.234,50 · 1 234 · 100万 · 1.2亿 · 1e3.

    Returns:
        The number, or ``None`` where the text is none.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, digits, exponent, multiplier = match.groups()
    try:
        number = Decimal(_plain(digits) + (exponent or ""))
    except InvalidOperation:
        return None
    factor = _MULTIPLIERS[(multiplier or "").lower()] if multiplier else 1
    return -number * factor if sign in {"-", "−"} else number * factor


def decimal_text(number: Decimal) -> str:
    """Write a number without exponent, grouping and closing zeros."""
    text = f"{number + 0:f}"  # adding 0 turns -0 into 0
    return text.rstrip("0").rstrip(".") if "." in text else text


def clean_number(value: str, country: str) -> Cleansed:
    """Standardise a number.

    Args:
        value: the text of the cell; units like 人 or % are dropped.
        country: not used.

    Returns:
        Decimal text without grouping. A range or other text is kept.
    """
    text = fold(value[:100])
    if is_placeholder(text) and not text.replace(".", "").isdigit():
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    bare = _ABOUT.sub("", text)
    number = read_number(_ABOUT.sub("", _UNIT.sub("", bare)))
    if number is not None:
        return Cleansed((decimal_text(number),), codes=(APPROXIMATE,) if bare != text else ())
    is_range = re.fullmatch(r"\d[\d,.]*\s*(?:-|~|–|至|到|to)\s*\d[\d,.]*", _UNIT.sub("", bare))
    return Cleansed((text,), codes=(APPROXIMATE if is_range else INVALID,))


def _plain(digits: str) -> str:
    """Tell the decimal sign from grouping: the last of both kinds, or a single one not followed by three digits."""
    digits = re.sub(r"[' ]", "", digits)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        grouping = "," if dot > comma else "."
        return digits.replace(grouping, "").replace(",", ".")
    if comma >= 0:
        groups = digits.split(",")
        grouped = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
        return digits.replace(",", "") if grouped or len(groups) > 2 else digits.replace(",", ".")
    return digits.replace(".", "") if digits.count(".") > 1 else digits
