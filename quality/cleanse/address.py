"""The semantic type ``address``: one line, and its parts."""

from __future__ import annotations

import re

from quality.cleanse import address_codes as codes
from quality.cleanse.chinese_address import cleanse_chinese_address
from quality.cleanse.contract import Cleansed
from quality.cleanse.country import find_country
from quality.cleanse.international_address import cleanse_international_address
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.settling import settle
from quality.cleanse.text import fold, has_han, is_cjk_native, simplify

_LONGEST = 500
_NOT_AN_ADDRESS = re.compile(r"\S+@\S+\.\S+|https?://\S+|[+\d][\d\s\-()]{6,}")
_LAST_WORD = re.compile(r"^([^\u3400-\u9fff]*[A-Za-z][^\u3400-\u9fff]*?)[\s,;.]*([\u3400-\u9fff]{2,})$")
_JAPAN = re.compile(r"^(?:日本|〒|東京都|东京都|大阪府|京都府|北海道)")


def clean_address(value: str, country: str) -> Cleansed:
    """Standardise a postal address.

    Args:
        value: the address as typed, one line or several.
        country: ISO 3166 alpha-2 code of the record.

    Returns:
        One line; parts ``province city district street house_number room postcode country remark`` as far as they are
        certain. Chinese addresses get missing levels filled in where the names leave no choice, and former divisions
        replaced; others are tidied and pass.
    """
    return settle(_cleanse_once, value, country)


def _cleanse_once(value: str, country: str) -> Cleansed:
    folded = fold(value)
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,))
    if len(folded) > _LONGEST or _NOT_AN_ADDRESS.fullmatch(folded) or not any(c.isalnum() for c in folded):
        return Cleansed((folded,), codes=(codes.NOT_AN_ADDRESS,))
    if not has_han(folded) or is_cjk_native(folded) or country == "JP" or _JAPAN.match(folded):
        return cleanse_international_address(folded, country)
    abroad = _LAST_WORD.match(folded)
    if abroad and find_country(abroad[2]):
        return cleanse_international_address(f"{abroad[1]}, {abroad[2]}", country)
    text = simplify(folded)
    result = cleanse_chinese_address(text)
    if text == folded:
        return result
    return Cleansed(result.standard, result.parts, (*result.codes, codes.TO_SIMPLIFIED))
