"""Tryton's REST API, as far as the connector asks: search of one model with a domain, an order and a limit."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fake_server import Answer, Asked, FakeServer

KEY = "k3y"
NEVER = datetime.min.replace(tzinfo=UTC)
NAMES = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def at(text: str) -> dict[str, Any]:
    time = datetime.fromisoformat(text)
    return {"__class__": "datetime", **{name: getattr(time, name) for name in NAMES}}


def party(number: int, name: str, changed: str | None, **given: Any) -> dict[str, Any]:
    """A party as Tryton gives it; it was created on the first of January and edited at ``changed``."""
    plain = {"id": number, "__name__": "party.party", "name": name, "code": f"C{number}", "active": True}
    stamps = {"create_date": at("2026-01-01T08:00:00"), "write_date": changed and at(changed)}
    children: dict[str, Any] = {"addresses": [], "contact_mechanisms": [], "identifiers": []}
    return {**plain, **stamps, **children, "replaced_by": None, "lang": None, "tax_identifier": None, **given}


def contact(kind: str, value: str, changed: str | None = None, active: bool = True) -> dict[str, Any]:
    stamps = {"create_date": at("2026-01-01T08:00:00"), "write_date": changed and at(changed)}
    return {"id": 1, "type": kind, "value": value, "active": active, **stamps}


class FakeTryton(FakeServer):
    def __init__(self, *parties: dict[str, Any]) -> None:
        super().__init__()
        self.parties = list(parties)
        self.deaf: set[str] = set()
        """Parameters the server ignores."""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != f"Bearer {KEY}":
            return Answer(b"<title>401 Unauthorized</title>", 401, {"Content-Type": "text/html"})
        parts = urlsplit(asked.path)
        if not parts.path.startswith("/erp/"):
            return Answer(b"<h1>Not Found</h1>", 404, {"Content-Type": "text/html"})
        if parts.path.endswith("/search_count"):
            return Answer.json(len(self.parties))
        given = {name: values[0] for name, values in parse_qs(parts.query).items() if name not in self.deaf}
        domain = json.loads(base64.urlsafe_b64decode(given["d"])) if "d" in given else []
        rows = self._rows(parts.path.rpartition("/")[2])
        rows = [row for row in rows if all(holds(row, clause) for clause in domain)]
        if "o" in given:
            ((column, direction),) = json.loads(base64.urlsafe_b64decode(given["o"]))
            rows.sort(key=lambda row: plain(row[column]), reverse=direction == "DESC")
        return Answer.json(rows[: int(given.get("s", len(rows)))])

    def _rows(self, model: str) -> list[dict[str, Any]]:
        if model == "party.party":
            return self.parties
        name = {"party.address": "addresses", "party.contact_mechanism": "contact_mechanisms"}.get(model, "identifiers")
        return [child for one in self.parties for child in one[name]]


def holds(row: dict[str, Any], clause: list[Any]) -> bool:
    """Tell whether a row meets a clause of a domain."""
    if clause[0] == "OR":
        return any(holds(row, one) for one in clause[1:])
    if isinstance(clause[0], list):
        return all(holds(row, one) for one in clause)
    name, operator, value = clause
    found = row[name]
    match operator:
        case "where":
            return any(all(holds(child, one) for one in value) for child in found)
        case "in":
            return found in value
        case "!=":
            return found != value
        case ">":
            return plain(found) > plain(value)
        case _:
            return found is not None and plain(found) >= plain(value)


def plain(value: Any) -> Any:
    if value is None:
        return NEVER
    return datetime(*(value[name] for name in NAMES), tzinfo=UTC) if isinstance(value, dict) else value
