"""One table as a CSV, Parquet or JSON-lines file."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

_BATCH = 10_000
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"\+\d{6,15}|-\d+(\.\d+)?")
JOINT = "; "
"""Between the values of a multi-valued field in one cell."""


def cell(value: object) -> str:
    """Return one value as the text of one cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        return JOINT.join(cell(one) for one in value)
    return str(value)


def defused(text: str) -> str:
    """Put ``'`` before a text that a spreadsheet would run as a formula (OWASP, CSV injection).

    Phone numbers in international form and negative numbers are left alone: they calculate nothing.
    """
    return f"'{text}" if text.startswith(_RISKY) and not _NUMBER.fullmatch(text) else text


def write_csv(path: Path, table: pa.Table, headers: Sequence[str]) -> None:
    """Write a CSV file in UTF-8 with BOM.

    Args:
        path: the file.
        table: any columns; lists are joined with ``; ``.
        headers: header texts in column order.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([defused(header) for header in headers])
        for batch in table.to_batches(max_chunksize=_BATCH):
            columns = [[defused(cell(value)) for value in column.to_pylist()] for column in batch.columns]
            writer.writerows(zip(*columns, strict=True))


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file, field names as columns."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd")


def write_jsonl(path: Path, table: pa.Table) -> None:
    """Write one JSON object per line, field names as keys, without empty values."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for batch in table.to_batches(max_chunksize=_BATCH):
            for row in batch.to_pylist():
                known = {name: value for name, value in row.items() if value not in (None, [])}
                file.write(json.dumps(known, ensure_ascii=False, default=str) + "\n")
