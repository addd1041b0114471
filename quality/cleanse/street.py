"""The semantic type ``street``: a street line that has its own column."""

from __future__ import annotations

import re

from quality.cleanse import address_codes as codes
from quality.cleanse.contract import Cleansed
from quality.cleanse.letter_case import capitalize_name
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold, has_han, is_cjk_native, simplify

_ORDINAL = re.compile(r"\b(\d+)(St|Nd|Rd|Th)\b")
_DIRECTION = re.compile(r"\b(Ne|Nw|Se|Sw)\b")
_GAPS = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_EDGES = " ,;.。，；、"


def clean_street(value: str, country: str) -> Cleansed:
    """Standardise a street line: width, blanks, simplified characters, capitals. Misspellings stay as they are.

    Args:
        value: the text as typed; a house number in it stays.
        country: ISO 3166 alpha-2 code; Japanese addresses keep their characters.
    """
    folded = fold(value)
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,))
    text = folded.strip(_EDGES) or folded
    if has_han(text) and not is_cjk_native(text) and country != "JP":
        simplified = simplify(text)
        tidy = _GAPS.sub("", simplified)
        return Cleansed((tidy,), codes=(codes.TO_SIMPLIFIED,) if simplified != text else ())
    if not (text.isupper() or text.islower()):
        return Cleansed((text,))
    cased = capitalize_name(text)
    cased = _ORDINAL.sub(lambda m: m[0].lower(), cased)
    cased = _DIRECTION.sub(lambda m: m[0].upper(), cased)
    return Cleansed((cased,), codes=(codes.RECASED,) if cased != text else ())
