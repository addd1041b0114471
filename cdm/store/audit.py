"""The audit trail: who did what, each entry chained to the one before by its hash.

``hash = SHA-256(previous hash, number, time, actor, action, subject, detail)``. Whoever edits, removes or reorders an
entry breaks the chain at that place; whoever cuts entries off the end is found out by the counter, or by a hash noted
elsewhere (``cdm audit verify --head``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from cdm.store.bulk import AnyRow, insert_row, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.prepared import Prepared
from cdm.store.seal import broken
from cdm.store.tables import audit, counter

COUNTER = "audit"
GENESIS = "0" * 64
"""What the first entry is chained to."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry: ``subject`` is what was acted on, ``detail`` what the action says of itself."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditProof:
    """What checking the chain found: the number of entries, the hash of the last one, and what is wrong."""

    entries: int
    head: str
    broken_at: int | None = None
    """Number of the first entry that does not fit."""
    why: str = ""
    """``edited``, ``missing``, ``cut off``, ``head unknown``, or ``feed altered``: the entry seals other events."""

    @property
    def sound(self) -> bool:
        """Tell whether the trail is whole."""
        return not self.why


class Audit:
    """The audit trail of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, *, limit: int = 50, before: int | None = None) -> list[AuditEntry]:
        """Return the newest entries first, those before number ``before`` where it is given."""
        query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.seq < before)
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def add(self, act: Act, now: datetime) -> None:
        """Append an entry about something that changed nothing in the hub, e.g. that somebody read it."""
        with self._database.write() as connection:
            log(connection, act, now)

    def verify(self, head: str | None = None) -> AuditProof:
        """Check every entry against the one before it, and the change feed against its seals.

        Args:
            head: a hash noted earlier; it must be one of the trail's.
        """
        with self._database.read() as connection:
            expected = connection.execute(select(counter.c.value).where(counter.c.name == COUNTER)).scalar() or 0
            rows = connection.execute(select(audit).order_by(audit.c.seq), execution_options={"yield_per": 10_000})
            seals: list[tuple[int, Mapping[str, Any]]] = []
            proof = _check(_noting(rows, seals), int(expected), head)
            altered = broken(connection, seals) if proof.sound else None
        return proof if altered is None else replace(proof, broken_at=altered, why="feed altered")


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did."""

    actor: str
    """A user's name, or the job that acted."""
    action: str
    """What was done, e.g. ``merge``."""
    subject: str
    """What it was done to, e.g. a golden id."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON-serialisable; no secrets."""


_HASH = Prepared(lambda _: select(audit.c.hash).where(audit.c.seq == bindparam("seq")))


def log(connection: Connection, act: Act, now: datetime) -> int:
    """Append an entry in the transaction of the action itself; returns its number."""
    seq = take_numbers(connection, COUNTER, 1)[0]
    previous = _HASH(connection, seq=seq - 1).scalar() or GENESIS
    values = {"at": stamp(now), "actor": act.actor, "action": act.action, "subject": act.subject}
    values["detail"] = dump(dict(act.detail))
    chained = _hash(previous, seq, values)
    insert_row(connection, audit, {"seq": seq, "previous": previous, "hash": chained, **values})
    return seq


def _hash(previous: str, seq: int, values: Mapping[str, Any]) -> str:
    content = dump([previous, seq, *(values[name] for name in ("at", "actor", "action", "subject", "detail"))])
    return hashlib.sha256(content.encode()).hexdigest()


def _noting(rows: Iterable[AnyRow], seals: list[tuple[int, Mapping[str, Any]]]) -> Iterator[AnyRow]:
    """Pass entries on and note the seals they hold."""
    for row in rows:
        if '"feed"' in row.detail and "feed" in (detail := load(row.detail)):
            seals.append((row.seq, detail["feed"]))
        yield row


def _check(rows: Iterator[AnyRow], expected: int, head: str | None) -> AuditProof:
    previous, count, met = GENESIS, 0, head is None
    for count, row in enumerate(rows, start=1):
        if row.seq != count:
            return AuditProof(count - 1, previous, count, "missing")
        if row.previous != previous or row.hash != _hash(previous, row.seq, row._asdict()):
            return AuditProof(count - 1, previous, count, "edited")
        previous = row.hash
        met = met or previous == head
    if count != expected:
        return AuditProof(count, previous, count + 1, "cut off")
    return AuditProof(count, previous, None, "" if met else "head unknown")


def _entry(row: AnyRow) -> AuditEntry:
    return AuditEntry(row.seq, row.at, row.actor, row.action, row.subject, load(row.detail), row.hash)
