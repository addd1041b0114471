"""What the merge needs to know of the records, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.survivorship.groups import Group
from cdm.survivorship.ranking import Ints, Mask, Standing


def standing_of(index: pa.Table, position: Ints) -> Standing:
    """Return what ranks each record; ``position`` is the golden record it belongs to."""
    updated = pc.fill_null(index["updated_at"], "").combine_chunks()
    place = pc.rank(pc.binary_join_element_wise(index["source"], index["key"], "\x1f"), tiebreaker="dense")
    return Standing(
        golden=position,
        trust=index["trust"].to_numpy().astype(np.int64),
        recency=pc.rank(updated, tiebreaker="dense").to_numpy().astype(np.int64),
        place=place.to_numpy().astype(np.int64),
    )


def invalid_rows(index: pa.Table) -> dict[str, Mask]:
    """Return field → whether its value is invalid, over the records."""
    lists = index["invalid"].combine_chunks()
    rows, names = pc.list_parent_indices(lists).to_numpy(), pc.list_flatten(lists).dictionary_encode()
    codes = names.indices.to_numpy()
    found: dict[str, Mask] = {}
    for code, name in enumerate(names.dictionary.to_pylist()):
        mask = np.zeros(index.num_rows, bool)
        mask[rows[codes == code]] = True
        found[name] = mask
    return found


def text_of(table: pa.Table, names: Sequence[str]) -> pa.Array:
    """Return the text a group is compared by: its leading field, or all parts where that is missing."""
    columns = [_plain(table[name].combine_chunks()) for name in names]
    if len(columns) == 1:
        return columns[0]
    # Not null_handling="skip": Arrow 26 then leaves out rows in which every column is null.
    joined = pc.binary_join_element_wise(*columns, "\x1f", null_handling="replace", null_replacement="")
    some = reduce(pc.or_, [pc.is_valid(column) for column in columns])
    return pc.coalesce(columns[0], pc.if_else(some, joined, pa.scalar(None, pa.string())))


def _plain(column: pa.Array) -> pa.Array:
    if not pa.types.is_list(column.type):
        return column
    texts = pc.binary_join(column, "\x1f")
    return pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, pa.string()), texts)


def completeness_of(table: pa.Table, group: Group) -> Ints:
    """Return how many of the fields that make a name or an address complete each row has."""
    counted = {*group.essential, group.fields[0]} if group.essential else set()
    total = np.zeros(table.num_rows, np.int64)
    for name in sorted(counted):
        total += pc.is_valid(table[name]).to_numpy()
    return total
