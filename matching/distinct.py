"""Distinct records: rows that say exactly the same are one record with several rows.

Distinct records are numbered by their content, so that everything after this is independent of the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import IntArray
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
    signatures = [c.signature() for c in sorted(columns, key=lambda c: c.column.name)]
    keys = packed([*signatures, tag])
    order = np.lexsort(keys[::-1])
    new = np.ones(rows, dtype=np.bool_)
    new[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    record_of = np.empty(rows, dtype=np.int64)
    record_of[order] = np.cumsum(new) - 1
    return Distinct(record_of, order[new], np.bincount(record_of[order])[: int(new.sum())] if rows else order[:0])


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
