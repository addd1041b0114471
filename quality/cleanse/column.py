"""What a whole column shows and no single value can: the order of day and month, the country of its telephone numbers,
the length of its postcodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.model import EntityType
from schemas.types import SemanticType

_SAMPLE = 150
"""Distinct telephone numbers that are looked at."""
_CLEARLY = 10
"""One order of day and month must be shown by that many times more values than the other."""
_COUNTRIES = ("US", "GB", "AU", "DE", "FR", "CA", "IN", "JP", "BR", "NL", "IT", "ES", "PL")
_DATE = r"^\D{0,4}(?P<first>\d{1,2})[-/._ ](?P<second>\d{1,2})[-/._ ](?:\d{4}|\d{2})(?:\D|$)"


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """How to read a column; serialisable, so that all pages of a source can be read alike.

    ``day_first``: 04/08/1966 is the fourth of August; ``country``: whose telephone numbers these are where a record
    names no country; ``digits``: how many digits postcodes have. ``None``: the column does not show it.
    """

    day_first: bool | None = None
    country: str | None = None
    digits: int | None = None


UNSAID = ColumnContext()


def infer_contexts(
    raw: pa.Table, mapping_fields: Mapping[str, Sequence[str]], entity: EntityType, *, default_country: str = "CN"
) -> dict[str, ColumnContext]:
    """Look at whole columns of a table.

    Args:
        raw: text columns as a connector delivers them; the more rows, the surer the answer.
        mapping_fields: field → source columns.
        entity: the entity type of the rows.
        default_country: ISO alpha-2 code for records without a country.

    Returns:
        One context per mapped column whose type has one.
    """
    contexts: dict[str, ColumnContext] = {}
    has_country = any(column in raw.column_names for column in mapping_fields.get("country", ()))
    for name, columns in mapping_fields.items():
        semantic_type = entity[name].type
        for column in columns:
            if column in raw.column_names:
                distinct = pc.drop_null(pc.unique(raw.column(column).cast(pa.string())))
                contexts[column] = _context(semantic_type, distinct, None if has_country else default_country)
    return contexts


def _context(semantic_type: SemanticType, distinct: pa.Array, default_country: str | None) -> ColumnContext:
    if semantic_type in {SemanticType.DATE, SemanticType.DATETIME}:
        return ColumnContext(day_first=day_comes_first(distinct))
    if semantic_type is SemanticType.POSTCODE:
        return ColumnContext(digits=_usual_digits(distinct))
    if semantic_type is SemanticType.PHONE and default_country is not None:
        return ColumnContext(country=_country_of_phones(distinct, default_country))
    return UNSAID


def day_comes_first(distinct: pa.Array) -> bool | None:
    """Infer the order of day and month from values in which one of the two numbers can only be the day.

    Args:
        distinct: distinct texts of a date column.

    Returns:
        True for day/month/year, False for month/day/year, ``None`` where the column does not show it.
    """
    found = pc.extract_regex(distinct, _DATE)
    first, second = (
        pc.fill_null(pc.struct_field(found, name).cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
        for name in ("first", "second")
    )
    days_first = int(np.count_nonzero((first > 12) & (first <= 31) & (second <= 12)))
    months_first = int(np.count_nonzero((second > 12) & (second <= 31) & (first <= 12) & (first > 0)))
    if days_first > months_first * _CLEARLY:
        return True
    if months_first > days_first * _CLEARLY:
        return False
    return None


def _usual_digits(distinct: pa.Array) -> int | None:
    """Return the length that at least six in ten of the all-digit postcodes have."""
    codes = pc.replace_substring_regex(pc.utf8_trim_whitespace(distinct), r"\.0+$", "")
    codes = codes.filter(pc.match_substring_regex(codes, r"^\d{4,6}$"))
    lengths = np.bincount(pc.utf8_length(codes).to_numpy(zero_copy_only=False), minlength=7)
    most = int(lengths.argmax())
    return most if lengths.sum() and lengths[most] >= 0.6 * lengths.sum() else None


def _country_of_phones(distinct: pa.Array, default: str) -> str | None:
    """Find whose numbers these are where they are clearly not those of the default country.

    Only whole national numbers are looked at. A country must be better than the default by a quarter of the values, and
    both the numbering plan and the grouping of the digits (02 9876 5432 is Australian) must speak for it.
    """
    whole = pc.match_substring_regex(distinct, r"^\s*\(?0?[1-9](?:\D{0,2}\d){8,10}\s*$")
    values = sorted(distinct.filter(pc.and_(whole, pc.invert(pc.starts_with(distinct, "1 (11)")))).to_pylist())
    sample = values[:: max(1, len(values) // _SAMPLE)][:_SAMPLE]
    if len(sample) < 5:
        return None
    usual = _share_valid(sample, default)
    if usual >= 0.75:
        return None
    shares = {country: (_share_valid(sample, country), _share_grouped(sample, country)) for country in _COUNTRIES}
    good = {c: valid + grouped for c, (valid, grouped) in shares.items() if valid >= max(0.4, usual + 0.25)}
    best = max(good, key=lambda country: good[country], default=None)
    return best if best is not None and good[best] >= 1.2 else None


def _share_valid(values: Sequence[str], country: str) -> float:
    """Return the share of values that are, as they stand, good numbers of this country."""
    from quality.cleanse.phone import clean_phone

    good = {"phone_split", "phone_was_float", "phone_suspicious"}
    results = [clean_phone(value, country) for value in values]
    telling = [result for result in results if result.standard]
    valid = sum(all(code.name in good for code in result.codes) for result in telling)
    return valid / len(telling) if telling else 1.0


def _share_grouped(values: Sequence[str], country: str) -> float:
    """Return the share of values whose digits are grouped as this country writes them, or not at all."""
    import phonenumbers

    grouped = 0
    for value in values:
        try:
            number = phonenumbers.parse(value, country)
        except phonenumbers.NumberParseException:
            continue
        usual = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        grouped += value.isdecimal() or re.findall(r"\d+", usual) == re.findall(r"\d+", value)
    return grouped / len(values)
