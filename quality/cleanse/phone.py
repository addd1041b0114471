"""Telephone numbers: one or several per cell, in E.164 (ITU-T E.164) with ``;ext=`` for extensions (RFC 3966).

Parsing and numbering plans come from ``phonenumbers`` (Google libphonenumber); what people in China type, and what
spreadsheets do to numbers, is handled here and in the two files beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.phone_cell import Candidate, candidates, from_float, without_words
from quality.cleanse.phone_codes import FLOAT, INVALID, LOST_DIGITS, MASKED, SPLIT
from quality.cleanse.phone_number import Number, masked_form, read_chinese_mobile, read_number
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold

_LONGEST = 200
_WHOLE = re.compile(r"\+[1-9][0-9]{6,13}")
"""One international number and nothing else: nothing has to be taken apart."""
_STABLE = re.compile(r"\+[1-9][0-9]{6,13}(;ext=[0-9]+)?")
_MOST_ROUNDS = 8


def clean_phone(value: str, country: str) -> Cleansed:
    """Standardise a telephone cell.

    Args:
        value: the cell; may hold several numbers, labels, remarks, an extension, a spreadsheet float.
        country: ISO 3166 alpha-2 code whose dialling habits apply to numbers without ``+``.

    Returns:
        One standard form per number: E.164, with ``;ext=123`` where there is an extension. Numbers without area code,
        short codes, masked and invalid numbers keep their own compact text. ``parts['country']`` is set where the
        number itself names its country.
    """
    if country == "CN" and (simple := read_chinese_mobile(value)):
        return _gather([simple], ())
    if _WHOLE.fullmatch(value) and not is_placeholder(value):
        return _gather([n for n in [read_number(Candidate(value), country)] if n is not None], ())
    return _settled(read_cell(value, country), country)


def _settled(read: Cleansed, country: str) -> Cleansed:
    """Read what is no whole number again until it stays as it is, so that cleansing is idempotent on every text."""
    forms = read.standard
    for _ in range(_MOST_ROUNDS):
        if all(_STABLE.fullmatch(form) for form in forms):
            break
        again = tuple(dict.fromkeys(f for form in forms for f in read_cell(form, country).standard))
        if again == forms:
            break
        forms = again
    return read if forms == read.standard else Cleansed(forms, read.parts, read.codes)


def read_cell(value: str, country: str) -> Cleansed:
    """Read a cell whatever is in it; args and returns as :func:`clean_phone`, which knows quick ways."""
    folded = fold(value[:_LONGEST])
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,) if folded else ())
    text, lost = from_float(folded)
    if lost:
        return Cleansed((text,), codes=(LOST_DIGITS,))
    return _read_numbers(text, country, (FLOAT,) if text != folded else ())


def _read_numbers(text: str, country: str, codes: tuple[Code, ...]) -> Cleansed:
    if masked := masked_form(text):
        return Cleansed((masked,), codes=(MASKED,))
    bare = without_words(text)
    if is_placeholder(bare):
        return Cleansed((), codes=(PLACEHOLDER,))
    numbers = [n for c in candidates(bare, country) if (n := read_number(c, country)) is not None]
    if not numbers:
        return Cleansed((text,), codes=(INVALID,))
    return _gather(numbers, codes)


def _gather(numbers: Sequence[Number], codes: tuple[Code, ...]) -> Cleansed:
    standard = tuple(dict.fromkeys(n.text for n in numbers if n.text))
    found = dict.fromkeys(code for n in numbers for code in n.codes)
    if standard:
        found.pop(PLACEHOLDER, None)
    if len(standard) > 1:
        found[SPLIT] = None
    country = next((n.country for n in numbers if n.country), "")
    return Cleansed(standard, {"country": country} if country else {}, (*found, *codes))
