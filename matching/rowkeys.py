"""The blocking keys of rows, as they are stored, indexed and joined on outside the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import IntArray, KeyArray, distinct_sorted, ends_of, places
from matching.keys import hashed, spread
from matching.plan import Plan
from matching.records import Records


@dataclass(frozen=True, eq=False)
class RowKeys:
    """Keys of rows; the first three arrays are of one length.

    Attributes:
        rows: row numbers.
        rules: position of the rule in the plan.
        keys: stable 64-bit hashes; rows with equal rule and hash are candidates, unless the block is larger than the
            rule's ``largest``.
        content: per row of the table, a hash of all that is compared: equal rows have equal ones, and count once where
            the size of a block is asked for.
    """

    rows: IntArray
    rules: IntArray
    keys: KeyArray
    content: KeyArray


def row_keys(records: Records, plan: Plan) -> RowKeys:
    """Return the keys of every row under a plan."""
    groups = records.groups
    order = np.argsort(groups.record_of, kind="stable")
    starts = np.cumsum(groups.sizes) - groups.sizes
    rows, rules, keys = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for rule, keyed in records.blocked.keys(plan):
        counts = groups.sizes[keyed.rows]
        within = places(counts)
        rows.append(order[np.repeat(starts[keyed.rows], counts) + within])
        rules.append(np.full(len(within), rule, dtype=np.int64))
        keys.append(np.repeat(keyed.keys, counts))
    content = content_of(records)[groups.record_of]
    return RowKeys(np.concatenate(rows), np.concatenate(rules), np.concatenate(keys), content)


def among_equals(records: Records, pairs: IntArray) -> IntArray:
    """Let records that say the same stand in for each other.

    Args:
        records: distinct records, some of them set apart from their equals by a decision.
        pairs: candidate pairs as ``left * len(records) + right``, found when equals were one record.

    Returns:
        The pairs between all equals of one end and all equals of the other, and those among equals, in order.
    """
    count = max(len(records), 1)
    _, kind, sizes = np.unique(content_of(records), return_inverse=True, return_counts=True)
    members, starts = np.argsort(kind, kind="stable"), np.cumsum(sizes) - sizes
    several = np.flatnonzero(sizes > 1)
    ends = np.unique(np.sort(np.stack([kind[one] for one in ends_of(pairs, len(records))]), axis=0), axis=1)
    a, b = np.concatenate([ends, np.stack([several, several])], axis=1)
    counts = sizes[a] * sizes[b]
    within = places(counts)
    width = np.repeat(sizes[b], counts)
    left = members[np.repeat(starts[a], counts) + within // width]
    right = members[np.repeat(starts[b], counts) + within % width]
    low, high = np.minimum(left, right), np.maximum(left, right)
    return distinct_sorted((low * count + high)[low < high])


def content_of(records: Records) -> KeyArray:
    """Return a hash per distinct record over all its values; the order of several values does not matter."""
    total = np.zeros(len(records), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for one in (*records.features, *records.unread, *records.identifiers):
            held, elements = spread(one)
            np.add.at(total, held, hashed(one.values, f"content {one.name}")[elements])
    return total
