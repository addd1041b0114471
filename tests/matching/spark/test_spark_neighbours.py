"""Neighbours are the same wherever the sorted records are cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.spark.neighbours import SCHEMA, across_pieces, paired

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), max_size=40)


def naive(rows: list[tuple[int, int]], steps: int) -> set[tuple[int, int]]:
    """Return every row of a block with its next few."""
    return {(i, j) for i in range(len(rows)) for j in range(i + 1, min(i + steps + 1, len(rows))) if rows[i] == rows[j]}


def in_pieces(rows: list[tuple[int, int]], cuts: list[int], steps: int, batch: int) -> list[tuple[int, int]]:
    """Return the pairs that workers and driver find together."""
    found, ends = [], []
    for piece, (begin, end) in enumerate(pairwise([0, *sorted(cuts), len(rows)])):
        numbers = list(range(begin, end))
        table = pa.table(
            {
                "rule": pa.array([rows[i][0] for i in numbers], pa.int32()),
                "key": pa.array([rows[i][1] for i in numbers], pa.int64()),
                "record": pa.array(numbers, pa.int64()),
                "steps": pa.array([steps] * len(numbers), pa.int32()),
            }
        )
        for part in paired(table.to_batches(max_chunksize=batch), piece, steps):
            for row in part.to_pylist():
                (ends if row["a"] is None else found).append(row)
    pairs = [(row["a"], row["b"]) for row in found]
    return pairs + across_pieces(pa.Table.from_pylist(ends, schema=SCHEMA))


@given(ROWS, st.lists(st.integers(0, 40), max_size=5), st.integers(1, 4), st.integers(1, 7))
def test_cuts_do_not_matter(rows: list[tuple[int, int]], cuts: list[int], steps: int, batch: int) -> None:
    rows = sorted(rows)
    pairs = in_pieces(rows, [min(c, len(rows)) for c in cuts], steps, batch)
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == naive(rows, steps)
