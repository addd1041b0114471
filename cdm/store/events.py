"""The change feed: every change of a golden record, written in the transaction that makes the change.

Events are numbered from 1 without gaps, in the order in which their transactions became durable: the number is taken
from a counter row that a transaction holds until it ends. Whoever has seen event ``n`` has missed nothing before it.
An event tells which version of the golden record it brought about; its values are read from the versions, so that the
feed costs a line per change and can be replayed from any point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, union_all

from cdm.store.bulk import AnyRow, insert_rows, one_of, take_numbers
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.prepared import Prepared
from cdm.store.tables import counter, event, golden, golden_version, source, source_record

COUNTER = "event"
AT_A_TIME = 2_000


class Change(StrEnum):
    """What became of a golden record."""

    CREATED = "created"
    """It is new; ``related`` are the golden records its source records came from."""
    UPDATED = "updated"
    """Its values or its source records changed; ``related`` are the ones it took source records from."""
    SPLIT = "split"
    """It gave source records away and lives on; ``related`` are the ones that took them."""
    MERGED = "merged"
    """It is retired; ``related`` are the golden records that took its source records."""
    RETIRED = "retired"
    """It is retired and nothing took over: its source records are gone."""
    RESTORED = "restored"
    """It had been retired and lives again; ``related`` are the ones its source records came from."""


GONE = frozenset({Change.MERGED, Change.RETIRED})
"""After these a copy holds the golden record no more; after all others it holds the state the event tells."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event about to be written; ``members`` are the ids of the source records it has afterwards."""

    golden_id: str
    kind: Change
    version: int
    members: str
    """JSON list of record ids, in order."""
    related: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """What led to some events: the run, when, and the steward's decision where there was one."""

    entity: str
    run_id: int
    at: str
    decision_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one golden record, and what it looked like afterwards."""

    seq: int
    at: str
    run_id: int
    entity: str
    golden_id: str
    kind: Change
    version: int
    related: Sequence[str]
    decision_id: int | None
    fields: Mapping[str, Any]
    members: Sequence[tuple[str, str]]
    """Source and key of every source record it had afterwards."""
    changed: Sequence[str]
    """Fields whose values differ from the version before."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """How a golden record was retired; ``successors`` took its source records."""

    golden_id: str
    entity: str
    at: str
    kind: Change
    successors: Sequence[str]


class Events:
    """The change feed of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self) -> int:
        """Return the number of the newest event, 0 where there is none."""
        with self._database.read() as connection:
            return last_number(connection)

    def since(self, seq: int = 0, *, limit: int | None = None, entity: str | None = None) -> Iterator[Event]:
        """Yield the events after number ``seq`` in their order.

        Args:
            seq: number of the last event the reader has seen; 0 for all.
            limit: how many at most.
            entity: of one entity type only (the numbers then have gaps, which is no loss).
        """
        left = limit
        while left is None or left > 0:
            wanted = AT_A_TIME if left is None else min(AT_A_TIME, left)
            with self._database.read() as connection:
                found = _page(connection, seq, wanted, entity)
            yield from found
            if len(found) < wanted:
                return
            seq = found[-1].seq
            left = None if left is None else left - len(found)

    def touched(self, seq: int) -> tuple[int, list[str]]:
        """Return the number of the newest event, and the golden records that events after number ``seq`` tell of."""
        with self._database.read() as connection:
            query = select(event.c.golden_id).where(event.c.seq > seq).distinct().order_by(event.c.golden_id)
            return last_number(connection), list(connection.execute(query).scalars())

    def farewells(self, ids: Sequence[str] | None = None) -> list[Farewell]:
        """Return how golden records that are no more were retired, of some ids or of all, in the order of their ids."""
        e = event.c
        with self._database.read() as connection:
            last = select(func.max(e.seq)).group_by(e.golden_id)
            if ids is not None:
                last = last.where(one_of(connection, e.golden_id, ids))
            gone = e.kind.in_([kind.value for kind in GONE])
            query = select(e.golden_id, e.entity, e.at, e.kind, e.related).where(e.seq.in_(last), gone)
            rows = connection.execute(query.order_by(e.golden_id)).all()
        return [Farewell(r.golden_id, r.entity, r.at, Change(r.kind), load(r.related)) for r in rows]


_LAST = Prepared(lambda _: select(counter.c.value).where(counter.c.name == bindparam("name")))


def last_number(connection: Connection) -> int:
    """Return the number of the newest event."""
    return int(_LAST(connection, name=COUNTER).scalar() or 0)


def write_events(connection: Connection, events: Sequence[NewEvent], origin: Origin) -> None:
    """Append events in their order; they become visible with the change they tell of.

    Args:
        connection: the transaction that makes the change.
        events: in the order in which they are numbered.
        origin: what led to them.
    """
    numbers = take_numbers(connection, COUNTER, len(events))
    count = len(events)
    columns: dict[str, Sequence[Any]] = {
        "seq": list(numbers),
        "at": [origin.at] * count,
        "run_id": [origin.run_id] * count,
        "entity": [origin.entity] * count,
        "golden_id": [one.golden_id for one in events],
        "kind": [one.kind.value for one in events],
        "version": [one.version for one in events],
        "members": [one.members for one in events],
        "related": [dump(list(one.related)) for one in events],
        "decision_id": [origin.decision_id] * count,
    }
    insert_rows(connection, event, columns)


def _page(connection: Connection, seq: int, limit: int, entity: str | None) -> list[Event]:
    query = select(event).where(event.c.seq > seq)
    if entity is not None:
        query = query.where(event.c.entity == entity)
    rows = connection.execute(query.order_by(event.c.seq).limit(limit)).all()
    versions = _versions(connection, sorted({row.golden_id for row in rows}))
    keys = _keys(connection, sorted({member for row in rows for member in load(row.members)}))
    return [_event(row, versions, keys) for row in rows]


def _versions(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    """Return the values of every version of some golden records."""
    sides = [
        select(t.c.id, t.c.version, t.c.fields).where(one_of(connection, t.c.id, ids)) for t in (golden, golden_version)
    ]
    return {(row.id, row.version): row.fields for row in connection.execute(union_all(*sides))}


def _keys(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    r = source_record.c
    query = select(r.id, source.c.name, r.key).select_from(source_record.join(source))
    return {row.id: (row.name, row.key) for row in connection.execute(query.where(one_of(connection, r.id, ids)))}


def _event(row: AnyRow, versions: Mapping[tuple[str, int], str], keys: Mapping[int, tuple[str, str]]) -> Event:
    fields = load(versions[row.golden_id, row.version])
    before = versions.get((row.golden_id, row.version - 1))
    known: dict[str, Any] = load(before) if before is not None else {}
    return Event(
        seq=row.seq,
        at=row.at,
        run_id=row.run_id,
        entity=row.entity,
        golden_id=row.golden_id,
        kind=Change(row.kind),
        version=row.version,
        related=load(row.related),
        decision_id=row.decision_id,
        fields=fields,
        members=[keys[member] for member in load(row.members)],
        changed=sorted(name for name in {*fields, *known} if fields.get(name) != known.get(name)),
    )
