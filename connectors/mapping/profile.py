"""What a sample says about one column: how full, how varied, and which share of its values has which shape."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from connectors.mapping.shapes import SHAPES
from connectors.mapping.vocabulary import words

MAX_VALUES = 400
"""Distinct values looked at; more change no share by as much as matters."""


@dataclass(frozen=True)
class ColumnProfile:
    """One column of the sample.

    ``values`` are distinct, half-width, trimmed texts, ``counts`` their numbers of rows; placeholders are left out.
    ``filled`` and ``distinct`` count over the whole sample, not only over the values looked at.
    """

    name: str
    position: int
    rows: int
    filled: int
    distinct: int
    values: tuple[str, ...]
    counts: tuple[int, ...]
    _shares: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def fill(self) -> float:
        """Share of rows with a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def variety(self) -> float:
        """Distinct values per filled row; 1 means that no value repeats."""
        return self.distinct / self.filled if self.filled else 0.0

    def share(self, shape: str) -> float:
        """Share of filled rows whose value has ``shape`` (a key of :data:`connectors.mapping.shapes.SHAPES`)."""
        if shape not in self._shares:
            test = SHAPES[shape]
            hits = sum(count for value, count in zip(self.values, self.counts, strict=True) if test(value))
            self._shares[shape] = hits / max(1, sum(self.counts))
        return self._shares[shape]

    @cached_property
    def birth_years(self) -> float:
        """How much the dates look like dates of birth: a plausible year, spread over a generation."""
        years = [int(found.group()) for value in self.values if (found := re.search(r"(?:19|20)\d\d", value))]
        if len(years) < 5 or self.share("date") < 0.8:
            return 0.0
        years.sort()
        spread = years[int(len(years) * 0.95)] - years[int(len(years) * 0.05)]
        return self.share("date") if spread >= 20 and years[len(years) // 2] <= 2012 else 0.0


def profile_column(name: str, position: int, column: pa.ChunkedArray) -> ColumnProfile:
    """Profile one column.

    Args:
        name: its header.
        position: its place in the table, from 0.
        column: its values; anything but text is cast to text.
    """
    counted: dict[str, int] = {}
    for pair in pc.value_counts(column.cast(pa.string()).drop_null()).to_pylist():
        text = unicodedata.normalize("NFKC", pair["values"][:500]).strip()
        if text.casefold() not in words("placeholders"):
            counted[text] = counted.get(text, 0) + pair["counts"]
    step = -(-len(counted) // MAX_VALUES) or 1
    looked = list(counted.items())[::step]
    return ColumnProfile(
        name,
        position,
        len(column),
        sum(counted.values()),
        len(counted),
        tuple(value for value, _ in looked),
        tuple(count for _, count in looked),
    )
