"""How the fields of a text file are separated and quoted."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", "\t", ";", "|", "，", "；")
NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_EXCEL_LINE = re.compile(r"^sep=(.)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter, quote, and the number of leading lines that are no rows (``sep=;``)."""

    delimiter: str
    quote: str = '"'
    skip: int = 0


def detect_dialect(lines: Sequence[str], delimiter: str | None = None, quote: str = '"') -> Dialect:
    """Tell the delimiter from the first lines of a file.

    The delimiter is the one which splits most rows into one and the same number (at least two) of fields.

    Args:
        lines: the first lines, line ends kept.
        delimiter: what the user says: one character or a name (``tab``).
        quote: the quote character.
    """
    match = _EXCEL_LINE.match(lines[0]) if lines else None
    skip = 1 if match else 0
    if delimiter is not None:
        return Dialect(NAMES.get(delimiter.casefold(), delimiter), quote, skip)
    if match:
        return Dialect(match[1], quote, skip)
    best = max(DELIMITERS, key=lambda sign: _consistency(lines, sign, quote))
    return Dialect(best if _consistency(lines, best, quote)[0] > 0 else ",", quote)


def _consistency(lines: Sequence[str], delimiter: str, quote: str) -> tuple[float, int]:
    """Return (share of rows that have the most usual number of fields, that number), (0, 0) where it is one field."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, quotechar=quote) if row]
    except csv.Error:
        return 0.0, 0
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0, 0
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    return round(count / len(widths), 1), width
