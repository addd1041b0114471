"""Text without further meaning: titles, remarks, room numbers."""

from __future__ import annotations

from quality.cleanse.contract import Cleansed
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold


def clean_text(value: str, country: str) -> Cleansed:
    """Fold width and white space; placeholders become empty.

    Args:
        value: the text of the cell.
        country: not used.

    Returns:
        The text in one line, its case and its words untouched.
    """
    text = fold(value)
    if is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    return Cleansed((text,))
