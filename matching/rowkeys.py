"""The blocking keys of rows, as they are stored, indexed and joined on outside the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import IntArray, KeyArray
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
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        rows.append(order[np.repeat(starts[keyed.rows], counts) + within])
        rules.append(np.full(len(within), rule, dtype=np.int64))
        keys.append(np.repeat(keyed.keys, counts))
    content = _content(records)[groups.record_of]
    return RowKeys(np.concatenate(rows), np.concatenate(rules), np.concatenate(keys), content)


def _content(records: Records) -> KeyArray:
    """Return a hash per distinct record over all its values; the order of several values does not matter."""
    total = np.zeros(len(records), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for one in (*records.features, *records.identifiers):
            held, elements = spread(one)
            np.add.at(total, held, hashed(one.values, f"content {one.name}")[elements])
    return total
