"""Postcodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from quality.cleanse.cn_regions import province_of
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.identifier import tidy_code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.settling import settle
from quality.cleanse.text import capitals, fold
from schemas.types import Severity

UNUSUAL = Code("postcode_unusual", Severity.WARNING, "与该国邮编格式不符", "Not of the form of the country's postcodes")
RESTORED = Code(
    "postcode_zero_restored",
    Severity.INFO,
    "补回了表格丢失的首位0",
    "Leading zero that a spreadsheet dropped, restored",
)

_COUNTRY_PREFIX = re.compile(r"^[A-Z]{1,2}-(?=\d)")
_BRITISH = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")
_FILLER = re.compile(r"0+|123456|12345|(\d)\1{5}|99999|999999")


@cache
def _forms() -> Mapping[str, Mapping[str, Any]]:
    data: dict[str, dict[str, Any]] = reference("postcode")
    return data


def clean_postcode(value: str, country: str, *, digits: int | None = None) -> Cleansed:
    """Standardise a postcode.

    Args:
        value: the text of the cell.
        country: ISO alpha-2 code of the address, as far as known.
        digits: how many digits nearly all postcodes of the column have; one that lacks a single leading zero gets it,
            and a country whose postcodes have another length is not taken at its word.

    Returns:
        The postcode in the form its country writes it; another form is kept and flagged.
    """
    return settle(lambda text, of: _cleanse(text, of, digits), value, country)


def _cleanse(value: str, country: str, digits: int | None) -> Cleansed:
    text = capitals(tidy_code(value[:50]))
    if _FILLER.fullmatch(text) or is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    text = _COUNTRY_PREFIX.sub("", text)
    form: str = _forms().get(country, {}).get("form", "")
    restored = len(text) + 1 == digits and _lost_zero(text, form)
    if restored:
        text = "0" + text
    standard = _written(text, country, _COUNTRY_PREFIX.sub("", capitals(fold(value))))
    codes = [RESTORED] if restored else []
    of_country = digits is None or re.fullmatch(form, "1" * digits)
    if form and of_country and not re.fullmatch(form, standard):
        codes.append(UNUSUAL)
    return Cleansed((standard,), codes=tuple(codes))


def _lost_zero(text: str, form: str) -> bool:
    """Tell whether a postcode one digit too short lost its first one; only where the country is known not to use it."""
    if not text.isdecimal() or not form or re.fullmatch(form, text):
        return False
    return len(text) != 5 or province_of("post", "0" + text) is not None


def _written(compact: str, country: str, spaced: str) -> str:
    """Write a compact postcode as its country does."""
    if british := _BRITISH.fullmatch(compact):
        return f"{british[1]} {british[2]}"
    bare = compact.replace("-", "")
    form = _forms().get(country, {})
    space, dash = form.get("space"), form.get("dash")
    if space and bare.isalnum() and len(bare) > 4:
        return f"{bare[:-space]} {bare[-space:]}"
    if dash and bare.isdecimal() and len(bare) == form["length"]:
        return f"{bare[:dash]}-{bare[dash:]}"
    return compact if bare.isdecimal() else spaced
