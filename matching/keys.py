"""Blocking keys: what two records of one customer are likely to share even when a value is written differently.

A key is a stable 64-bit hash (XXH3, Collet) of the form and the text, so that keys made today, tomorrow and on another
machine can be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xxhash

from matching.arrays import IntArray, KeyArray, Values, places
from matching.columns import Kind
from matching.compare.addresses import POSTCODE, STREET, house
from matching.compare.contacts import local_part
from matching.compare.numbers import SUBSCRIBER, masked_key, national
from matching.compare.organizations import BRAND
from matching.compare.parts import part
from matching.compare.texts import sort_words, tokens
from matching.encode import numbered_one_by_one
from matching.plan import PROOF, VALUE, WORD
from matching.profile import Feature
from matching.sound import skeleton

SHORT_VOCABULARY = 60
"""Columns with fewer values gain nothing from coarser keys."""
LONG_NUMBER = 6
SEVERAL = 8
"""Most keys of one form a record brings into a combination with others."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ divided by the golden ratio: spreads the bits of keys that are combined (Knuth, TAOCP 6.4)."""

Make = Callable[[str], str | None]


@dataclass(frozen=True, eq=False)
class Entries:
    """Keys of records: entry ``i`` says that record ``rows[i]`` has key ``keys[i]``; ``rows`` ascend."""

    rows: IntArray
    keys: KeyArray


@dataclass(frozen=True, eq=False)
class Said:
    """What a column says in one form: record ``rows[i]`` says ``texts[codes[i]]``; the texts are distinct."""

    rows: IntArray
    codes: IntArray
    texts: Sequence[str] | Values


def entries(feature: Feature, form: str, *, stable: bool = False) -> Entries:
    """Return the keys of one column in one form, made once.

    Args:
        feature: the column.
        form: ``VALUE``, ``PROOF``, ``WORD`` or one of its kind's coarser forms.
        stable: hashes of the texts; else their numbers in this table, which serve while nobody looks beyond it.
    """
    said = feature.once(f"entries {form}", lambda: _words(feature) if form == WORD else _values(feature, form))
    if not stable:
        return Entries(said.rows, said.codes.view(np.uint64))
    name = VALUE if form == PROOF else form
    hashes = feature.once(f"entries {form} hashed", lambda: hashed(said.texts, name))
    return Entries(said.rows, hashes[said.codes])


def combined(parts: Sequence[Entries], records: int) -> Entries:
    """Return one key per combination of the parts' keys, for the records that have all parts."""
    whole = parts[0]
    for more in parts[1:]:
        mine, held = _firsts(whole, records), _firsts(more, records)
        counts = held[1][mine[0].rows]
        within = places(counts)
        at = np.repeat(held[2][mine[0].rows], counts) + within
        keys = np.repeat(mine[0].keys, counts)
        with np.errstate(over="ignore"):
            mixed = (keys ^ (keys >> np.uint64(29))) * GOLDEN + held[0].keys[at]
        whole = Entries(np.repeat(mine[0].rows, counts), mixed)
    return whole


def _firsts(one: Entries, records: int) -> tuple[Entries, IntArray, IntArray]:
    """Return at most ``SEVERAL`` entries per record, how many each record has, and where they begin."""
    counts = np.bincount(one.rows, minlength=records)
    starts = np.cumsum(counts) - counts
    if counts.max(initial=0) > SEVERAL:
        keep = np.arange(len(one.rows)) - starts[one.rows] < SEVERAL
        return _firsts(Entries(one.rows[keep], one.keys[keep]), records)
    return one, counts, starts


def hashed(texts: Sequence[str] | Values, form: str) -> KeyArray:
    """Return the stable hash of every text in one form."""
    salt = xxhash.xxh3_64_intdigest(form.encode())
    digest = xxhash.xxh3_64_intdigest
    made = np.fromiter((digest(text.encode("utf-8", "surrogatepass")) for text in texts), np.uint64, len(texts))
    return made ^ np.uint64(salt)


def _values(feature: Feature, form: str) -> Said:
    """Return what follows from one value each."""
    rows, elements = spread(feature)
    if form in (VALUE, PROOF):
        return Said(rows, elements, feature.values)
    make = dict(COARSER.get(feature.kind, ()))[form]
    codes, texts = numbered_one_by_one([make(value) for value in feature.values])
    keep = codes[elements] >= 0
    return Said(rows[keep], codes[elements[keep]], texts)


def _words(feature: Feature) -> Said:
    """Return every word of more than two letters (every pair of Chinese characters)."""
    values: list[int] = []
    words: list[str] = []
    for i, value in enumerate(feature.values):
        text = part(value, BRAND) if feature.kind is Kind.ORGANIZATION else value
        for word in sorted(set(tokens(text))):
            if len(word) > 2 or not word.isascii():
                values.append(i)
                words.append(word)
    rows, elements = spread(feature)
    starts = np.searchsorted(np.array(values, dtype=np.int64), np.arange(len(feature.values) + 1))
    counts = np.diff(starts)[elements]
    within = places(counts)
    at = np.repeat(starts[elements], counts) + within
    codes, texts = numbered_one_by_one(words)
    return Said(np.repeat(rows, counts), codes[at], texts)


def spread(feature: Feature) -> tuple[IntArray, IntArray]:
    """Return record numbers and value codes, one entry per value a record holds."""
    rows = np.flatnonzero(feature.codes >= 0)
    if feature.single:
        return rows, feature.codes[rows]
    counts = np.diff(feature.set_offsets)[feature.codes[rows]]
    starts = feature.set_offsets[feature.codes[rows]]
    within = places(counts)
    return np.repeat(rows, counts), feature.set_elements[np.repeat(starts, counts) + within]


def forms(feature: Feature) -> tuple[str, ...]:
    """Return the coarser forms worth trying as keys of a column."""
    if feature.kind in (Kind.NAME, Kind.GIVEN) and len(feature.values) <= SHORT_VOCABULARY:
        return ()
    if feature.kind in (Kind.DIGITS, Kind.CODE, Kind.DATE) and feature.mean_length < LONG_NUMBER:
        return ()
    return tuple(form for form, _ in COARSER.get(feature.kind, ()))


def has_words(feature: Feature) -> bool:
    """Tell whether a column's rare words are keys."""
    return feature.kind in (Kind.TEXT, Kind.ORGANIZATION)


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
