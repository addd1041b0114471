"""A place in a read by key: of everything, or of what changed since a time; and how a cursor keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from connectors.contract import Cursor


@dataclass(frozen=True, slots=True)
class Place:
    """Where a read stands.

    ``since``: only what changed at or after this time is read; ``None`` for everything. ``newest``: the latest change
    there was when the read began; the next read looks for changes from there. ``last``: key of the last record
    delivered; ``done``: how many were. ``complete``: the read came to its end.
    """

    since: str | None = None
    newest: str | None = None
    last: str | None = None
    done: int = 0
    complete: bool = False

    def after(self, key: str, count: int) -> Place:
        """Return the place behind ``count`` more records, the last of which has ``key``."""
        return replace(self, last=key, done=self.done + count)

    def cursor(self, identity: str) -> dict[str, object]:
        """Return the place as a JSON-serialisable cursor."""
        return {
            "of": identity,
            "since": self.since,
            "newest": self.newest,
            "last": self.last,
            "done": self.done,
            "complete": self.complete,
        }


def place_of(cursor: Cursor | None, identity: str) -> Place | None:
    """Return the place of a cursor, ``None`` where there is none or it belongs to another server or dataset."""
    if cursor is None or cursor.get("of") != identity:
        return None

    def text(name: str) -> str | None:
        value = cursor.get(name)
        return None if value is None else str(value)

    return Place(text("since"), text("newest"), text("last"), int(str(cursor["done"])), bool(cursor["complete"]))


def rank(key: str) -> tuple[int, str]:
    """Return what puts keys in order: whole numbers by value, identifiers of one length by code point."""
    return len(key), key


def as_time(text: str) -> datetime:
    """Return the time an ISO 8601 text means; one without offset is UTC."""
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def time_text(time: datetime) -> str:
    """Return a time as a UTC text of one width, so that texts sort as times do; a naive one is UTC."""
    aware = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def earlier(time: str, seconds: float) -> str:
    """Return the time ``seconds`` before another."""
    return time_text(as_time(time) - timedelta(seconds=seconds))
