"""Industries as sections of GB/T 4754-2017 (国民经济行业分类), A to T."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold, simplify
from schemas.types import Severity

UNKNOWN = Code(
    "industry_unknown", Severity.WARNING, "未能归入国民经济行业分类", "Not found in the classification of industries"
)
GUESSED = Code("industry_from_words", Severity.INFO, "按描述词归入行业门类", "Section found by the words of the text")

_CODE = re.compile(r"([A-T])(?:\d{2,4})?(?:\b.*)?")
_DIGITS = re.compile(r"(\d{2})\d{0,2}")
_NAME_END = re.compile(r"(?:行业|业|类|industry|sector)$")


@cache
def _sections() -> Mapping[str, Any]:
    data: dict[str, Any] = reference("industry")
    return data


@cache
def _names() -> Mapping[str, str]:
    names = {_key(entry[language]): code for code, entry in _sections().items() for language in ("zh", "en")}
    return names | {_key(word): code for code, entry in _sections().items() for word in entry["words"]}


@cache
def _longest_first() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Words to look for inside a text; Latin ones as whole words."""
    words = [(word, code) for code, entry in _sections().items() for word in entry["words"]]
    words.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return tuple((re.compile(rf"\b{word}\b" if word.isascii() else re.escape(word)), code) for word, code in words)


def clean_industry(value: str, country: str) -> Cleansed:
    """Standardise an industry.

    Args:
        value: a code of GB/T 4754 of any level (C, C35, 3511), a section's name or a description in words.
        country: not used.

    Returns:
        The section's letter; a text that fits no section is kept.
    """
    text = fold(value[:200])
    if is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    key = _key(text)
    section = _by_code(text.upper()) or _names().get(key)
    if section:
        return Cleansed((section,))
    lowered = simplify(text).casefold()
    for pattern, code in _longest_first():
        if pattern.search(lowered):
            return Cleansed((code,), codes=(GUESSED,))
    return Cleansed((text,), codes=(UNKNOWN,))


def _by_code(text: str) -> str:
    match = _CODE.fullmatch(text)
    if match and (len(text) == 1 or text[1].isdigit()):
        return match[1]
    if digits := _DIGITS.fullmatch(text):
        division = int(digits[1])
        for code, entry in _sections().items():
            first, last = entry["divisions"]
            if first <= division <= last:
                return code
    return ""


def _key(text: str) -> str:
    bare = re.sub(r"[\s、,，/&和与及]+", "", simplify(text).casefold())
    return _NAME_END.sub("", bare)
