"""What a column is worth: how often it is filled, how often two records agree on it by chance, which values are common.

The chance agreement ``u`` is counted exactly, Σ c(c−1) / N(N−1), over the records that have a value. What was measured
is frozen in :class:`matching.statistics.Statistics`; under a model its figures take the place of the table's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import FloatArray, IntArray, Levels, Values
from matching.columns import Kind
from matching.compare.levels import COMMON, RARE, USUAL
from matching.defaults import chance
from matching.encode import Encoded, numbered, numbered_one_by_one
from matching.sound import has_cjk
from matching.statistics import Frequencies, Statistics

Made = TypeVar("Made")

LEAST_COVERAGE = 0.05
NEARLY_CONSTANT = 0.9
FREE_TEXT = 60
"""A column whose values are longer than this on average is prose."""
WIDEST = 20
"""Patterns of more columns do not fit one 64-bit integer; the most telling ones are kept."""
FLAG = 0.1
"""Chance that two strangers agree from which on an unmapped column is a flag or an option, not an attribute."""
ENOUGH = 3
"""Columns that do without the flags."""
TINY = 20
"""In a table of so few records every column that is filled at all is kept."""
LONG = frozenset({Kind.EMAIL, Kind.ORGANIZATION, Kind.ADDRESS})
SMALL_SAMPLE = 400
"""Below this many values frequencies say little; equality is then neither common nor rare."""


@dataclass(frozen=True, eq=False)
class Feature:
    """One compared column of the distinct records.

    Attributes:
        name: the column.
        kind: how values are compared.
        values: distinct normalised values, in order.
        counts: records holding each value.
        codes: per record the code of its value set (the value itself where it holds one); -1 where it has none.
        set_offsets, set_elements: the values of each set.
        made: whatever comparisons derive from the values, kept for the next call.
        equal: level of equality per value where it does not follow from how common the value is.
        extra: the column maps to no field of the model.
        statistics: what was measured, here or where the model was learned.
        whole: the column this one is a part of.
    """

    name: str
    kind: Kind
    values: Values
    counts: FloatArray
    codes: IntArray
    set_offsets: IntArray
    set_elements: IntArray
    extra: bool = False
    parts: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    equal: Levels | None = None
    statistics: Statistics = field(default_factory=Statistics)
    whole: Feature | None = None
    made: dict[str, object] = field(default_factory=dict, repr=False)

    @cached_property
    def single(self) -> bool:
        """Tell whether no record holds more than one value."""
        return len(self.set_offsets) - 1 == len(self.values)

    @cached_property
    def filled(self) -> int:
        """Records that have a value."""
        return int((self.codes >= 0).sum())

    @cached_property
    def coverage(self) -> float:
        """Share of records that have a value."""
        return self.filled / max(len(self.codes), 1)

    @cached_property
    def lone(self) -> IntArray:
        """Per record the code of its value where it holds exactly one, else -1."""
        if self.single:
            return self.codes
        one = (np.diff(self.set_offsets) == 1)[self.codes] & (self.codes >= 0)
        return np.where(one, self.set_elements[self.set_offsets[self.codes]], -1)

    @property
    def chance(self) -> float:
        """Probability that two different records agree."""
        return self.statistics.chance

    def common(self, what: str) -> Frequencies:
        """Return how often ``what`` (values, rows, words …) occurs in this column."""
        return self.statistics.common[what] if self.whole is None else self.whole.common(f"{self.name} {what}")

    @cached_property
    def information(self) -> float:
        """Nats that an agreement brings."""
        return -float(np.log(max(self.chance, 1e-9)))

    @cached_property
    def band(self) -> Levels:
        """Level of equality per value: common, usual or rare."""
        if self.equal is not None:
            return self.equal
        common = self.common("value")
        held = common.of(self.values)
        share = held / max(common.total, 1.0)
        if common.total < SMALL_SAMPLE:
            usual = np.full(len(self.values), USUAL, dtype=np.int8)
            usual[(share > 0.3) & (held >= 5)] = COMMON
            return usual
        bands = np.where(share < self.chance / 6, RARE, USUAL)
        return np.where(share > 2 * self.chance, COMMON, bands).astype(np.int8)

    @cached_property
    def lengths(self) -> IntArray:
        """Characters of each value."""
        return np.asarray(pc.utf8_length(self.texts).to_numpy(zero_copy_only=False), dtype=np.int64)

    @cached_property
    def mean_length(self) -> float:
        """Characters of a value, averaged over records."""
        return float((self.lengths * self.counts).sum() / max(self.counts.sum(), 1.0))

    @property
    def texts(self) -> pa.Array:
        """The values as an Arrow array, for what is done to all of them at once."""
        return self.once("texts", lambda: pa.array(self.values, pa.string()))

    def derived(self, name: str, make: Callable[[str], str | None]) -> IntArray:
        """Return one code per value for ``make(value)``, equal where the results are; -1 where it returns nothing.

        They are made once per ``name``.
        """
        return self.once(f"codes {name}", lambda: numbered_one_by_one([make(v) for v in self.values])[0])

    def kernel(self, name: str, make: Callable[[pa.Array], pa.Array]) -> IntArray:
        """Return what :meth:`derived` returns, by a function of all values at once."""
        return self.once(f"codes {name}", lambda: numbered(make(self.texts)))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what ``make`` makes of this column, made at the first call with ``name``."""
        if name not in self.made:
            self.made[name] = make()
        return cast("Made", self.made[name])

    def forget(self, begins: str) -> None:
        """Drop what was made once under names that begin so, where it is large and will not be asked for again."""
        for name in [name for name in self.made if name.startswith(begins)]:
            del self.made[name]

    @cached_property
    def chinese(self) -> IntArray:
        """1 per value that holds a Chinese character, 0 otherwise."""
        found = np.zeros(len(self.values), dtype=np.int64)
        other = np.flatnonzero(pc.invert(pc.string_is_ascii(self.texts)).to_numpy(zero_copy_only=False))
        found[other] = [has_cjk(v) for v in self.values[other]]
        return found


def feature(encoded: Encoded, statistics: Statistics | None = None, sizes: IntArray | None = None) -> Feature:
    """Profile one encoded column.

    Args:
        encoded: the column of the distinct records.
        statistics: of the table the model was learned from; measured here where they are not given.
        sizes: rows per distinct record; one where they are not given.
    """
    codes = encoded.signature
    several = np.flatnonzero(codes >= len(encoded.texts))
    offsets, elements = _sets(encoded, codes, several)
    one = Feature(
        name=encoded.column.name,
        kind=encoded.kind,
        values=encoded.values,
        counts=np.bincount(encoded.elements, minlength=len(encoded.texts)).astype(float),
        codes=codes,
        set_offsets=offsets,
        set_elements=elements,
        extra=encoded.column.extra,
        parts=encoded.column.parts,
        unless=encoded.column.unless,
        made={"texts": encoded.texts},
    )
    return replace(one, statistics=statistics or measure(one, np.ones(len(codes)) if sizes is None else sizes))


def measure(one: Feature, sizes: IntArray | FloatArray) -> Statistics:
    """Measure a column.

    Args:
        one: the column.
        sizes: rows per distinct record.
    """
    known = one.codes >= 0
    width = np.diff(one.set_offsets)
    held = np.bincount(one.codes[known], sizes[known], minlength=len(width))
    rows = np.bincount(one.set_elements, np.repeat(held, width), minlength=len(one.values))
    return Statistics(
        chance=_chance(one),
        coverage=one.coverage,
        common={
            "value": Frequencies.count(one.values, one.counts, float(one.counts.sum())),
            "row": Frequencies.count(one.values, rows.astype(float), float(held.sum())),
        },
    )


def _chance(one: Feature) -> float:
    """Return how often two different records agree, drawn a little towards the shipped figure of the kind."""
    total = one.counts.sum()
    pairs = total * (total - 1) / 2
    agreeing = float((one.counts * (one.counts - 1)).sum()) / 2
    strength = 200.0 if total < SMALL_SAMPLE else 0.0
    return float(max((agreeing + strength * chance(one.name, one.kind)) / max(pairs + strength, 1.0), 1e-12))


def _sets(encoded: Encoded, codes: IntArray, several: IntArray) -> tuple[IntArray, IntArray]:
    """Return the values of every value set: the single values first, then the combinations."""
    single = np.arange(len(encoded.texts))
    _, first = np.unique(codes[several], return_index=True)
    rows = several[first]
    combined = [encoded.elements[encoded.offsets[r] : encoded.offsets[r + 1]] for r in rows]
    counts = np.concatenate((np.ones(len(single), dtype=np.int64), [len(c) for c in combined])).astype(np.int64)
    elements = np.concatenate([single, *combined]) if combined else single
    return np.concatenate(([0], np.cumsum(counts))), elements.astype(np.int64)


def worth_comparing(candidate: Feature) -> bool:
    """Tell whether a column can help to tell customers apart: filled, not nearly constant, no prose, no row number."""
    if candidate.filled == 0 or (len(candidate.values) < 2 and len(candidate.codes) > TINY):
        return False
    if len(candidate.codes) <= TINY:
        return candidate.mean_length <= FREE_TEXT or candidate.kind in LONG
    if candidate.extra:
        if candidate.coverage < LEAST_COVERAGE or candidate.filled == candidate.counts.shape[0]:
            return False
    elif candidate.coverage < LEAST_COVERAGE / 20:
        return False
    raw = float((candidate.counts * (candidate.counts - 1)).sum())
    total = float(candidate.counts.sum())
    if raw > NEARLY_CONSTANT * total * (total - 1):
        return False
    return candidate.mean_length <= FREE_TEXT or candidate.kind in LONG


def select(candidates: Sequence[Feature]) -> list[Feature]:
    """Keep the columns worth comparing, at most ``WIDEST``, in their order.

    Unmapped columns that many strangers share (flags, options, codes of a kind) say how a customer is served rather
    than who it is; they count only where there is little else.
    """
    kept = [c for c in candidates if worth_comparing(c)]
    telling = [c for c in kept if not (c.extra and c.chance > FLAG)]
    kept = telling if len(telling) >= ENOUGH else kept
    if len(kept) > WIDEST:
        best = sorted(kept, key=lambda f: (-f.information * f.coverage, f.name))[:WIDEST]
        kept = [c for c in kept if c in best]
    return kept
