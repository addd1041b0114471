"""Pages put together from rows, and samples from pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from connectors.contract import Page
from connectors.text import TEXT


def empty_table(columns: Sequence[str]) -> pa.Table:
    """Return a table of ``columns`` without rows."""
    return pa.schema([(name, TEXT) for name in columns]).empty_table()


def widen(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return ``table`` with exactly ``columns``, in that order; a column it lacks is null."""
    present = set(table.column_names)
    arrays = [table[name] if name in present else pa.nulls(table.num_rows, TEXT) for name in columns]
    return pa.table(arrays, schema=pa.schema([(name, TEXT) for name in columns]))


def take_sample(pages: Iterable[Page], columns: Sequence[str], rows: int) -> tuple[pa.Table, bool]:
    """Return the first ``rows`` records of ``pages`` as one table, and whether that was all of them."""
    tables: list[pa.Table] = [empty_table(columns)]
    count = 0
    for page in pages:
        tables.append(page.table)
        count += page.table.num_rows
        if count > rows:
            break
    else:
        return pa.concat_tables(tables).combine_chunks(), True
    return pa.concat_tables(tables).slice(0, rows).combine_chunks(), False
