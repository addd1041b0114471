"""Countries and regions as ISO 3166-1 alpha-2 codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold, has_han, simplify
from schemas.types import Severity

UNKNOWN = Code("country_unknown", Severity.ERROR, "无法识别的国家或地区", "Unknown country or region")

_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_ASCII = re.compile(r"[\x00-\x7f]+")
_PUNCTUATION = re.compile(r"[^\w]+")


@cache
def _countries() -> Mapping[str, list[str]]:
    data: dict[str, list[str]] = reference("country")
    return data


@cache
def _names() -> Mapping[str, str]:
    return {_key(name): code for code, names in _countries().items() for name in (code, *names)}


def clean_country(value: str, country: str) -> Cleansed:
    """Standardise a country.

    Args:
        value: a code (alpha-2, alpha-3) or a name in Chinese, English or the country's own language.
        country: not used.

    Returns:
        The alpha-2 code; an unknown name keeps its text.
    """
    text = fold(value[:200])
    code = find_country(text)
    if code:
        return Cleansed((code,))
    if is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    return Cleansed((text,), codes=(UNKNOWN,))


def find_country(text: str) -> str:
    """Return the alpha-2 code of a country named in any spelling, or nothing."""
    names = _names()
    first = re.split(r"\s+[-–/]\s+|[/,]", text)[0]
    for attempt in (text, _BRACKETS.sub(" ", text), first, _ASCII.sub("", text) if has_han(text) else ""):
        if code := names.get(_key(attempt)):
            return code
    return ""


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", simplify(fold(text)).casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ł", "l")
    return _PUNCTUATION.sub("", re.sub(r"^the\s+", "", letters.replace("&", " and ")))
