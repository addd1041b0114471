"""What may never be merged and what must be: identifiers, branches, stewards' decisions.

Two different valid values of an identifier are two customers, also through a third record. Equal valid values are near
proof, unless many records share the value and otherwise have nothing in common: then it is a placeholder or a number
shared by a household, and it says nothing in either direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import BoolArray, FloatArray, IntArray
from matching.profile import Feature

PROOF = 20.0
"""Nats an equal identifier adds: two customers share one by mistake about once in 10⁹ pairs."""
FEW = 3
"""A value held by at most this many records is not suspected of being shared."""
UNLIKE = -6.0
"""Log odds below which two records have nothing else in common."""
SAMPLE = 200

Score = Callable[[IntArray, IntArray], FloatArray]


@dataclass(frozen=True, eq=False)
class Constraints:
    """Constraints between distinct records.

    Attributes:
        identifiers: identifier column → one code per record; -1 where it has none or the value is shared.
        branches: column of organization names → one code per record (a head office is 0); -1 without a name.
        must, cannot: pairs of records as ``left * records + right``, left < right, in order. What is joined by a
            chain of must pairs is one customer, whatever identifiers say.
        shared: identifier column → values found to be shared.
    """

    identifiers: Mapping[str, IntArray]
    branches: Mapping[str, IntArray]
    must: IntArray
    cannot: IntArray
    records: int
    shared: Mapping[str, Sequence[str]]

    @cached_property
    def joined(self) -> IntArray:
        """Label of every record: equal where decisions say, directly or through others, that two are one customer."""
        if not len(self.must):
            return np.arange(self.records)
        ends = (self.must // self.records, self.must % self.records)
        graph = coo_array((np.ones(len(self.must), np.int8), ends), shape=(self.records, self.records))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    def forbidden(self, left: IntArray, right: IntArray) -> BoolArray:
        """Tell which pairs may not be in one cluster."""
        found = np.zeros(len(left), dtype=np.bool_)
        for codes in (*self.identifiers.values(), *self.branches.values()):
            a, b = codes[left], codes[right]
            found |= (a >= 0) & (b >= 0) & (a != b)
        return np.asarray((found & ~self._together(left, right)) | self._apart(left, right))

    def required(self, left: IntArray, right: IntArray) -> BoolArray:
        """Tell which pairs must be in one cluster; a pair that may not stays apart."""
        return np.asarray(self._together(left, right) & ~self._apart(left, right))

    def decided(self, left: IntArray, right: IntArray) -> bool | None:
        """Return what a steward decided about one pair: same (True), different (False) or nothing (None)."""
        if self._apart(left, right)[0]:
            return False
        return True if self._together(left, right)[0] else None

    def undecided(self) -> Constraints:
        """Return the constraints as they would be had no steward decided."""
        nothing = np.empty(0, dtype=np.int64)
        return replace(self, must=nothing, cannot=nothing)

    def _together(self, left: IntArray, right: IntArray) -> BoolArray:
        if not len(self.must):
            return np.zeros(len(left), dtype=np.bool_)
        return np.asarray((self.joined[left] == self.joined[right]) & (left != right))

    def _apart(self, left: IntArray, right: IntArray) -> BoolArray:
        if not len(self.cannot):
            return np.zeros(len(left), dtype=np.bool_)
        return np.isin(np.minimum(left, right) * self.records + np.maximum(left, right), self.cannot)

    def proof(self, left: IntArray, right: IntArray) -> FloatArray:
        """Return the nats that equal identifiers add to each pair."""
        found = np.zeros(len(left))
        for codes in self.identifiers.values():
            found[(codes[left] >= 0) & (codes[left] == codes[right])] = PROOF
        return found


def identifier_codes(feature: Feature, shared: Iterable[str]) -> IntArray:
    """Return one code per record for an identifier; -1 where it has none, several, or one that is shared."""
    codes = feature.lone.copy()
    unusable = np.flatnonzero(np.isin(feature.values, list(shared)))
    codes[np.isin(codes, unusable)] = -1
    return codes


def shared_values(feature: Feature, score: Score, seed: int) -> tuple[str, ...]:
    """Return the values of an identifier that turn out to be placeholders or shared by many.

    Args:
        feature: the identifier's column.
        score: log odds of record pairs without identifiers.
        seed: for the sample of pairs looked at.
    """
    codes = feature.lone
    found = []
    counts = np.bincount(codes[codes >= 0], minlength=len(feature.values))
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(feature.values)))
    for value in np.flatnonzero(counts > FEW):
        if _strangers(order[starts[value] : starts[value] + counts[value]], score, seed):
            found.append(str(feature.values[value]))
    return tuple(found)


def _strangers(members: IntArray, score: Score, seed: int) -> bool:
    """Tell whether most records that share a value have nothing else in common."""
    one, other = drawn(len(members), seed)
    a, b = members[one], members[other]
    differ = a != b
    if not differ.any():
        return False
    odds = score(np.minimum(a, b)[differ], np.maximum(a, b)[differ])
    return bool((odds < UNLIKE).mean() > 0.5)


def drawn(members: int, seed: int) -> tuple[IntArray, IntArray]:
    """Return the places of the members that are looked at in pairs, among members in order."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, members, SAMPLE), generator.integers(0, members, SAMPLE)


def pair_keys(pairs: Sequence[tuple[int, int]] | IntArray, record_of: IntArray, records: int) -> IntArray:
    """Return row pairs as keys of distinct-record pairs, in order; pairs inside one record are left out."""
    if not len(pairs):
        return np.empty(0, dtype=np.int64)
    ends = record_of[np.array(pairs, dtype=np.int64)]
    ends = ends[ends[:, 0] != ends[:, 1]]
    return np.unique(ends.min(axis=1) * records + ends.max(axis=1))
