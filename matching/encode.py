"""A column as integers: distinct normalised values in alphabetical order, and each record's codes.

Values are handled once each, however many records share them; records hold offsets into the values (several for
phones and e-mails). Because codes follow the content of the values, nothing downstream depends on row order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import IntArray, Values, distinct_sorted
from matching.columns import ADDRESS_PARTS, Kind, MatchColumn
from matching.normal import SEPARATOR, kind_of, normalised, sort_of
from matching.octets import order_of

REGISTERED = "registered"
"""Marks a western name that is written with its legal form, as in the register: one company bears it."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """One column: record ``i`` holds ``texts[elements[offsets[i]:offsets[i + 1]]]``, distinct texts in order."""

    column: MatchColumn
    kind: Kind
    texts: pa.Array
    offsets: IntArray
    elements: IntArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def values(self) -> Values:
        """The texts as Python's."""
        return np.asarray(self.texts.to_numpy(zero_copy_only=False), dtype=object)

    @cached_property
    def signature(self) -> IntArray:
        """One integer per record, equal exactly where records hold the same values; -1 for none."""
        counts = np.diff(self.offsets)
        codes = np.full(len(self), -1, dtype=np.int64)
        several = np.flatnonzero(counts > 1)
        if not len(several):
            codes[counts == 1] = self.elements
            return codes
        codes[counts == 1] = self.elements[self.offsets[:-1][counts == 1]]
        keys = [self.elements[self.offsets[i] : self.offsets[i + 1]].tolist() for i in several]
        order = {key: rank for rank, key in enumerate(sorted({tuple(k) for k in keys}))}
        codes[several] = [len(self.texts) + order[tuple(k)] for k in keys]
        return codes

    def take(self, rows: IntArray) -> Encoded:
        """Return the same column for some records."""
        if self.signature.max(initial=-1) < len(self.texts):  # no record holds several values
            codes = self.signature[rows]
            known = codes >= 0
            offsets = np.concatenate(([0], np.cumsum(known)))
            return Encoded(self.column, self.kind, self.texts, offsets, codes[known])
        counts = np.diff(self.offsets)[rows]
        offsets = np.concatenate(([0], np.cumsum(counts)))
        positions = np.repeat(self.offsets[rows] - offsets[:-1], counts) + np.arange(offsets[-1])
        return Encoded(self.column, self.kind, self.texts, offsets, self.elements[positions])


def encode(column: MatchColumn, table: pa.Table) -> Encoded:
    """Encode one column.

    Args:
        column: what to encode; its ``parts`` are read from the same table.
        table: ``string`` or ``list<string>`` columns; other types are cast to text.

    Returns:
        Values without duplicates, in order; empty and meaningless texts are left out.
    """
    flat, offsets = _flatten(_source(column, table))
    dictionary = flat.dictionary_encode()
    raw = dictionary.dictionary
    kind = kind_of(column, raw)
    normal = normalised(kind, raw)
    known, texts = in_order(raw) if normal.equals(raw) else coded(normal)
    codes = np.append(known, -1)[pc.fill_null(dictionary.indices, len(raw)).to_numpy(zero_copy_only=False)]
    return Encoded(column, kind, texts, *_compact(codes, offsets, len(texts)))


def numbered(texts: pa.Array) -> IntArray:
    """Return one code per text, equal where texts are, -1 where one is null or empty."""
    codes = _filled(texts).dictionary_encode().indices
    return np.asarray(pc.fill_null(codes, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def numbered_one_by_one(texts: Sequence[str | None]) -> tuple[IntArray, list[str]]:
    """Return what :func:`numbered` does, of texts that Python has made, and the texts the codes stand for."""
    place: dict[str, int] = {}
    codes = np.array([place.setdefault(text, len(place)) if text else -1 for text in texts], dtype=np.int64)
    return codes, list(place)


def coded(texts: pa.Array) -> tuple[IntArray, pa.Array]:
    """Return one code per text, -1 where it is null or empty, and the distinct texts the codes stand for, in order."""
    known = _filled(texts).dictionary_encode()
    place, ordered = in_order(known.dictionary)
    codes = np.append(place, -1)[pc.fill_null(known.indices, len(place)).to_numpy(zero_copy_only=False)]
    return codes, ordered


def in_order(texts: pa.Array) -> tuple[IntArray, pa.Array]:
    """Return the place of each of some distinct texts in alphabetical order, and the texts in that order."""
    order = order_of(texts)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place, texts.take(order)


def _filled(texts: pa.Array) -> pa.Array:
    """Return texts with null in the place of empty ones."""
    return pc.replace_with_mask(texts, pc.fill_null(pc.equal(texts, ""), False), pa.scalar(None, pa.string()))


def _flatten(array: pa.Array) -> tuple[pa.Array, IntArray]:
    """Return the texts of all records one after the other, and where each record's begin."""
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        counts = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
        return array.flatten().cast(pa.string()), np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return array.cast(pa.string()), np.arange(len(array) + 1, dtype=np.int64)


def _compact(codes: IntArray, offsets: IntArray, values: int) -> tuple[IntArray, IntArray]:
    """Drop missing codes and repeated ones, and put each record's codes in order."""
    keep = codes >= 0
    if (np.diff(offsets) == 1).all():
        return np.concatenate(([0], np.cumsum(keep))).astype(np.int64), codes[keep]
    rows = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    keys = distinct_sorted(rows[keep] * max(values, 1) + codes[keep])
    counts = np.bincount(keys // max(values, 1), minlength=len(offsets) - 1)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), keys % max(values, 1)


def _source(column: MatchColumn, table: pa.Table) -> pa.Array:
    """Return the column, composed with its parts where it is an organization's name."""
    if column.kind is Kind.ADDRESS:
        return _address(column, table)
    array = _combined(table, column.name)
    if column.kind is Kind.PINYIN:
        return _spelled(array, [_combined(table, p).cast(pa.string()) for p in column.parts])
    if not column.parts:
        return array
    parts = {p: pc.fill_null(_combined(table, p).cast(pa.string()), "") for p in column.parts}
    nothing = pa.array([""] * len(array), pa.string())
    brand = parts.get("name_brand", nothing)
    core = pc.if_else(pc.equal(brand, ""), array.cast(pa.string()), brand)
    core = pc.replace_substring_regex(core, "^中国(..)", r"\1")
    trade = parts.get("name_trade", nothing)
    trade = pc.if_else(pc.equal(trade, ""), _sorts(parts.get("legal_form", nothing)), trade)
    form = parts.get("legal_form", nothing)
    western = pc.and_(pc.not_equal(form, ""), pc.string_is_ascii(pc.utf8_slice_codeunits(form, 0, 1)))
    registered = pc.if_else(western, REGISTERED, "")
    rest = [trade, *(parts.get(p, nothing) for p in ("name_region", "branch")), registered]
    joined = pc.binary_join_element_wise(core, *rest, SEPARATOR)
    return pc.if_else(pc.is_valid(array), joined, pa.scalar(None, pa.string()))


def _sorts(forms: pa.Array) -> pa.Array:
    """Return what organizations without a trade are by the end of their names: a group, a hospital, a shop."""
    dictionary = forms.dictionary_encode()
    sorts = pa.array([sort_of(form) for form in dictionary.dictionary.to_pylist()], pa.string())
    return sorts.take(dictionary.indices)


def _address(column: MatchColumn, table: pa.Table) -> pa.Array:
    """Join the levels of an address in the order of ``ADDRESS_PARTS``, the undivided address last."""
    empty = pa.array([None] * table.num_rows, pa.string())
    names = (*ADDRESS_PARTS, column.name)
    levels = [
        _combined(table, n).cast(pa.string())
        if n in table.column_names and n in (*column.parts, column.name)
        else empty
        for n in names
    ]
    return pc.binary_join_element_wise(*(pc.fill_null(level, "") for level in levels), SEPARATOR)


def _spelled(pinyin: pa.Array, names: list[pa.Array]) -> pa.Array:
    """Fill what has no pinyin of its own with the name itself: Latin as it is, Chinese by its sound."""
    if not names:
        return pinyin
    return pc.coalesce(pinyin, names[-1]) if len(names) == 1 else pc.coalesce(pinyin, _sentence(names[:2]), names[-1])


def _sentence(parts: list[pa.Array]) -> pa.Array:
    """Join two columns by a blank; nothing where one of them is missing."""
    return pc.binary_join_element_wise(*parts, " ")


def _combined(table: pa.Table, name: str) -> pa.Array:
    """Return one column as one array."""
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])
