"""A few rows as distinct records with profiled columns: :func:`matching.records.read` row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from matching.arrays import IntArray, Values
from matching.columns import ADDRESS_PARTS, Kind, MatchColumn
from matching.compare import comparable
from matching.distinct import Distinct
from matching.encode import REGISTERED
from matching.model import Model
from matching.normal import SEPARATOR, normalise, sort_of
from matching.profile import Feature
from matching.records import Records
from matching.statistics import Statistics

Row = Mapping[str, str | Sequence[str] | None]
"""Column → text, several texts or nothing."""
Held = tuple[str, ...]
"""The distinct normalised values one row holds in one column, in order."""
_COUNTRY = re.compile("^中国(..)")

normal = lru_cache(maxsize=65_536)(normalise)


def held(column: MatchColumn, row: Row) -> Held:
    """Return the values a row holds in a column, normalised (see :func:`matching.encode.encode`)."""
    kind = column.kind
    assert kind is not None  # of a model's columns it is known
    texts = _texts(column, kind, row)
    if len(texts) == 1:
        value = normal(kind, texts[0])
        return (value,) if value else ()
    return tuple(sorted({value for text in texts if (value := normal(kind, text))}))


def _texts(column: MatchColumn, kind: Kind, row: Row) -> Sequence[str]:
    """Return the texts of one column, composed with its parts where it has any."""
    if kind is Kind.ADDRESS:
        own = (*column.parts, column.name)
        return (SEPARATOR.join(_text(row, n) if n in own else "" for n in (*ADDRESS_PARTS, column.name)),)
    value = row.get(column.name)
    if kind is Kind.PINYIN:
        return _one(_spelled(value, [row.get(part) for part in column.parts]))
    if value is None or not column.parts:
        return _one(value)
    return (_organization(row, column),)


def _one(value: str | Sequence[str] | None) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else [text for text in value if text is not None]


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _spelled(
    pinyin: str | Sequence[str] | None, names: Sequence[str | Sequence[str] | None]
) -> str | Sequence[str] | None:
    """Fill what has no pinyin of its own with the name itself."""
    if pinyin is not None or not names:
        return pinyin
    if len(names) > 1 and names[0] is not None and names[1] is not None:
        return f"{names[0]} {names[1]}"
    return names[-1]


def _organization(row: Row, column: MatchColumn) -> str:
    """Compose an organization's name with its parts, as :func:`matching.encode.encode` does."""
    parts = {name: _text(row, name) for name in column.parts}
    form = parts.get("legal_form", "")
    core = _COUNTRY.sub(r"\1", parts.get("name_brand", "") or _text(row, column.name))
    trade = parts.get("name_trade", "") or sort_of(form)
    registered = REGISTERED if form and form[0].isascii() else ""
    return SEPARATOR.join((core, trade, parts.get("name_region", ""), parts.get("branch", ""), registered))


def records(columns: Sequence[Sequence[Held]], strong: Mapping[str, Sequence[Held]], model: Model) -> Records:
    """Return rows as a model sees them.

    Args:
        columns: for each of the model's fields what every row holds.
        strong: identifier → what every row holds of it that is verified.
        model: whose statistics are used.
    """
    coded = [_Coded.of(one) for one in columns]
    proofs = {name: _Coded.of(one) for name, one in strong.items()}
    names = [column.name for column in model.fields]
    groups = _distinct([*zip(names, coded, strict=True), *proofs.items()])
    compared = [
        comparable(one.feature(column.column, groups, column.statistics))
        for one, column in zip(coded, model.columns, strict=False)
    ]
    identifiers = [one.feature(MatchColumn(name, kind=Kind.CODE), groups, Statistics()) for name, one in proofs.items()]
    return Records(groups, compared, identifiers, model.dropped)


class _Coded:
    """One column of a few rows: distinct values in order, and one code per row for the values it holds."""

    def __init__(self, values: list[str], combinations: list[Held], codes: list[int]) -> None:
        self.values, self.combinations, self.codes = values, combinations, codes

    @staticmethod
    def of(rows: Sequence[Held]) -> _Coded:
        """Number the values."""
        values = sorted({value for row in rows for value in row})
        place = {value: at for at, value in enumerate(values)}
        several = sorted({row for row in rows if len(row) > 1})
        order = {row: len(values) + at for at, row in enumerate(several)}
        codes = [-1 if not row else place[row[0]] if len(row) == 1 else order[row] for row in rows]
        return _Coded(values, several, codes)

    def feature(self, column: MatchColumn, groups: Distinct, statistics: Statistics) -> Feature:
        """Return the column of the distinct records, as :func:`matching.profile.feature` does."""
        codes = np.array(self.codes, dtype=np.int64)[groups.first]
        place = {value: at for at, value in enumerate(self.values)}
        sets = [[place[value] for value in row] for row in self.combinations]
        width = len(self.values)
        counts = np.bincount(codes[(codes >= 0) & (codes < width)], minlength=width).astype(float)
        for at, elements in enumerate(sets):
            counts[elements] += (codes == width + at).sum()
        assert column.kind is not None
        return Feature(
            name=column.name,
            kind=column.kind,
            values=_objects(self.values),
            counts=counts,
            codes=codes,
            set_offsets=np.cumsum([0, *[1] * width, *map(len, sets)], dtype=np.int64),
            set_elements=np.array([*range(width), *(one for row in sets for one in row)], dtype=np.int64),
            extra=column.extra,
            parts=column.parts,
            unless=column.unless,
            statistics=statistics,
        )


def _objects(values: list[str]) -> Values:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _distinct(columns: Sequence[tuple[str, _Coded]]) -> Distinct:
    """Group rows that say the same, numbered by content (see :func:`matching.distinct.distinct`)."""
    ordered = [coded.codes for _, coded in sorted(columns, key=lambda one: one[0])]
    rows = list(zip(*ordered, strict=True))
    number = {codes: at for at, codes in enumerate(sorted(set(rows)))}
    record_of: IntArray = np.array([number[codes] for codes in rows], dtype=np.int64)
    _, first = np.unique(record_of, return_index=True)
    return Distinct(record_of, first.astype(np.int64), np.bincount(record_of, minlength=len(number)))
