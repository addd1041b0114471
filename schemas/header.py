"""When two header texts are the same header."""

from __future__ import annotations

import unicodedata


def squash(text: str) -> str:
    """Reduce a header text to what tells it from others: letters and digits, lower case, half width.

    Args:
        text: a header as typed, e.g. ``First_Name``, ``firstName``, ``ＦＩＲＳＴ ＮＡＭＥ``.

    Returns:
        ``firstname`` for all three. Accents are kept; an empty text for a header of punctuation alone.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFC", folded) if c.isalnum())
