"""How Tryton writes values in JSON, and domains in an address."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.http.place import as_time, time_text


def decoded(value: Any) -> Any:
    """Return a value with dates, times and decimals in place of ``{"__class__": …}``."""
    if isinstance(value, list):
        return [decoded(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "datetime":
            names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
            return datetime(*(value[name] for name in names))  # noqa: DTZ001 - Tryton's times are UTC and do not say so
        case "date":
            return date(value["year"], value["month"], value["day"])
        case _:
            return {name: decoded(one) for name, one in value.items()}


def time_value(text: str) -> dict[str, object]:
    """Return a UTC time as Tryton writes it."""
    time = as_time(text)
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{name: getattr(time, name) for name in names}}


def in_address(value: object) -> str:
    """Return a domain or an order as a query parameter holds it (base64url of JSON)."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def changed_at(*rows: Mapping[str, Any]) -> str:
    """Return the latest change of a record and its children; one never edited has no ``write_date`` before Tryton 8."""
    times = [row.get(name) for row in rows for name in ("write_date", "create_date")]
    return max((time_text(time) for time in times if isinstance(time, datetime)), default="")
