"""Distinct records: rows that say exactly the same are one record with several rows.

Distinct records are numbered by their content, so that everything after this is independent of the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import BoolArray, IntArray
from matching.encode import Encoded


@dataclass(frozen=True, eq=False)
class Distinct:
    """Rows grouped into distinct records.

    Attributes:
        record_of: record of every row.
        first: smallest row of every record.
        sizes: rows of every record.
    """

    record_of: IntArray
    first: IntArray
    sizes: IntArray

    def __len__(self) -> int:
        return len(self.first)


def distinct(columns: Sequence[Encoded], rows: int, apart: Sequence[tuple[int, int]]) -> Distinct:
    """Group equal rows.

    Args:
        columns: everything that is compared, identifiers included.
        rows: number of rows.
        apart: pairs of rows with a decision of their own; these rows stay records of their own.
    """
    tag = np.zeros(rows, dtype=np.int64)
    touched = sorted({row for pair in apart for row in pair})
    tag[touched] = np.arange(1, len(touched) + 1)
    signatures = [c.signature for c in sorted(columns, key=lambda c: c.column.name)]
    order, new = _ordered(packed([*signatures, tag]))
    record_of = np.empty(rows, dtype=np.int64)
    record_of[order] = np.cumsum(new) - 1
    return Distinct(record_of, order[new], np.diff(np.append(np.flatnonzero(new), rows)))


def _ordered(keys: Sequence[IntArray]) -> tuple[IntArray, BoolArray]:
    """Return rows in the order of their keys, equal ones as they stand, and where each differs from the one before.

    The first key tells most rows apart, and numpy sorts one key by itself many times as fast as several: only rows that
    agree in it are sorted by the others.
    """
    first, *rest = keys
    order = np.argsort(first)
    ordered = first[order]
    new = np.ones(len(order), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    tied = ~new
    tied[:-1] |= ~new[1:]
    rows = np.sort(order[tied])
    order[tied] = rows[np.lexsort((*(key[rows] for key in reversed(rest)), first[rows]))]
    same = np.flatnonzero(~new)
    new[same] = np.any([key[order[same]] != key[order[same - 1]] for key in rest], axis=0)
    return order, new


def packed(codes: Sequence[IntArray]) -> list[IntArray]:
    """Put several codes from −1 into one integer each where they fit, in such a way that their order stays."""
    found: list[IntArray] = []
    room = 1
    for one in codes:
        width = int(one.max(initial=0)) + 2
        if found and width <= room:
            found[-1] = found[-1] * width + (one + 1)
            room //= width
        else:
            found.append(one + 1)
            room = 2**62 // width
    return found
