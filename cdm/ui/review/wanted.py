"""Which cases are looked at, in the address of the page: it survives a reload and can be sent to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from cdm.service.review_shapes import QueueQuery
from cdm.store.review_queue import Order

BANDS: Mapping[str, Mapping[str, float]] = {
    "low": {"likely_to": 0.3},
    "middle": {"likely_from": 0.3, "likely_to": 0.6},
    "high": {"likely_from": 0.6},
}
"""Bands of probability."""
SCORES: Mapping[str, float] = {"low": 70, "middle": 85}
DAYS: Mapping[str, int] = {"week": 7, "month": 30}
NAMES = ("entity", "source", "reason", "likely", "score", "days", "order", "state")
"""What the address may say."""


def said(address: Mapping[str, str]) -> dict[str, str]:
    """Return what an address says of the queue; what it may not say is left out."""
    allowed = {"likely": BANDS, "score": SCORES, "days": DAYS, "order": {one.value: one for one in Order}}
    found = {name: address.get(name, "") for name in NAMES}
    return {name: value for name, value in found.items() if value and value in allowed.get(name, {value: ""})}


def query(choice: Mapping[str, str]) -> QueueQuery:
    """Return which cases are asked for."""
    asked: dict[str, Any] = {name: choice[name] for name in ("entity", "source", "reason", "order") if name in choice}
    asked |= BANDS.get(choice.get("likely", ""), {})
    if "score" in choice:
        asked["score_to"] = SCORES[choice["score"]]
    if "days" in choice:
        asked["days"] = DAYS[choice["days"]]
    return QueueQuery(**asked, deferred=choice.get("state") == "deferred")


def address(path: str, choice: Mapping[str, str]) -> str:
    """Return the address of a page of the review."""
    return f"{path}?{urlencode(choice)}" if choice else path
