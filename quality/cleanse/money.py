"""Amounts of money: decimal text, and the currency (ISO 4217) where it is written."""

from __future__ import annotations

import re
from functools import cache

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.number import APPROXIMATE, decimal_text, read_number
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold
from schemas.types import Severity

INVALID = Code("money_invalid", Severity.ERROR, "不是金额", "Not an amount of money")

_NEGATIVE = re.compile(r"\((.*)\)|(.*\d)-")
_ABOUT = re.compile(r"^(?:约|大约|近|超过?|about|approx\.?|over)\s*|\s*(?:以上|左右|余)\s*$", re.IGNORECASE)
_WHOLE = re.compile(r"(?:整|正)$")


@cache
def _currencies() -> tuple[re.Pattern[str], dict[str, str]]:
    data = reference("category")["currency"]
    words = {word.casefold(): code for code, listed in data.items() for word in (code, *listed)}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in longest_first), re.IGNORECASE), words


def clean_money(value: str, country: str) -> Cleansed:
    """Standardise an amount.

    Args:
        value: the text of the cell: ¥1,234.50 · 100万元 · USD 1,000 · (90.00).
        country: not used.

    Returns:
        Decimal text; ``parts['currency']`` is the ISO 4217 code where the value names its currency. Other text is kept.
    """
    text = fold(value[:100])
    if is_placeholder(text) and not re.search(r"\d", text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    pattern, words = _currencies()
    named = [words[match.casefold()] for match in pattern.findall(text)]
    bare = _ABOUT.sub("", _WHOLE.sub("", pattern.sub(" ", text)).strip()).strip()
    negative = _NEGATIVE.fullmatch(bare)
    number = read_number((negative[1] or negative[2]).strip() if negative else bare)
    if number is None:
        return Cleansed((text,), codes=(INVALID,))
    distinct = [code for code in dict.fromkeys(named) if code != "CNY"] or named
    parts = {"currency": distinct[0]} if distinct else {}
    approximate = (APPROXIMATE,) if _ABOUT.search(text) else ()
    return Cleansed((decimal_text(-number if negative else number),), parts, approximate)
