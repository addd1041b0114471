"""What a search before create reads: all of it in one transaction, so that it sees one state of the hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from cdm.store.bulk import one_of
from cdm.store.database import Database
from cdm.store.documents import load
from cdm.store.keys import behind
from cdm.store.tables import crosswalk, golden, matched, source, source_record


@dataclass(frozen=True, slots=True)
class Known:
    """One live source record as it is compared with others."""

    id: int
    source: str
    key: str
    golden_id: str | None
    """Where it belongs; ``None`` where no run has seen it yet."""
    fields: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]


class Lookups:
    """Searches before create in one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def begin(self, entity: str) -> Iterator[Reading]:
        """Yield one state of the records of an entity type."""
        with self._database.read() as connection:
            yield Reading(connection, entity)


class Reading:
    """One state of the records of one entity type."""

    def __init__(self, connection: Connection, entity: str) -> None:
        self._connection, self._entity = connection, entity

    def model(self) -> str | None:
        """Return the version of the model under which all records were last matched, ``None`` where none was."""
        found = select(matched.c.model).where(matched.c.entity == self._entity)
        return self._connection.execute(found).scalar()

    def behind(self, keys: Sequence[int], most: int) -> list[tuple[int, int, int]]:
        """Return key, record id and content of up to ``most`` records behind each key."""
        if not keys:
            return []
        rows = self._connection.execute(behind(self._connection, keys, most))
        return [(key, record, content) for key, record, content in rows]

    def everyone(self) -> list[int]:
        """Return all records that belong to a golden record, in order."""
        c = crosswalk.c
        query = select(c.record_id).select_from(crosswalk.join(golden)).where(golden.c.entity == self._entity)
        return list(self._connection.execute(query.order_by(c.record_id)).scalars())

    def records(self, ids: Sequence[int]) -> list[Known]:
        """Return the live ones among some records, in the order of their ids."""
        r = source_record.c
        query = select(r.id, source.c.name, r.key, crosswalk.c.golden_id, r.fields, r.findings)
        joined = source_record.join(source, source.c.id == r.source_id)
        query = query.select_from(joined.outerjoin(crosswalk, crosswalk.c.record_id == r.id))
        query = query.where(one_of(self._connection, r.id, ids), r.entity == self._entity, r.deleted_at.is_(None))
        rows = self._connection.execute(query.order_by(r.id))
        return [Known(i, name, key, home, load(fields), load(said)) for i, name, key, home, fields, said in rows]

    def golden(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return golden id → values of some golden records."""
        g = golden.c
        rows = self._connection.execute(select(g.id, g.fields).where(one_of(self._connection, g.id, ids)))
        return {identity: load(fields) for identity, fields in rows}
