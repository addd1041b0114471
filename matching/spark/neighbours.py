"""Sorted neighbourhood over many machines (Hernández and Stolfo 1995): records sorted, each with the next few.

The sorted records are cut into pieces. Each worker pairs the records inside its piece and hands on the first and last
few; these are paired across the cuts where all of them are in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from matching.arrays import BoolArray, IntArray

NEAR = "a bigint, b bigint, piece int, place bigint, length bigint, rule int, key bigint, record bigint, steps int"
"""A pair, or a row at the end of a piece: its place in the piece and the length of the piece."""
ROW = ("rule", "key", "record", "steps")
_ARROW = {"int": pa.int32(), "bigint": pa.int64()}
SCHEMA = pa.schema([(name, _ARROW[kind]) for name, kind in (column.split() for column in NEAR.split(", "))])


def paired(batches: Iterable[pa.RecordBatch], piece: int, steps: int) -> Iterator[pa.RecordBatch]:
    """Pair the rows of one piece.

    Args:
        batches: rows (rule, key, record, steps) of one piece in their order; neighbours share rule and key and stand
            at most ``steps`` apart, each as its rule says.
        piece: number of the piece; pieces follow one another.
        steps: the most of any rule.

    Yields:
        Pairs, and last the rows at both ends of the piece.
    """
    head = tail = pa.schema([f for f in SCHEMA if f.name in ROW]).empty_table()
    length = 0
    for batch in batches:
        table = pa.concat_tables([tail, pa.Table.from_batches([batch]).select(tail.column_names).cast(tail.schema)])
        yield from _whole(_pairs(table, tail.num_rows, steps)).to_batches()
        head = pa.concat_tables([head, table.slice(tail.num_rows)]).slice(0, steps).combine_chunks()
        tail = table.slice(max(table.num_rows - steps, 0)).combine_chunks()
        length += batch.num_rows
    first = max(length - tail.num_rows, head.num_rows)
    ends = pa.concat_tables([head, tail.slice(tail.num_rows - (length - first))])
    places = np.concatenate([np.arange(head.num_rows), np.arange(first, length)])
    yield from _whole(_ends(ends, piece, places, length)).to_batches()


def _pairs(table: pa.Table, known: int, steps: int) -> pa.Table:
    """Return the pairs of rows, leaving out those of the first ``known`` rows with one another."""
    rows = _Rows.of(table)
    found: list[tuple[IntArray, IntArray]] = []
    for step in range(1, steps + 1):
        one, other = np.arange(len(rows.record) - step), np.arange(step, len(rows.record))
        near = rows.near(one, other, step) & (other >= known)
        found.append((rows.record[one[near]], rows.record[other[near]]))
    return pa.table({"a": _all([a for a, _ in found]), "b": _all([b for _, b in found])})


class _Rows:
    """Rows as arrays."""

    def __init__(self, rule: IntArray, key: IntArray, record: IntArray, steps: IntArray) -> None:
        self.rule, self.key, self.record, self.steps = rule, key, record, steps

    @staticmethod
    def of(table: pa.Table) -> _Rows:
        return _Rows(*(table.column(name).to_numpy() for name in ROW))

    def near(self, one: IntArray, other: IntArray, step: int | IntArray) -> BoolArray:
        """Tell which rows are of one block and no further apart than it allows."""
        same = (self.rule[one] == self.rule[other]) & (self.key[one] == self.key[other])
        return np.asarray(same & (self.steps[one] >= step))


def _ends(rows: pa.Table, piece: int, places: IntArray, length: int) -> pa.Table:
    where = {"piece": np.full(len(places), piece, np.int32), "place": places, "length": np.full(len(places), length)}
    return pa.table({**{name: pa.array(values) for name, values in where.items()}, **_columns(rows)})


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return dict(zip(table.column_names, table.columns, strict=True))


def _whole(part: pa.Table) -> pa.Table:
    """Return a table with all columns of ``SCHEMA``, null where ``part`` has none."""
    given = _columns(part)
    arrays = [given[f.name].cast(f.type) if f.name in given else pa.nulls(part.num_rows, f.type) for f in SCHEMA]
    return pa.table(arrays, schema=SCHEMA)


def across_pieces(ends: pa.Table) -> list[tuple[int, int]]:
    """Return the pairs of neighbours that stand in different pieces.

    Args:
        ends: first and last rows of all pieces, as :func:`paired` hands them on.
    """
    ends = ends.sort_by([("piece", "ascending"), ("place", "ascending")])
    rows, piece = _Rows.of(ends), ends.column("piece").to_numpy()
    begins = np.flatnonzero(np.diff(piece, prepend=-1))
    lengths = ends.column("length").to_numpy()[begins]
    offsets = np.repeat(np.cumsum(lengths) - lengths, np.diff(np.append(begins, len(piece))))
    position = offsets + ends.column("place").to_numpy()
    found: list[tuple[int, int]] = []
    for step in range(1, int(rows.steps.max(initial=0)) + 1):
        one, other = np.arange(len(piece) - step), np.arange(step, len(piece))
        apart = position[other] - position[one]
        near = rows.near(one, other, apart) & (piece[one] != piece[other])
        found += zip(rows.record[one[near]].tolist(), rows.record[other[near]].tolist(), strict=True)
    return found


def _all(parts: list[IntArray]) -> IntArray:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])
