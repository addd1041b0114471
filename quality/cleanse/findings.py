"""Collecting findings column by column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from quality.cleanse.contract import Code
from quality.cleanse.distinct import CleansedColumn

SCHEMA = pa.schema(
    [
        ("row", pa.int32()),
        ("field", pa.string()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("value", pa.string()),
    ]
)
Rows = npt.NDArray[np.integer]


class Findings:
    """Findings of one batch, in the order in which they were made."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []

    def add(self, field: str, code: Code, rows: Rows, values: pa.Array) -> None:
        """Add one code for some rows.

        Args:
            field: the field it is about.
            code: what was found.
            rows: row positions.
            values: the text each finding is about, aligned with ``rows``.
        """
        if len(rows):
            count = len(rows)
            columns = [
                rows.astype(np.int32),
                [field] * count,
                [code.name] * count,
                [code.severity.value] * count,
                values,
            ]
            self._tables.append(pa.table([pa.array(c) for c in columns], schema=SCHEMA))

    def add_column(self, field: str, column: CleansedColumn) -> None:
        """Add what the cleanser said about each value of a column, for every row that has the value."""
        found = [(i, code) for i, result in enumerate(column.results) for code in result.codes]
        if not found:
            return
        of_value = np.array([i for i, _ in found])
        starts = np.searchsorted(of_value, np.arange(len(column.results) + 1))
        counts = np.where(column.at < 0, 0, np.diff(starts)[column.at])
        rows = np.repeat(np.arange(len(column.at)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        which = pa.array(starts[column.at[rows]] + within)
        names, severities = _texts([code for _, code in found])
        values = pa.array([column.texts[i] for i in of_value], pa.string())
        columns = [pa.array(rows.astype(np.int32)), pa.array([field] * len(rows), pa.string())]
        taken = [names.take(which), severities.take(which), values.take(which)]
        self._tables.append(pa.table([*columns, *taken], schema=SCHEMA))

    def rows_with_error(self, field: str) -> set[int]:
        """Return the rows in which a field already has a finding of severity error."""
        rows: set[int] = set()
        for table in self._tables:
            if table.num_rows and table.column("field")[0].as_py() == field:
                wrong = table.filter(pa.compute.equal(table.column("severity"), "error"))
                rows.update(wrong.column("row").to_pylist())
        return rows

    def table(self) -> pa.Table:
        """Return all findings, sorted by row."""
        if not self._tables:
            return SCHEMA.empty_table()
        whole = pa.concat_tables(self._tables)
        return whole.take(pa.array(np.argsort(whole.column("row").to_numpy(), kind="stable"))).combine_chunks()


def _texts(codes: Sequence[Code]) -> tuple[pa.Array, pa.Array]:
    return pa.array([c.name for c in codes], pa.string()), pa.array([c.severity.value for c in codes], pa.string())
