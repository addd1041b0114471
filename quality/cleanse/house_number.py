"""House numbers as a column of their own."""

from __future__ import annotations

import re

from quality.cleanse.contract import Cleansed
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import capitals, fold

_FLOAT = re.compile(r"(\d+)\.0+")
_LABEL = re.compile(r"^(?:no\.?|nr\.?|num\.?|number|#|№)\s*(?=\d)", re.IGNORECASE)
_DASHES = re.compile(r"\s*[-–—]\s*")


def clean_house_number(value: str, country: str) -> Cleansed:
    """Standardise a house number.

    Args:
        value: the text of the cell.
        country: not used.

    Returns:
        The number without label (No. 5 → 5), 号 or a spreadsheet's ``.0``; letters in upper case (12a → 12A).
    """
    text = fold(value)
    if text == "0" or is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    text = _LABEL.sub("", _DASHES.sub("-", text))
    if whole := _FLOAT.fullmatch(text):
        text = whole[1]
    if re.fullmatch(r"[\d-]+号", text):
        text = text[:-1]
    if re.fullmatch(r"\d[\d/-]* ?[a-z]", text):
        text = capitals(text).replace(" ", "")
    return Cleansed((text,))
