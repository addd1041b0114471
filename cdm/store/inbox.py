"""Records that programs send: stored, answered and remembered in one transaction, so that sending twice is harmless."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, delete, insert, select

from cdm.store.access_tables import push_request
from cdm.store.audit import Act, log
from cdm.store.bulk import one_of, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.events import last_number
from cdm.store.ingest import write_page
from cdm.store.page import Page, latest_rows, usable_rows
from cdm.store.quarantine import KEY_REPEATED
from cdm.store.runs import FINISHED, PUSH
from cdm.store.sources import source_id
from cdm.store.tables import run, source_record

REMEMBERED = timedelta(days=7)
"""How long the answer to a request is kept for whoever repeats it."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who sends something, under which key, and the SHA-256 of it; without a key nothing is remembered."""

    actor: str
    key: str
    content: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Rows of one source; ``table`` as :data:`cdm.store.page.RECORD_PAGE`."""

    source: str
    table: pa.Table
    party_source: str | None


@dataclass(frozen=True, slots=True)
class RowFate:
    """What became of one row: ``created``, ``updated``, ``unchanged`` or ``quarantined`` (then with the reason)."""

    key: str | None
    status: str
    code: str = ""
    reason: str = ""


class Inbox:
    """What programs sent to one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answered(self, request: Request) -> tuple[bool, Any] | None:
        """Return whether the content is the same, and the answer, of the request with this key; ``None`` if new."""
        with self._database.read() as connection:
            return _answered(connection, request)

    def take(
        self, sent: Sent, request: Request, now: datetime, answer: Callable[[int, Sequence[RowFate]], Mapping[str, Any]]
    ) -> tuple[bool, Any]:
        """Store rows and the answer to the request; where it was answered meanwhile, return that.

        Args:
            sent: the rows.
            request: who sends them.
            now: the present time.
            answer: makes the answer of the run's number and what became of each row; JSON-serialisable.

        Returns:
            Whether the content is that of the request, and the answer to it.

        Raises:
            NotFound: there is no such source.
            StoreError: the database refused; nothing is stored.
        """
        with self._database.write() as connection:
            number = source_id(connection, sent.source, alone=True)
            known = _answered(connection, request)
            if known is not None:
                return known
            run_id, fates = _store(connection, number, sent, request.actor, now)
            said = answer(run_id, fates)
            if request.key:
                _remember(connection, request, now, said)
        return True, said


def _answered(connection: Connection, request: Request) -> tuple[bool, Any] | None:
    p = push_request.c
    query = select(p.content, p.answer).where(p.actor == request.actor, p.key == request.key)
    row = connection.execute(query).first() if request.key else None
    return None if row is None else (row.content == request.content, load(row.answer))


def _remember(connection: Connection, request: Request, now: datetime, said: Mapping[str, Any]) -> None:
    connection.execute(delete(push_request).where(push_request.c.at < stamp(now - REMEMBERED)))
    values = {"actor": request.actor, "key": request.key, "content": request.content}
    connection.execute(insert(push_request).values(**values, at=stamp(now), answer=dump(dict(said))))


def _store(connection: Connection, number: int, sent: Sent, actor: str, now: datetime) -> tuple[int, list[RowFate]]:
    run_id = take_numbers(connection, "run", 1)[0]
    values = {"id": run_id, "kind": PUSH, "source_id": number, "started_at": stamp(now), "finished_at": stamp(now)}
    connection.execute(insert(run).values(**values, status=FINISHED, stats="{}", last_event=last_number(connection)))
    page = Page.of(sent.table, number, run_id, now, sent.party_source)
    before = _versions(connection, number, page)
    counts = write_page(connection, page, [])
    figures = {"inserted": counts.inserted, "updated": counts.updated + counts.revived, "unchanged": counts.unchanged}
    stats = {**figures, "quarantined": counts.quarantined}
    connection.execute(run.update().where(run.c.id == run_id).values(stats=dump(stats)))
    log(connection, Act(actor, "push", sent.source, {"run": run_id, **stats}), now)
    return run_id, _fates(page, before, _versions(connection, number, page))


def _versions(connection: Connection, number: int, page: Page) -> dict[str, tuple[int, str]]:
    r = source_record.c
    keys = sorted({key for key in page.columns["key"] if key and "\x00" not in key})
    query = select(r.key, r.version, r.content_hash)
    rows = connection.execute(query.where(r.source_id == number, one_of(connection, r.key, keys)))
    return {row.key: (row.version, row.content_hash) for row in rows}


def _fates(page: Page, before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]) -> list[RowFate]:
    usable, entries = usable_rows(page)
    good, refused, beaten = set(usable), iter(entries), set(latest_rows(page, usable)[1])
    fates = []
    for row, key in enumerate(page.columns["key"]):
        if row not in good:
            entry = next(refused)
            fates.append(RowFate(entry.key, "quarantined", entry.code, entry.reason))
        elif after[key][1] != page.columns["content_hash"][row]:
            entry = page.repeated(row)
            fates.append(RowFate(key, "quarantined", KEY_REPEATED, entry.reason))
        elif row in beaten or before.get(key) == after[key]:
            fates.append(RowFate(key, "unchanged"))
        else:
            fates.append(RowFate(key, "updated" if key in before else "created"))
    return fates
