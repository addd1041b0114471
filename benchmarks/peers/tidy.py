"""The table a peer is given: columns under common names, values tidied as the peers' documentation asks.

Lower case, trimmed and single spaces, birth dates as ``YYYY-MM-DD`` (digits rearranged, so that misspelt dates stay
what they are), phones and identifiers as digits, nothing where nothing is said. ``columns.yaml`` says which column
holds what.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

DATES = {
    "ymd": (r"^(\d{4})\D?(\d{1,2})\D?(\d{1,2})$", r"\1-0\2-0\3"),
    "dmy": (r"^(\d{1,2})\D(\d{1,2})\D(\d{4})$", r"\3-0\2-0\1"),
    "mdy": (r"^(\d{1,2})\D(\d{1,2})\D(\d{4})$", r"\3-0\1-0\2"),
}
DIGITS = ("phone", "identifier")


@cache
def roles() -> dict[str, Any]:
    """Return ``columns.yaml``: per set, common name → column of the set."""
    return dict(yaml.safe_load((Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8")))


def tidy(name: str, table: pa.Table, start: int = 0) -> pa.Table:
    """Return a labelled set as the peers get it, with a row number ``unique_id``.

    Args:
        name: a key of ``columns.yaml``, or ``persons_…``.
        table: its columns as text, one row per record.
        start: number of the first row.

    Returns:
        The same rows; ``unique_id`` and one text column per common name.
    """
    known = roles()[name.split("_", maxsplit=1)[0] if name.startswith("persons") else name]
    columns: dict[str, pa.Array] = {"unique_id": pa.array(range(start, start + table.num_rows), pa.int64())}
    for common, source in known["columns"].items():
        columns[common] = _tidied(common, _joined(table, source), known.get("date", "ymd"))
    return pa.table(columns)


def _joined(table: pa.Table, source: str | list[str]) -> pa.ChunkedArray:
    """Return one column, or several joined by hyphens."""
    if isinstance(source, str):
        return table[source].cast(pa.string())
    return pc.binary_join_element_wise(*(table[c].cast(pa.string()) for c in source), "-")


def _tidied(common: str, values: pa.ChunkedArray, date: str) -> pa.ChunkedArray:
    """Tidy one column."""
    text = pc.utf8_trim_whitespace(pc.utf8_lower(pc.replace_substring_regex(values, r"\s+", " ")))
    if common == "birth_date":
        pattern, order = DATES[date]
        text = pc.replace_substring_regex(pc.replace_substring_regex(text, pattern, order), r"-0(\d\d)", r"-\1")
    if common in DIGITS:
        text = pc.replace_substring_regex(text, r"\D", "")
    return pc.if_else(pc.equal(text, ""), None, text)
