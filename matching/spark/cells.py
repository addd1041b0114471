"""Records as plain text that can be sent from machine to machine: one cell per column, its values normalised already.

A cell holds the values of one record in one column, in order, with NUL between them; null where it has none. From cells
a batch of records becomes what it is in one process, without normalising anything twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import IntArray
from matching.columns import Kind, MatchColumn
from matching.encode import Encoded, coded

BETWEEN = "\x00"
"""Stands between the values of a cell; no value holds it, and it sorts before every character."""
NONE, ONE, SEVERAL = b"\x01", b"\x02", b"\x03"
"""What an order key says first of a column: records without a value come before those with one, several come last."""


def cells_of(one: Encoded) -> pa.Array:
    """Return one column of records as cells, shape (records,), string."""
    counts = np.diff(one.offsets)
    if counts.max(initial=0) <= 1:
        codes = np.full(len(one), -1, dtype=np.int64)
        codes[counts == 1] = one.elements
        return one.texts.take(pa.array(codes, mask=codes < 0))
    lists = pa.ListArray.from_arrays(pa.array(one.offsets, pa.int32()), one.texts.take(pa.array(one.elements)))
    joined = pc.binary_join(lists, BETWEEN)
    return pc.if_else(pa.array(counts > 0), joined, pa.scalar(None, pa.string()))


def encoded(column: MatchColumn, cells: pa.Array) -> Encoded:
    """Return cells as an encoded column.

    Args:
        column: what the cells hold; its kind is known.
        cells: shape (records,), string.
    """
    lists = pc.split_pattern(cells, BETWEEN)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    elements, texts = coded(lists.flatten())
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Encoded(column, column.kind or Kind.TEXT, texts, offsets, elements)


def order_keys(columns: Sequence[pa.Array], rows: int) -> pa.Array:
    """Return one key per record whose bytes sort as records sort by their value sets, column after column.

    Args:
        columns: cells, the first column the most important one.
        rows: number of records.
    """
    if not columns:
        return pa.array([b""] * rows, pa.binary())
    parts = []
    for cells in columns:
        several = pc.fill_null(pc.match_substring(cells, BETWEEN), False)
        sort = pc.if_else(pc.is_valid(cells), pc.if_else(several, SEVERAL, ONE), NONE)
        text = pc.fill_null(cells.cast(pa.binary()), b"")
        parts += [sort, pc.binary_join_element_wise(text, b"", b"\x00\x00")]
    return pc.binary_join_element_wise(*(part.cast(pa.binary()) for part in parts), b"")


def content_order(columns: Sequence[Encoded], ties: IntArray) -> IntArray:
    """Return the places of records in the order of their content, as ``matching.distinct`` numbers them.

    Args:
        columns: everything that is read, identifiers included.
        ties: orders records that say the same (stewards decided on one of them).
    """
    keys = [one.signature for one in sorted(columns, key=lambda c: c.column.name)]
    return np.asarray(np.lexsort((ties, *keys[::-1])))
