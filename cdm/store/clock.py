"""Times as the store keeps them."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(now: datetime) -> str:
    """Return a time as UTC text of fixed width, e.g. ``2026-01-02T03:04:05.000006Z``, which sorts as the time does.

    Args:
        now: a time with a time zone.

    Raises:
        ValueError: it has none.
    """
    if now.tzinfo is None:
        raise ValueError("the hub's clock must carry a time zone")
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
