"""What a search before create reads: all of it in one transaction, so that it sees one state of the hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from cdm.store.database import Database
from cdm.store.documents import load
from cdm.store.keys import behind
from cdm.store.prepared import Prepared, among
from cdm.store.tables import crosswalk, golden, matched, source, source_record


def _records(dialect: str) -> Select[Any]:
    r = source_record.c
    query = select(r.id, source.c.name, r.key, crosswalk.c.golden_id, r.fields, r.findings)
    joined = source_record.join(source, source.c.id == r.source_id)
    query = query.select_from(joined.outerjoin(crosswalk, crosswalk.c.record_id == r.id))
    live = query.where(among(dialect, r.id, "ids"), r.entity == bindparam("entity"), r.deleted_at.is_(None))
    return live.order_by(r.id)


_RECORDS = Prepared(_records)
_GOLDEN = Prepared(lambda dialect: select(golden.c.id, golden.c.fields).where(among(dialect, golden.c.id, "ids")))
_MODEL = Prepared(lambda _: select(matched.c.model).where(matched.c.entity == bindparam("entity")))


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
        found: str | None = _MODEL(self._connection, entity=self._entity).scalar()
        return found

    def behind(self, keys: Sequence[int], most: int) -> list[tuple[int, int, int]]:
        """Return key, record id and content of up to ``most`` records behind each key."""
        if not keys:
            return []
        rows = behind(self._connection, keys=list(keys), most=most)
        return [(row.key, row.record_id, row.content) for row in rows]

    def everyone(self) -> list[int]:
        """Return all records that belong to a golden record, in order."""
        c = crosswalk.c
        query = select(c.record_id).select_from(crosswalk.join(golden)).where(golden.c.entity == self._entity)
        return list(self._connection.execute(query.order_by(c.record_id)).scalars())

    def records(self, ids: Sequence[int]) -> list[Known]:
        """Return the live ones among some records, in the order of their ids."""
        rows = _RECORDS(self._connection, ids=list(ids), entity=self._entity)
        return [Known(row.id, row.name, row.key, row.golden_id, load(row.fields), load(row.findings)) for row in rows]

    def golden(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return golden id → values of some golden records."""
        rows = _GOLDEN(self._connection, ids=list(ids))
        return {row.id: load(row.fields) for row in rows}
