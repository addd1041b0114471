"""Which row of a table is its header, and what its columns are called.

A header row is the first row that is about as wide as the table and holds only labels: no cell of it looks like data
(a number, a date, an e-mail, a phone), and its texts do not come back in their own columns below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count

SEARCHED_ROWS = 40
"""Title rows above a header are few."""
MIN_WIDTH_SHARE = 0.5
"""A header has labels in more than this share of the columns of a typical row."""
MAX_LABEL_LENGTH = 80

Row = Sequence[object]

_DATA = re.compile(
    r"""
      [-+¥￥$€£]?\d[\d,]*(\.\d+)?\s*%?          # a number, an amount
    | \+?[\d\s()\-–.]{6,}                       # a phone
    | \d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?([ T]\d{1,2}:\d{2}.*)?   # a date
    | [^@\s]+@[^@\s]+\.[^@\s]+                  # an e-mail
    | https?://\S+
    """,
    re.VERBOSE,
)
_CJK = re.compile(r"[\u3400-\u9fff]")


def filled(value: object) -> bool:
    """Say whether a cell holds anything."""
    return value is not None and str(value).strip() != ""


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the header row in ``rows`` (the first rows of a table), or ``None`` if none looks like one.

    Args:
        rows: cells by row; text, numbers or dates; empty cells ``""`` or ``None``.
    """
    widths = [sum(map(filled, row)) for row in rows]
    if not any(widths):
        return None
    table = _typical_width(widths)
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        width = _label_width(row, widths[index])
        if width > MIN_WIDTH_SHARE * table:
            return index if _labels(row) and not _comes_back(row, rows[index + 1 :]) else None
    return None


def _label_width(row: Row, width: int) -> int:
    """Return how many labels a row may hold: a title merged over many cells is one, a header that repeats is not."""
    different = len({str(cell).strip() for cell in row if filled(cell)})
    return width if different * 2 >= width else different


def _typical_width(widths: Sequence[int]) -> int:
    """Return the widths' 75th percentile: title rows are narrower, a stray note may be wider."""
    used = sorted(width for width in widths if width)
    return used[(len(used) * 3) // 4] if len(used) > 2 else used[-1]


def looks_like_data(value: object) -> bool:
    """Say whether a cell is a value rather than a label; a year alone may label a column."""
    if not isinstance(value, str):
        return not (isinstance(value, (int, float)) and not isinstance(value, bool) and 1900 <= value <= 2100)
    text = value.strip()
    if re.fullmatch(r"(19|20)\d\d(\.0)?", text):
        return False
    return bool(_DATA.fullmatch(text)) or len(text) > MAX_LABEL_LENGTH


def _labels(row: Row) -> bool:
    cells = [cell for cell in row if filled(cell)]
    data = sum(map(looks_like_data, cells))
    return data <= len(cells) // 10


def _comes_back(row: Row, below: Sequence[Row]) -> bool:
    """Say whether half of the row's texts stand again in their own columns: then they are values."""
    texts = {i: str(cell).strip() for i, cell in enumerate(row) if filled(cell)}
    others = [other for other in below if not _same(texts, other)]
    again = sum(
        any(i < len(other) and isinstance(other[i], str) and str(other[i]).strip() == text for other in others)
        for i, text in texts.items()
    )
    return len(others) >= 2 and again * 2 >= len(texts)


def _same(texts: dict[int, str], other: Row) -> bool:
    """Say whether ``other`` is the same header once more (files glued together)."""
    same = sum(i < len(other) and str(other[i]).strip() == text for i, text in texts.items())
    return same > 0.8 * len(texts) and len(texts) > 1


def name_columns(
    cells: Sequence[object], positions: Sequence[int] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a unique name for every column, and notes on the names that had to be made up.

    An empty header becomes ``列3`` (``column 3`` where no header is Chinese), a repeated one gets ``_2``, ``_3`` …

    Args:
        cells: the header cells.
        positions: the 0-based position of each in the table, where some columns were left out.
    """
    texts = [clean_name(cell) for cell in cells]
    word = "列" if any(_CJK.search(text) for text in texts) else "column "
    reserved = set(texts)
    names: dict[str, None] = {}
    notes: list[str] = []
    for position, text in zip(positions or range(len(texts)), texts, strict=True):
        name = text or f"{word}{position + 1}"
        if name in names or (not text and name in reserved):
            number = next(n for n in count(2) if f"{name}_{n}" not in names and f"{name}_{n}" not in reserved)
            notes.append(f"header '{name}' stands more than once: column {position + 1} is called '{name}_{number}'")
            name = f"{name}_{number}"
        elif not text:
            notes.append(f"column {position + 1} has no header: it is called '{name}'")
        names[name] = None
    return tuple(names), tuple(notes)


def clean_name(cell: object) -> str:
    """Return a header cell as one line of text."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).replace("\0", "").replace("\ufeff", "").split())
