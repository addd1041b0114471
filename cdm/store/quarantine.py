"""Rows that could not become source records: kept whole, with the reason, until they are dealt with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xxhash
from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update

from cdm.store.bulk import AnyRow, insert_rows, one_of, take_numbers, update_rows
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.sources import source_id
from cdm.store.tables import quarantine, source
from connectors.contract import Reject

KEY_REPEATED = "key_repeated"
"""Another row of the same read has the same key and is the later one."""
DISMISSED = "dismissed"
"""Resolution of a row that a person has looked at and wants to hear of no more."""
GONE = "gone"
"""Resolution of a row that the source no longer has."""
RETRIED = "retried"
"""Resolution of a row that became a source record after all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row on its way into quarantine."""

    code: str
    key: str | None
    origin: str
    reason: str
    raw: str
    staged: str | None = None
    """The standardised row, where it got so far (JSON)."""
    content_hash: str | None = None

    @classmethod
    def of_reject(cls, reject: Reject) -> Entry:
        """Return the entry of a row that the connector or the pipeline refused."""
        return cls(reject.code, None, reject.origin, reject.reason, dump(dict(reject.raw)))


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row in quarantine."""

    id: int
    source: str
    code: str
    key: str | None
    origin: str
    reason: str
    raw: Mapping[str, str]
    run_id: int
    first_seen_at: str
    resolved_at: str | None
    resolution: str | None

    def excerpt(self, width: int = 100) -> str:
        """Return the row in one line of at most ``width`` characters, e.g. ``姓名=李雷, 电话=138``."""
        line = ", ".join(f"{name}={value}" for name, value in self.raw.items() if value)
        return line if len(line) <= width else line[: width - 1] + "…"


class Quarantine:
    """The quarantine of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self, source_name: str | None = None, limit: int = 100, *, after: int = 0, resolved: bool = False
    ) -> list[Quarantined]:
        """Return rows in quarantine, oldest first.

        Args:
            source_name: of one source only.
            limit: most rows that are returned.
            after: number of the last row of the page before.
            resolved: True to see those that were dealt with as well.

        Raises:
            NotFound: there is no source of that name.
        """
        query = _select().where(quarantine.c.id > after).order_by(quarantine.c.id).limit(limit)
        if not resolved:
            query = query.where(quarantine.c.resolved_at.is_(None))
        with self._database.read() as connection:
            if source_name is not None:
                query = query.where(quarantine.c.source_id == source_id(connection, source_name))
            return [_quarantined(row) for row in connection.execute(query)]

    def repeated_keys(self, source_name: str) -> Sequence[str]:
        """Return the key of every row that stands aside for another row of its key; raises ``NotFound``."""
        q = quarantine.c
        with self._database.read() as connection:
            of_source = q.source_id == source_id(connection, source_name)
            query = select(q.key).where(of_source, q.code == KEY_REPEATED, q.resolved_at.is_(None), q.key.is_not(None))
            return connection.execute(query.order_by(q.id)).scalars().all()

    def count(self) -> dict[str, dict[str, int]]:
        """Return source → code → number of rows not dealt with."""
        query = select(source.c.name, quarantine.c.code, func.count()).select_from(quarantine.join(source))
        query = query.where(quarantine.c.resolved_at.is_(None)).group_by(source.c.name, quarantine.c.code)
        counts: dict[str, dict[str, int]] = {}
        with self._database.read() as connection:
            for name, code, number in connection.execute(query.order_by(source.c.name, quarantine.c.code)):
                counts.setdefault(name, {})[code] = number
        return counts

    def resolve(self, ids: Sequence[int], resolution: str, now: datetime) -> int:
        """Say that rows were dealt with (``retried`` or ``dismissed``); returns how many were still open."""
        condition = quarantine.c.resolved_at.is_(None)
        with self._database.write() as connection:
            return settle(connection, and_(condition, one_of(connection, quarantine.c.id, ids)), resolution, now)


def hold(connection: Connection, number: int, run_id: int, now: datetime, entries: Sequence[Entry]) -> int:
    """Put rows into quarantine, each once however often it is met.

    Args:
        connection: an open write transaction.
        number: the source's number.
        run_id: the run that met them.
        now: the present time.
        entries: the rows.

    Returns:
        How many were not in quarantine already.
    """
    prints = {_fingerprint(entry): entry for entry in entries}
    known = _known(connection, number, list(prints))
    again = [row.id for row in known.values()]
    reopened = [row.id for row in known.values() if row.resolution not in {None, DISMISSED}]
    update_rows(connection, quarantine, "id", {"id": again, "seen_run_id": [run_id] * len(again)})
    nothing = [None] * len(reopened)
    update_rows(connection, quarantine, "id", {"id": reopened, "resolved_at": nothing, "resolution": nothing})
    new = {mark: entry for mark, entry in prints.items() if mark not in known}
    _insert(connection, number, run_id, now, new)
    return len(new) + len(reopened)


def settle(connection: Connection, condition: ColumnElement[bool], resolution: str, now: datetime) -> int:
    """Mark the rows that meet a condition as dealt with; returns how many."""
    values = {"resolved_at": stamp(now), "resolution": resolution}
    return connection.execute(update(quarantine).where(condition).values(values)).rowcount


def _known(connection: Connection, number: int, prints: list[str]) -> dict[str, AnyRow]:
    query = select(quarantine.c.fingerprint, quarantine.c.id, quarantine.c.resolution)
    query = query.where(quarantine.c.source_id == number, one_of(connection, quarantine.c.fingerprint, prints))
    return {row.fingerprint: row for row in connection.execute(query)}


def _insert(connection: Connection, number: int, run_id: int, now: datetime, new: Mapping[str, Entry]) -> None:
    count = len(new)
    names = ("code", "key", "origin", "reason", "raw", "staged", "content_hash")
    entries = list(new.values())
    columns: dict[str, Sequence[Any]] = {
        "id": list(take_numbers(connection, "quarantine", count)),
        "source_id": [number] * count,
        "fingerprint": list(new),
        **{name: [getattr(entry, name) for entry in entries] for name in names},
        "run_id": [run_id] * count,
        "first_seen_at": [stamp(now)] * count,
        "seen_run_id": [run_id] * count,
    }
    insert_rows(connection, quarantine, columns)


def _fingerprint(entry: Entry) -> str:
    return xxhash.xxh3_128_hexdigest(
        "\x1f".join((entry.code, entry.key or "", entry.content_hash or entry.raw)).encode()
    )


def _select() -> Select[Any]:
    return select(quarantine, source.c.name).select_from(quarantine.join(source))


def _quarantined(row: AnyRow) -> Quarantined:
    return Quarantined(
        row.id,
        row.name,
        row.code,
        row.key,
        row.origin,
        row.reason,
        load(row.raw),
        row.run_id,
        row.first_seen_at,
        row.resolved_at,
        row.resolution,
    )
