"""Blocks of records with what changed taken in, before anything of it is stored.

A block is examined whole where few enough of its records say different things. One that a change carries over that
limit, or back under it, is examined otherwise than before: all its records are matched anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cdm.store.keys import KEYS, BlockingKeys

if TYPE_CHECKING:
    from matching.plan import Plan

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COPIES = 50
"""Records that say exactly the same count once in a block; so many more than its limit are looked at at first."""
ALL = 2**62


@dataclass(frozen=True, eq=False)
class Limits:
    """Keys, each once and in order, and how many distinct contents their blocks may have to be examined whole.

    Of a key that only a former value had, nobody knows any more which rule made it: its limit lies between the least
    and the most of any rule.
    """

    keys: Ints
    least: Ints
    most: Ints
    lost: Bools
    """Whether only former values had the key."""

    @staticmethod
    def of(keys: Ints, largest: Ints, former: Ints, plan: Plan) -> Limits:
        """Return the limits of keys.

        Args:
            keys, largest: keys of records as they are now, and the limit of each.
            former: keys that records had before.
            plan: the rules that made them.
        """
        known, first = np.unique(keys, return_index=True)
        lost = np.setdiff1d(former, known)
        any_rule = [rule.largest for rule in plan.rules if rule.largest > 1] or [1]
        least, most = (
            np.concatenate([largest[first], np.full_like(lost, end)]) for end in (min(any_rule), max(any_rule))
        )
        whole = np.concatenate([known, lost])
        order = np.argsort(whole)
        return Limits(whole[order], least[order], most[order], np.arange(len(whole))[order] >= len(known))


@dataclass(frozen=True, eq=False)
class Blocks:
    """The records behind some keys once what changed is taken in; ordered by key and record.

    Attributes:
        key, record: one entry per record of a block.
        over: whether its block is not examined whole: it is too large, or nobody has its key any more who is matched.
        crossed: whether its block was on the other side of the limit before.
        oversize: blocks that are too large.
    """

    key: Ints
    record: Ints
    over: Bools
    crossed: Bools
    oversize: int

    @staticmethod
    def of(stored: BlockingKeys, limits: Limits, changed: Ints, fresh: pa.Table) -> Blocks:
        """Look blocks up.

        Args:
            stored: the keys of all records as they are stored.
            limits: the keys that are asked for.
            changed: records whose stored keys are not theirs any more.
            fresh: ``KEYS`` the changed records have instead.
        """
        found = _Rows.of(stored.blocks(limits.keys, int(limits.most.max(initial=1)) + COPIES))
        found = _completed(stored, limits, changed, found)
        own = _Rows.of(fresh)
        now = found.where(~np.isin(found.record, changed)).and_(own.where(np.isin(own.key, limits.keys)))
        before, after = found.contents(limits.keys), now.contents(limits.keys)
        crossed = (np.minimum(before, after) <= limits.most) & (np.maximum(before, after) > limits.least)
        crossed &= before != after
        over = after > limits.most
        at = np.searchsorted(limits.keys, now.key)
        return Blocks(now.key, now.record, (over | limits.lost)[at], crossed[at], int(over.sum()))

    def pairs(self, redone: Ints) -> Ints:
        """Return the pairs of records in one block of which at least one is ``redone``, shape (pairs, 2), in order."""
        keys, records = self.key[~self.over], self.record[~self.over]
        mine = np.flatnonzero(np.isin(records, redone))
        start = np.searchsorted(keys, keys[mine], side="left")
        counts = np.searchsorted(keys, keys[mine], side="right") - start
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        a, b = np.repeat(records[mine], counts), records[np.repeat(start, counts) + within]
        both = np.stack([np.minimum(a, b), np.maximum(a, b)], axis=1)[a != b]
        return np.unique(both, axis=0) if len(both) else both


def _completed(stored: BlockingKeys, limits: Limits, changed: Ints, found: _Rows) -> _Rows:
    """Read the blocks whole that were cut off before it was certain that they are too large, and always were."""
    rows = np.bincount(np.searchsorted(limits.keys, found.key), minlength=len(limits.keys))
    certain = found.where(~np.isin(found.record, changed)).contents(limits.keys) > limits.most
    cut = limits.keys[(rows >= int(limits.most.max(initial=1)) + COPIES) & ~certain]
    if not len(cut):
        return found
    return found.where(~np.isin(found.key, cut)).and_(_Rows.of(stored.blocks(cut, ALL)))


@dataclass(frozen=True, eq=False)
class _Rows:
    """Entries of blocks."""

    key: Ints
    record: Ints
    content: Ints

    @staticmethod
    def of(table: pa.Table) -> _Rows:
        return _Rows(*(table[name].to_numpy() for name in KEYS.names))

    def where(self, keep: Bools) -> _Rows:
        return _Rows(self.key[keep], self.record[keep], self.content[keep])

    def and_(self, more: _Rows) -> _Rows:
        """Return both, in the order of key and record."""
        key, record, content = (
            np.concatenate(both)
            for both in ((self.key, more.key), (self.record, more.record), (self.content, more.content))
        )
        order = np.lexsort((record, key))
        return _Rows(key[order], record[order], content[order])

    def contents(self, keys: Ints) -> Ints:
        """Return how many different contents there are behind each of ``keys``."""
        block = np.searchsorted(keys, self.key)
        order = np.lexsort((self.content, block))
        block, content = block[order], self.content[order]
        first = np.ones(len(block), dtype=np.bool_)
        first[1:] = (block[1:] != block[:-1]) | (content[1:] != content[:-1])
        return np.bincount(block[first], minlength=len(keys)).astype(np.int64)
