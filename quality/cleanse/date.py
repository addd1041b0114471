"""Dates in all the forms people type, as ISO 8601."""

from __future__ import annotations

import re
from datetime import date

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.date_codes import BEFORE_1900, DEFAULT, IN_FUTURE, INVALID, LUNAR
from quality.cleanse.date_reading import Habits, Reading, read_date, tables
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold, simplify

_LONGEST = 80
_PIVOT = 2030
"""A two-digit year up to this one belongs to this century where no day of today is given."""
_ISO = re.compile(r"[12]\d{3}-\d\d-\d\d")
TIME = re.compile(
    r"(?:T| ?)(?:(?P<half>上午|下午|早上|晚上|中午|凌晨) ?)?(?<!\d)(?P<hour>\d{1,2})"
    r"(?:[:时点](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})秒?(?:[.,]\d+)?)?分?|时|点整?)"
    r"(?: ?(?P<ampm>[AaPp])\.?[Mm]\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|CST|EST|PST))?(?: ?\([A-Z]+\))?$"
)
_WEEKDAY = re.compile(
    r"[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?|\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?,?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^(?:出生(?:日期|于)?|生于|生日|日期|公历|阳历|新历|约|dob|born|date)[:： ]*|(?:出生|生人|生)$", re.IGNORECASE
)
_LUNAR = re.compile(r"农历|阴历|旧历|[正冬腊]月|初[一二三四五六七八九十]|闰")
_TYPO = re.compile(r"(\w{1,2})[-/.](\w{1,2})[-/.](\w{4})|(\w{4})[-/.](\w{1,2})[-/.](\w{1,2})", re.ASCII)


def clean_date(value: str, country: str, *, day_first: bool | None = None, today: date | None = None) -> Cleansed:
    """Standardise a date.

    Args:
        value: the text of the cell; a time of day is cut off.
        country: ISO alpha-2 code whose order of day and month is assumed where neither value nor column shows it.
        day_first: the order that the column shows, see :mod:`quality.cleanse.column`.
        today: the day of the run, for two-digit years and dates in the future.

    Returns:
        ``YYYY-MM-DD``; ``YYYY-MM`` or ``YYYY`` where no more is known, ``--MM-DD`` without a year. What is no date
        keeps its text, year first where its shape shows the year, so that it can still be compared.
    """
    if _ISO.fullmatch(value) and (simple := _existing(value)) is not None:
        return _judged(simple, today)
    text = fold(value[:_LONGEST])
    if text in tables()["placeholders"] or re.fullmatch(r"0+([-/.: ]0*)*", text) or is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    if _LUNAR.search(text):
        return Cleansed((text,), codes=(LUNAR,))
    habits = Habits(country, day_first, today.year if today else _PIVOT)
    reading = read_date(bare_date(text), habits)
    if reading is None:
        return Cleansed((_typo_in_order(text, habits),), codes=(INVALID,))
    return _checked(reading, text, today)


def _checked(reading: Reading, text: str, today: date | None) -> Cleansed:
    if reading.iso() in tables()["placeholders"]:
        return Cleansed((), codes=(PLACEHOLDER,))
    if not reading.exists() or (reading.year and not 1000 <= reading.year <= 9999):
        return Cleansed((_kept(reading, text),), codes=(INVALID,))
    return _judged(reading, today)


def bare_date(text: str) -> str:
    """Take labels, weekday and time of day off a date."""
    if re.fullmatch(r"(?:19|20)\d{12}", text):
        return text[:8]
    text = _WORDS.sub("", _WEEKDAY.sub(" ", simplify(text)).strip(" ,.")).strip(" ,.")
    shorter = TIME.sub("", text).strip(" ,.")
    return shorter or text


def _existing(iso: str) -> Reading | None:
    reading = Reading(int(iso[:4]), int(iso[5:7]), int(iso[8:]))
    exists = reading.month and reading.day and reading.exists() and iso not in tables()["placeholders"]
    return reading if exists else None


def _judged(reading: Reading, today: date | None) -> Cleansed:
    """Add what is doubtful about a date that exists."""
    iso = reading.iso()
    codes: list[Code] = list(reading.codes)
    if 0 < reading.year < 1900:
        codes.append(BEFORE_1900)
    if today is not None and reading.year and iso > today.isoformat():
        codes.append(IN_FUTURE)
    if iso in tables()["defaults"]:
        codes.append(DEFAULT)
    return Cleansed((iso,), codes=tuple(codes))


def _kept(reading: Reading, text: str) -> str:
    return reading.iso() if 1000 <= reading.year <= 9999 and reading.month and reading.day else text


def _typo_in_order(text: str, habits: Habits) -> str:
    """Write a date with a wrong letter (23-06-19t3) year first like all others, so that typos stay comparable."""
    match = _TYPO.fullmatch(text)
    if match is None or sum(c.isdigit() for c in text) < 4:
        return text
    if match[4]:
        return f"{match[4]}-{match[5]:0>2}-{match[6]:0>2}"
    first, second = match[1], match[2]
    numbers = [int(n) if n.isdigit() else 0 for n in (first, second)]
    known = habits.in_order(numbers[0], numbers[1], 2000, text[len(first)])
    month_first = known.month == numbers[0] and numbers[0] != numbers[1]
    month, day = (first, second) if month_first else (second, first)
    return f"{match[3]}-{month:0>2}-{day:0>2}"
