"""Cleansing a column by its distinct values: a million phones cost what their distinct values cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.contract import Cleansed, Cleanser

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CleansedColumn:
    """A cleansed column: ``at`` is each row's position in ``texts`` and ``results``, -1 where the cell is empty."""

    at: Indices
    texts: Sequence[str]
    results: Sequence[Cleansed]

    def single(self) -> pa.Array:
        """Return the first standard form of each row as text."""
        return self._take([r.standard[0] if r.standard else None for r in self.results])

    def several(self) -> pa.Array:
        """Return all standard forms of each row as a list of texts; null where there are none."""
        forms = [list(r.standard) or None for r in self.results]
        return pa.array(forms, pa.list_(pa.string())).take(self._positions())

    def part(self, name: str) -> pa.Array | None:
        """Return a part of each row's value as text, or ``None`` where no row has it."""
        parts = [r.parts.get(name) or None for r in self.results]
        return self._take(parts) if any(parts) else None

    def _take(self, values: Sequence[str | None]) -> pa.Array:
        return pa.array(values, pa.string()).take(self._positions())

    def _positions(self) -> pa.Array:
        return pa.array(self.at, mask=self.at < 0)


def cleanse_column(values: pa.Array, countries: pa.Array | None, default: str, cleanse: Cleanser) -> CleansedColumn:
    """Cleanse each distinct value once.

    Args:
        values: text, null where the cell is empty.
        countries: ISO alpha-2 code of each row where the type depends on it, null where the row has none.
        default: the code for rows without one.
        cleanse: the cleanser.

    Returns:
        The results, and which of them belongs to which row.
    """
    encoded = pc.dictionary_encode(values)
    texts: list[str] = encoded.dictionary.to_pylist()
    at = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    if countries is None or countries.null_count == len(countries):
        return CleansedColumn(at, texts, [cleanse(text, default) for text in texts])
    named = pc.dictionary_encode(pc.fill_null(countries, default))
    codes: list[str] = named.dictionary.to_pylist()
    pairs, position = np.unique(at * len(codes) + named.indices.to_numpy(zero_copy_only=False), return_inverse=True)
    first = int(np.searchsorted(pairs, 0))  # pairs below 0 belong to empty cells
    which, country = np.divmod(pairs[first:], len(codes))
    paired = [texts[i] for i in which]
    results = [cleanse(text, codes[c]) for text, c in zip(paired, country, strict=True)]
    return CleansedColumn(np.where(at < 0, -1, position - first), paired, results)


def gather(columns: Sequence[CleansedColumn]) -> pa.Array:
    """Collect the values of several columns into one list per row, in column order, each value once.

    Args:
        columns: cleansed columns of the same rows.

    Returns:
        ``list<string>``, null where no column has a value.
    """
    lists = [column.several() for column in columns]
    if len(lists) == 1:
        return lists[0]
    rows = np.concatenate([pc.list_parent_indices(one).to_numpy(zero_copy_only=False) for one in lists])
    flat = pc.dictionary_encode(pa.concat_arrays([pc.list_flatten(one) for one in lists]))
    order = np.argsort(rows, kind="stable")
    rows, codes = rows[order].astype(np.int64), flat.indices.to_numpy(zero_copy_only=False)[order]
    _, firsts = np.unique(rows * max(1, len(flat.dictionary)) + codes, return_index=True)
    kept = np.sort(firsts)
    counts = np.bincount(rows[kept], minlength=len(lists[0]))
    ends = np.concatenate([[0], np.cumsum(counts)])
    offsets = pa.array(ends.astype(np.int32), mask=np.append(counts == 0, False))
    return pa.ListArray.from_arrays(offsets, flat.dictionary.take(pa.array(codes[kept])))
