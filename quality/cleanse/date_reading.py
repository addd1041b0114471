"""Reading a date out of what people type: which number is the year, the month, the day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from quality.cleanse.contract import Code
from quality.cleanse.date_codes import (
    FROM_SERIAL,
    NO_YEAR,
    ORDER_ASSUMED,
    PARTIAL,
    SWAPPED,
    TWO_DIGIT_YEAR,
)
from quality.cleanse.reference_data import reference

_YEAR_FIRST = re.compile(r"(\d{4}) ?[-/.,年_ ] ?(\d{1,2}) ?(?:[-/.,月_ ] ?(\d{1,2})(?: ?[日号])?|月)?")
_YEAR_LAST = re.compile(r"(\d{1,2}) ?([-/._, ]) ?(\d{1,2}) ?[-/._, ] ?(\d{4}|\d{1,2})")
_YEAR_LAST_MONTH = re.compile(r"(\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"'?(\d{2}) ?年(?: ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号]?)?)?")
_ONLY_YEAR = re.compile(r"(1[0-9]\d{2}|20\d{2}) ?年?(?:生|份)?")
_NO_YEAR = re.compile(r"--(\d{2})-(\d{2})|(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]")
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th|er|\.)?[ ,.\-/]*(?:of |de )?)?(?P<month>[a-z]{3,12})\.?[ ,.\-/]*(?:de |of )?"
    r"(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?[ ,.\-/]+)?(?P<year>\d{4}|'?\d{2})"
)
_NAMED_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[ ,.\-/]*(?P<month>[a-z]{3,12})\.?[ ,.\-/]*(?P<d2>\d{1,2})?")
_YEAR_FIRST_HABIT = frozenset({"CN", "JP", "KR", "TW", "HU"})
_CHINESE_DIGITS = str.maketrans("〇零○Ｏ一二两三四五六七八九", "00001223456789")
_CHINESE_NUMBER = re.compile(r"[〇零○一二三四五六七八九十廿卅]+")


@dataclass(frozen=True, slots=True)
class Habits:
    """What decides where the text itself does not.

    ``country``: ISO alpha-2 code whose order of day and month is usual; ``day_first``: the order that the whole
    column shows, ``None`` where it shows none; ``this_year``: the year up to which two digits mean this century.
    """

    country: str
    day_first: bool | None
    this_year: int

    def century(self, short: int) -> int:
        """Return the year a two-digit year stands for: the latest one that is not in the future."""
        year = self.this_year - self.this_year % 100 + short
        return year if year <= self.this_year else year - 100

    def in_order(self, first: int, second: int, year: int, separator: str) -> Reading:
        """Decide which of two numbers is the day: by size, else by the column, else by the country's habit."""
        if first > 12 or second > 12 or first == second:
            return Reading(year, second, first) if first > 12 else Reading(year, first, second)
        if self.day_first is not None:
            return Reading(year, second, first) if self.day_first else Reading(year, first, second)
        usual = tables()["month_first_with_slash" if separator == "/" else "month_first"]
        if self.country in usual:
            return Reading(year, first, second, (ORDER_ASSUMED,))
        return Reading(year, second, first, (ORDER_ASSUMED,))


@dataclass(frozen=True, slots=True)
class Reading:
    """A date as read, not yet known to exist; year 0: not given, month or day 0: not given."""

    year: int
    month: int = 0
    day: int = 0
    codes: tuple[Code, ...] = ()

    def iso(self) -> str:
        """Return ISO 8601 text: ``1990-01-02``, ``1990-01``, ``1990``, or ``--01-02`` without a year."""
        if not self.year:
            return f"--{self.month:02d}-{self.day:02d}"
        parts = [f"{self.year:04d}"] + [f"{n:02d}" for n in (self.month, self.day) if n]
        return "-".join(parts)

    def exists(self) -> bool:
        """Tell whether the calendar has this date."""
        try:
            date(self.year or 2000, self.month or 1, self.day or 1)
        except ValueError:
            return False
        return True


@cache
def tables() -> Mapping[str, Any]:
    """Return the reference tables of the date cleansers."""
    data: dict[str, Any] = reference("date")
    data["months"] = {name: number for number, names in data["months"].items() for name in names}
    for key in ("placeholders", "defaults"):
        data[key] = frozenset(data[key])
    return data


def read_date(text: str, habits: Habits) -> Reading | None:
    """Read a date without its time of day.

    Args:
        text: folded text.
        habits: what decides where the text itself does not.

    Returns:
        The reading, which the calendar may lack (its parts can still be compared), or ``None`` where the text is no
        date at all.
    """
    text = _western_numbers(text)
    return (
        _year_first(text)
        or _year_last(text, habits)
        or _from_number(text)
        or _compact(text, habits)
        or _named(text, habits)
        or _chinese(text, habits)
    )


def _western_numbers(text: str) -> str:
    """Write 一九九〇年十二月三日 and 民国79年 with digits of the common era."""
    if text.isascii():
        return text
    text = text.replace("元年", "1年").replace("元月", "1月")
    text = _CHINESE_NUMBER.sub(lambda match: _number(match[0]), text)
    for era, start in tables()["eras"].items():
        if match := re.match(rf"{era} ?(\d{{1,3}})", text):
            return f"{start + int(match[1])}{text[match.end() :]}"
    return text


def _number(chinese: str) -> str:
    chinese = chinese.replace("廿", "二十").replace("卅", "三十")
    if "十" not in chinese:
        return chinese.translate(_CHINESE_DIGITS)
    tens, _, units = chinese.partition("十")
    return str(int((tens or "一").translate(_CHINESE_DIGITS)) * 10 + int((units or "0").translate(_CHINESE_DIGITS)))


def _year_first(text: str) -> Reading | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        only = _ONLY_YEAR.fullmatch(text)
        return Reading(int(only[1]), codes=(PARTIAL,)) if only else None
    return _from_parts(int(match[1]), int(match[2]), int(match[3] or 0))


def _from_parts(year: int, month: int, day: int) -> Reading:
    if month > 12 >= day > 0:
        return Reading(year, day, month, (SWAPPED,))
    return Reading(year, month, day if month else 0, () if month and day else (PARTIAL,))


def _year_last(text: str, habits: Habits) -> Reading | None:
    if partial := _YEAR_LAST_MONTH.fullmatch(text):
        return Reading(int(partial[2]), int(partial[1]), codes=(PARTIAL,))
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    first, separator, second, last = int(match[1]), match[2], int(match[3]), int(match[4])
    if len(match[4]) == 4:
        return habits.in_order(first, second, last, separator)
    if first > 31 or (habits.country in _YEAR_FIRST_HABIT and habits.day_first is None and last <= 31):
        assumed = () if first > 31 else (ORDER_ASSUMED,)
        return Reading(habits.century(first), second, last, (*assumed, TWO_DIGIT_YEAR))
    reading = habits.in_order(first, second, habits.century(last), separator)
    return replace(reading, codes=(*reading.codes, TWO_DIGIT_YEAR))


def _from_number(text: str) -> Reading | None:
    """Read what programs count: days since 1899-12-30 (spreadsheets), seconds or milliseconds since 1970."""
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and 10000 <= float(text) < 80000:
        day = date(1899, 12, 30) + timedelta(days=int(float(text)))
    elif re.fullmatch(r"\d{10}|\d{13}", text):
        day = datetime.fromtimestamp(int(text[:10]), UTC).date()
    else:
        return None
    return Reading(day.year, day.month, day.day, (FROM_SERIAL,))


def _compact(text: str, habits: Habits) -> Reading | None:
    """Read digits without separators: 19900102, 199001, 900102."""
    text = re.sub(r"\.0+$", "", text)
    if not text.isdecimal() or not text.isascii():
        return None
    if len(text) == 8:
        return _eight_digits(text, habits)
    if len(text) != 6:
        return None
    if text[:2] in {"19", "20"} and 1 <= int(text[4:]) <= 12:
        return Reading(int(text[:4]), int(text[4:]), codes=(PARTIAL,))
    short = Reading(habits.century(int(text[:2])), int(text[2:4]), int(text[4:]), (TWO_DIGIT_YEAR,))
    return short if short.exists() and short.month and short.day else None


def _eight_digits(text: str, habits: Habits) -> Reading:
    year, last = int(text[:4]), int(text[4:])
    if 1900 <= last <= 2100 and not 1900 <= year <= 2100:
        return habits.in_order(int(text[:2]), int(text[2:4]), last, "")
    return _from_parts(year, int(text[4:6]), int(text[6:]))


def _named(text: str, habits: Habits) -> Reading | None:
    """Read month names: Jan 2, 1990 · 2-Jan-90 · 2. Januar 1990 · January 1990."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    match = _NAMED.fullmatch(plain) or _NAMED_YEAR_FIRST.fullmatch(plain)
    if match is None:
        return None
    month = tables()["months"].get(match["month"])
    if month is None:
        return None
    found = match.groupdict()
    day = int(found.get("d1") or found.get("d2") or 0)
    year = match["year"].lstrip("'")
    codes = () if day else (PARTIAL,)
    if len(year) == 2:
        return Reading(habits.century(int(year)), month, day, (*codes, TWO_DIGIT_YEAR))
    return Reading(int(year), month, day, codes)


def _chinese(text: str, habits: Habits) -> Reading | None:
    if match := _SHORT_YEAR.fullmatch(text):
        year = habits.century(int(match[1]))
        codes = (TWO_DIGIT_YEAR,) if match[3] else (PARTIAL, TWO_DIGIT_YEAR)
        return Reading(year, int(match[2] or 0), int(match[3] or 0), codes)
    if match := _NO_YEAR.fullmatch(text):
        return Reading(0, int(match[1] or match[3]), int(match[2] or match[4]), (NO_YEAR,))
    return None
