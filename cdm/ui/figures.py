"""Numbers and times as people read them in their language."""

from __future__ import annotations

from datetime import UTC, datetime

from cdm.ui.elements import tag
from cdm.ui.words import Words

NOTHING = "–"
"""Stands where there is no figure."""


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with separators."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def score(value: float | None) -> str:
    """Return a score of 0–100."""
    return NOTHING if value is None else f"{value:.0f}" if value in (0, 100) else f"{value:.1f}"


def percent(share: float | None, digits: int = 0) -> str:
    """Return a share (0–1) in per cent."""
    return NOTHING if share is None else f"{share * 100:.{digits}f}%"


def moment(text: str | None) -> datetime | None:
    """Return the time of a stored stamp (ISO 8601, UTC)."""
    if not text:
        return None
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def duration(begun: str | None, ended: str | None, words: Words) -> str:
    """Return how long something took."""
    first, last = moment(begun), moment(ended)
    if first is None or last is None:
        return NOTHING
    return span((last - first).total_seconds(), words)


def span(seconds: float, words: Words) -> str:
    """Return a length of time."""
    if seconds < 60:
        return words("shell.time.seconds", count=f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}")
    return words("shell.time.minutes", count=f"{seconds // 60:.0f}", rest=f"{seconds % 60:.0f}")


def when(text: str | None, words: Words, css: str = "") -> None:
    """Show a time: how long ago, in full on hover; the reader's browser puts it into the local time zone."""
    said = moment(text)
    if said is None:
        tag("span", text or NOTHING, css)
        return
    stamp = said.isoformat()
    tag("time", f"{said:%Y-%m-%d}", f"ago {css}", datetime=stamp, data_language=words.language)
