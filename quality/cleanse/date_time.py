"""Points in time, as ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from quality.cleanse.contract import Cleansed
from quality.cleanse.date import TIME, clean_date
from quality.cleanse.text import fold

_COMPACT = re.compile(r"((?:19|20)\d{6})(\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(\.\d+)")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_AFTERNOON = frozenset({"下午", "晚上", "p"})


def clean_datetime(value: str, country: str, *, day_first: bool | None = None, today: date | None = None) -> Cleansed:
    """Standardise a date with a time of day.

    Args:
        value: the text of the cell.
        country: as for :func:`quality.cleanse.date.clean_date`, like the other arguments.
        day_first: the order that the column shows.
        today: the day of the run.

    Returns:
        ``YYYY-MM-DDTHH:MM:SS``, with ``Z`` or ``+08:00`` where the value names its zone; the date alone where there is
        no time of day.
    """
    cleansed = clean_date(value, country, day_first=day_first, today=today)
    if not cleansed.standard or len(cleansed.standard[0]) != 10 or not cleansed.standard[0][:4].isdigit():
        return cleansed
    time = _time_of(fold(value))
    return Cleansed((cleansed.standard[0] + time,), cleansed.parts, cleansed.codes)


def _time_of(text: str) -> str:
    """Return the time of day as ``THH:MM:SS`` with its zone; nothing where none is written or it does not exist."""
    if compact := _COMPACT.fullmatch(text):
        hour, minute, second, zone = int(compact[2]), int(compact[3]), int(compact[4]), ""
    elif serial := _SERIAL.fullmatch(text):
        return f"T{(datetime(2000, 1, 1) + timedelta(days=float(serial[2]))):%H:%M:%S}"  # noqa: DTZ001
    elif epoch := _EPOCH.fullmatch(text):
        return f"T{datetime.fromtimestamp(int(epoch[1]), UTC):%H:%M:%S}Z"
    elif written := TIME.search(text):
        hour, minute, second = (int(written[name] or 0) for name in ("hour", "minute", "second"))
        zone = _zone(written["zone"] or "")
        half = written["half"] or (written["ampm"] or "").lower()
        if half in _AFTERNOON and hour < 12:
            hour += 12
        elif half in {"a", "凌晨", "上午"} and hour == 12:
            hour = 0
    else:
        return ""
    if hour > 23 or minute > 59 or second > 59:
        return ""
    return f"T{hour:02d}:{minute:02d}:{second:02d}{zone}"


def _zone(text: str) -> str:
    if text in {"Z", "UTC", "GMT"}:
        return "Z"
    if text[:1] in {"+", "-"}:
        return f"{text[:3]}:{text[-2:]}"
    return ""  # CST, EST and PST each name several zones
