"""What is remembered of a column's values: how common the common ones are, and what all others count as.

Term frequency, placeholders and word weights rest on how often values occur. Frozen in the model, they make the score
of a pair depend on its two records alone: a table of two records is judged as the table the model was learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from matching.arrays import FloatArray, Values

MOST = 20_000
"""Values remembered of one column at most: the most common ones."""
FEW = 300
"""Fewer values than this are looked up one by one."""


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How often values occur.

    Attributes:
        values: the values that occur more often than ``rest``, in alphabetical order.
        counts: how often.
        rest: what every other value counts as.
        total: everything that was counted.
    """

    values: Values
    counts: FloatArray
    rest: float
    total: float

    @staticmethod
    def count(values: Values, counts: FloatArray, total: float) -> Frequencies:
        """Remember the values that occur more than once, the most common ``MOST`` of them."""
        rest = 1.0
        if np.count_nonzero(counts > rest) > MOST:
            rest = float(np.partition(counts, len(counts) - MOST - 1)[len(counts) - MOST - 1])
        keep = np.flatnonzero(counts > rest)
        return Frequencies(values[keep], counts[keep].astype(float), rest, float(total))

    def of(self, values: Values) -> FloatArray:
        """Return how often each of ``values``, in alphabetical order, occurs."""
        if len(values) < FEW:
            return np.array([self._known.get(value, self.rest) for value in values], dtype=np.float64)
        found = np.full(len(values), self.rest)
        if len(values) and len(values) < len(self.values):
            at = np.minimum(np.searchsorted(self.values, values), len(self.values) - 1)
            known = np.asarray(self.values[at] == values, dtype=np.bool_)
            found[known] = self.counts[at[known]]
        elif len(values) and len(self.values):
            at = np.minimum(np.searchsorted(values, self.values), len(values) - 1)
            known = np.asarray(values[at] == self.values, dtype=np.bool_)
            found[at[known]] = self.counts[known]
        return found

    @cached_property
    def _known(self) -> dict[str, float]:
        return dict(zip(self.values.tolist(), self.counts.tolist(), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return the frequencies as JSON-serialisable data."""
        return {
            "values": self.values.tolist(),
            "counts": self.counts.tolist(),
            "rest": self.rest,
            "total": self.total,
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Frequencies:
        """Build frequencies from ``to_dict``'s data."""
        values = np.empty(len(raw["values"]), dtype=object)
        values[:] = raw["values"]
        return Frequencies(values, np.array(raw["counts"], dtype=float), float(raw["rest"]), float(raw["total"]))


@dataclass(frozen=True, eq=False)
class Statistics:
    """What is known of one column before two of its values are compared.

    Attributes:
        chance: probability that two different records agree.
        coverage: share of records that have a value.
        common: what was counted → how often: ``value`` among distinct records, ``row`` among rows, and whatever the
            comparison of the kind asks for (words, doors).
    """

    chance: float = 0.0
    coverage: float = 0.0
    common: dict[str, Frequencies] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the statistics as JSON-serialisable data."""
        common = {name: one.to_dict() for name, one in self.common.items()}
        return {"chance": self.chance, "coverage": self.coverage, "common": common}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Statistics:
        """Build statistics from ``to_dict``'s data."""
        common = {name: Frequencies.from_dict(one) for name, one in raw["common"].items()}
        return Statistics(float(raw["chance"]), float(raw["coverage"]), common)
