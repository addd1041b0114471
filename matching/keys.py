"""Blocking keys: what two records of one customer are likely to share even when a value is written differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.arrays import IntArray
from matching.columns import Kind
from matching.compare.addresses import POSTCODE, STREET, house
from matching.compare.contacts import local_part
from matching.compare.numbers import SUBSCRIBER, masked_key, national
from matching.compare.organizations import BRAND
from matching.compare.parts import part
from matching.compare.texts import sort_words, tokens
from matching.profile import Feature
from matching.sound import skeleton

SHORT_VOCABULARY = 60
"""Columns with fewer values gain nothing from coarser keys."""
LONG_NUMBER = 6

Make = Callable[[str], str | None]


@dataclass(frozen=True, eq=False)
class Key:
    """One blocking key: entry ``i`` says that record ``rows[i]`` has key ``codes[i]``; a record may have several."""

    feature: Feature
    label: str
    rows: IntArray
    codes: IntArray
    exact: bool = False

    @property
    def name(self) -> str:
        """Column and transformation, e.g. ``family_name:sound``."""
        return f"{self.feature.name}{'' if self.exact else ':' + self.label}"


def keys_of(feature: Feature) -> Iterator[Key]:
    """Yield the keys of one column, the value itself first."""
    rows, elements = spread(feature)
    yield Key(feature, "=", rows, elements, exact=True)
    for label, make in _transformations(feature):
        codes = feature.derived(f"key {label}", make)[elements]
        keep = codes >= 0
        yield Key(feature, label, rows[keep], codes[keep])


def words_of(feature: Feature) -> Key | None:
    """Return every word of more than two letters (every pair of Chinese characters) as a key; for texts only."""
    if feature.kind not in (Kind.TEXT, Kind.ORGANIZATION):
        return None
    vocabulary: dict[str, int] = {}
    values: list[int] = []
    codes: list[int] = []
    for i, value in enumerate(feature.values):
        text = part(value, BRAND) if feature.kind is Kind.ORGANIZATION else value
        for word in sorted(set(tokens(text))):
            if len(word) > 2 or not word.isascii():
                values.append(i)
                codes.append(vocabulary.setdefault(word, len(vocabulary)))
    if not codes:
        return None
    rows, elements = spread(feature)
    return _join(feature, rows, elements, np.array(values, dtype=np.int64), np.array(codes, dtype=np.int64))


def spread(feature: Feature) -> tuple[IntArray, IntArray]:
    """Return record numbers and value codes, one entry per value a record holds."""
    rows = np.flatnonzero(feature.codes >= 0)
    if feature.single:
        return rows, feature.codes[rows]
    counts = np.diff(feature.set_offsets)[feature.codes[rows]]
    starts = feature.set_offsets[feature.codes[rows]]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(rows, counts), feature.set_elements[np.repeat(starts, counts) + within]


def _join(feature: Feature, rows: IntArray, elements: IntArray, values: IntArray, codes: IntArray) -> Key:
    """Give every record the words of its values."""
    starts = np.searchsorted(values, np.arange(len(feature.values) + 1))
    counts = np.diff(starts)[elements]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return Key(feature, "word", np.repeat(rows, counts), codes[np.repeat(starts[elements], counts) + within])


def _transformations(feature: Feature) -> tuple[tuple[str, Make], ...]:
    """Return the coarser keys of a column."""
    if feature.kind in (Kind.NAME, Kind.GIVEN) and len(feature.values) <= SHORT_VOCABULARY:
        return ()
    if feature.kind in (Kind.DIGITS, Kind.CODE, Kind.DATE) and feature.mean_length < LONG_NUMBER:
        return ()
    return COARSER.get(feature.kind, ())


_NAMES: tuple[tuple[str, Make], ...] = (
    ("sound", skeleton),
    ("first 3", lambda v: v[:3]),
    ("last 3", lambda v: v[-3:]),
)
_NUMBERS: tuple[tuple[str, Make], ...] = (
    ("first 4", lambda v: v[:4]),
    ("last 4", lambda v: v[-4:]),
    ("sorted digits", lambda v: "".join(sorted(v))),
)
COARSER: dict[Kind, tuple[tuple[str, Make], ...]] = {
    Kind.NAME: _NAMES,
    Kind.GIVEN: _NAMES,
    Kind.TEXT: (
        ("first word", lambda v: v.split()[0]),
        ("last word", lambda v: v.split()[-1]),
        ("sorted", sort_words),
        ("sound", skeleton),
    ),
    Kind.ORGANIZATION: (
        ("brand", lambda v: part(v, BRAND)),
        ("brand sound", lambda v: skeleton(part(v, BRAND))),
    ),
    Kind.ADDRESS: (
        ("house", house),
        ("street", lambda v: part(v, STREET)),
        ("street sound", lambda v: skeleton(part(v, STREET))),
        ("postcode", lambda v: part(v, POSTCODE)),
    ),
    Kind.EMAIL: (("local", local_part),),
    Kind.PHONE: (
        ("subscriber", lambda v: v[-SUBSCRIBER:] if "*" not in v else None),
        ("last 4", lambda v: v[-4:] if "*" not in v[-4:] else None),
        ("first 7", lambda v: national(v)[:7] if "*" not in v else None),
        ("masked", masked_key),
    ),
    Kind.DIGITS: _NUMBERS,
    Kind.CODE: _NUMBERS,
    Kind.DATE: _NUMBERS,
}
"""Keys besides the value itself; the shorter a key, the more misspellings it survives and the more pairs it costs."""
