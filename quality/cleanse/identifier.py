"""Codes and keys: customer numbers, document numbers, account names."""

from __future__ import annotations

import re

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.phone_cell import from_float
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold
from schemas.types import Severity

LOST_DIGITS = Code(
    "identifier_lost_digits",
    Severity.ERROR,
    "编号被表格存成科学计数法，位数已丢失",
    "A spreadsheet kept the number in scientific notation; digits are lost",
)
_DASHES = re.compile(r"[‐‑‒–—―−]")
_SHORT_FLOAT = re.compile(r"(\d+)\.0+")


def tidy_code(value: str) -> str:
    """Return a code without white space, a spreadsheet's leading apostrophe and its ``.0``; case is kept.

    Dashes of all kinds become ``-``.
    """
    text = _DASHES.sub("-", fold(value)).replace(" ", "").lstrip("'`’")
    return whole[1] if (whole := _SHORT_FLOAT.fullmatch(text)) else text


def clean_identifier(value: str, country: str) -> Cleansed:
    """Standardise a code that has no check digit.

    Args:
        value: the text of the cell.
        country: not used.

    Returns:
        The tidied code; nothing for placeholders. A single 0 is a code.
    """
    if is_placeholder(value):
        return Cleansed((), codes=(PLACEHOLDER,) if value.strip() else ())
    text, lost = from_float(tidy_code(value))
    return Cleansed((text,), codes=(LOST_DIGITS,) if lost else ())
