"""Keeps all values of a multi-valued field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.survivorship.ranking import Ints, Mask, Rivals, Standing, rank
from cdm.survivorship.reasons import AGREED, ONLY, UNITED
from schemas.types import Survivorship


@dataclass(frozen=True, slots=True)
class United:
    """The united values, by golden record, the best first; arrays of one length."""

    golden: Ints
    row: Ints
    """Record each value is taken from: the best of those that have it."""
    values: pa.Array
    records: Ints
    """How many records have the value."""
    having: Ints
    """Per golden record: how many records have any value."""

    def lists(self, count: int) -> pa.Array:
        """Return one list per golden record, null where there is no value; ``count`` golden records."""
        sizes = np.bincount(self.golden, minlength=count)
        offsets = np.r_[0, np.cumsum(sizes)].astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), self.values)
        return pc.if_else(pa.array(sizes > 0), lists, pa.scalar(None, lists.type))

    def explain(self, name: str, documents: list[Any], cited: Sequence[tuple[int, int]]) -> None:
        """Add one provenance entry per value to the documents; ``cited`` is (record id, version) per record."""
        sizes = np.bincount(self.golden, minlength=len(documents))
        arrays = (self.golden, self.row, self.records)
        for golden, row, records in zip(*(a.tolist() for a in arrays), strict=True):
            why = UNITED if sizes[golden] > 1 else AGREED if self.having[golden] > 1 else ONLY
            documents[golden].setdefault(name, []).append([*cited[row], why, records, 0])


def unite(column: pa.Array, rows: Ints, invalid: Mask, standing: Standing) -> United:
    """Unite the values of records that belong together.

    A record that has one value, and an invalid one, is heard only where no record has a valid one; of several values in
    one record it is not known which one is invalid, so all are kept, behind those of sound records.

    Args:
        column: ``list<string>`` over all records.
        rows: the records that share their golden record with others.
        invalid: whether the field is invalid in each of ``rows``.
        standing: what is known of all records.
    """
    lists = column.take(pa.array(rows))
    parents = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    values = pc.list_flatten(lists)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    wrong = (invalid & (lengths == 1))[parents]
    sound = (~invalid).astype(np.int64)[parents]
    rivals = Rivals(rows[parents], values, wrong, sound)
    ranked = rank(rivals, standing, Survivorship.UNION)
    best = ranked.keys[0][1]
    valid_exists = np.repeat(best[ranked.starts], np.diff(np.r_[ranked.starts, len(best)])) == 0
    heard = np.flatnonzero(~(valid_exists & (best == 1)))
    width = int(ranked.codes.max(initial=0)) + 1
    pairs = ranked.golden * width + ranked.codes
    _, first, counts = np.unique(pairs[heard], return_index=True, return_counts=True)
    order = np.argsort(first)
    kept = heard[first[order]]
    taken = ranked.order[kept]
    having = np.bincount(standing.golden[rows[lengths > 0]], minlength=int(standing.golden.max(initial=-1)) + 1)
    return United(
        golden=ranked.golden[kept],
        row=rivals.rows[taken],
        values=values.take(pa.array(taken)),
        records=counts[order].astype(np.int64),
        having=having.astype(np.int64),
    )
