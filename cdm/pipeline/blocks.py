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

    Which rule made a key that only a former value had is not stored: its limit lies between the least and the most of
    any rule, until :meth:`told` somebody else's who has it.
    """

    keys: Ints
    least: Ints
    most: Ints
    lost: Bools
    """Whether only former values of what changed had the key."""

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

    def told(self, keys: Ints, largest: Ints) -> Limits:
        """Return the limits once those of some keys are known."""
        known, first = np.unique(keys, return_index=True)
        at = np.minimum(np.searchsorted(known, self.keys), max(len(known) - 1, 0))
        here = known[at] == self.keys if len(known) else np.zeros(len(self.keys), dtype=np.bool_)
        least, most = self.least.copy(), self.most.copy()
        least[here] = most[here] = largest[first][at[here]]
        return Limits(self.keys, least, most, self.lost)


@dataclass(frozen=True, eq=False)
class Blocks:
    """The records behind some keys once what changed is taken in.

    Attributes:
        limits: the keys and their limits.
        now: the entries of the blocks, ordered by key and record.
        copies: records, none of them changed, that say what a changed one said: it may have stood for them, so that
            they were linked with it alone.
        before, after: how many different contents each block had and has; how many records where even these are within
            every limit it may have.
    """

    limits: Limits
    now: Rows
    copies: Ints
    before: Ints
    after: Ints

    @staticmethod
    def of(stored: BlockingKeys, limits: Limits, changed: Ints, fresh: pa.Table) -> Blocks:
        """Look blocks up.

        Args:
            stored: the keys of all records as they are stored.
            limits: the keys that are asked for.
            changed: records whose stored keys are not theirs any more.
            fresh: ``KEYS`` the changed records have instead.
        """
        found = Rows.of(stored.blocks(limits.keys, int(limits.most.max(initial=1)) + COPIES))
        found = _completed(stored, limits, changed, found)
        own, old = Rows.of(fresh), np.isin(found.record, changed)
        stay = found.where(~old)
        copies = np.unique(stay.record[np.isin(stay.content, found.content[old])])
        now = stay.and_(own.where(np.isin(own.key, limits.keys)))
        return Blocks(limits, now, copies, *(one.contents(limits.keys, limits.least) for one in (found, now)))

    @property
    def over(self) -> Bools:
        """Which blocks are too large to be examined whole."""
        large: Bools = self.after > self.limits.most
        return large

    @property
    def crossed(self) -> Ints:
        """The records in blocks that were, or may have been, on the other side of the limit before."""
        return np.unique(self.now.record[self._crossed[self._block]])

    @property
    def witnesses(self) -> Ints:
        """A record of each block that would have crossed only one of the limits it may have."""
        doubtful = self._crossed & (self.limits.least < self.limits.most)
        there, first = np.unique(self._block, return_index=True)
        return np.unique(self.now.record[first[doubtful[there]]])

    @property
    def _crossed(self) -> Bools:
        least, most = np.minimum(self.before, self.after), np.maximum(self.before, self.after)
        crossed: Bools = (least <= self.limits.most) & (most > self.limits.least) & (least != most)
        return crossed

    @property
    def _block(self) -> Ints:
        """Return the block of every entry."""
        return np.searchsorted(self.limits.keys, self.now.key)

    def pairs(self, redone: Ints) -> Ints:
        """Return the pairs of records in one block of which at least one is ``redone``, shape (pairs, 2), in order."""
        whole = self.now.where(~(self.over | self.limits.lost)[self._block])
        keys, records = whole.key, whole.record
        mine = np.flatnonzero(np.isin(records, redone))
        start = np.searchsorted(keys, keys[mine], side="left")
        counts = np.searchsorted(keys, keys[mine], side="right") - start
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        a, b = np.repeat(records[mine], counts), records[np.repeat(start, counts) + within]
        both = np.stack([np.minimum(a, b), np.maximum(a, b)], axis=1)[a != b]
        return np.unique(both, axis=0) if len(both) else both


def _completed(stored: BlockingKeys, limits: Limits, changed: Ints, found: Rows) -> Rows:
    """Read the blocks whole that were cut off before it was certain that they are too large, and always were."""
    rows = np.bincount(np.searchsorted(limits.keys, found.key), minlength=len(limits.keys))
    certain = found.where(~np.isin(found.record, changed)).contents(limits.keys, limits.least) > limits.most
    cut = limits.keys[(rows >= int(limits.most.max(initial=1)) + COPIES) & ~certain]
    if not len(cut):
        return found
    return found.where(~np.isin(found.key, cut)).and_(Rows.of(stored.blocks(cut, ALL)))


@dataclass(frozen=True, eq=False)
class Rows:
    """Entries of blocks."""

    key: Ints
    record: Ints
    content: Ints

    @staticmethod
    def of(table: pa.Table) -> Rows:
        return Rows(*(table[name].to_numpy() for name in KEYS.names))

    def where(self, keep: Bools) -> Rows:
        return Rows(self.key[keep], self.record[keep], self.content[keep])

    def and_(self, more: Rows) -> Rows:
        """Return both, in the order of key and record."""
        key, record, content = (
            np.concatenate(both)
            for both in ((self.key, more.key), (self.record, more.record), (self.content, more.content))
        )
        order = np.lexsort((record, key))
        return Rows(key[order], record[order], content[order])

    def contents(self, keys: Ints, enough: Ints) -> Ints:
        """Return how many different contents there are behind each of ``keys``.

        Where there are at most ``enough`` records, these are counted instead.
        """
        block = np.searchsorted(keys, self.key)
        counts = np.bincount(block, minlength=len(keys)).astype(np.int64)
        large = counts > enough
        among = large[block]
        block, content = block[among], self.content[among]
        order = np.lexsort((content, block))
        block, content = block[order], content[order]
        first = np.ones(len(block), dtype=np.bool_)
        first[1:] = (block[1:] != block[:-1]) | (content[1:] != content[:-1])
        counts[large] = np.bincount(block[first], minlength=len(keys))[large]
        return counts
