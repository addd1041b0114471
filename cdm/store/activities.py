"""Transactions, interactions and behaviours: they hang on source records and follow them from golden to golden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
from sqlalchemy import FromClause, and_, func, select

from cdm.store.database import Database
from cdm.store.documents import load
from cdm.store.records import SourceRecord, as_record
from cdm.store.tables import activity, crosswalk, source, source_record


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What one activity says."""

    entity: str
    occurred_at: str | None
    fields: Mapping[str, Any]


class Activities:
    """The activities of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_golden(self, golden_id: str, limit: int = 100) -> list[SourceRecord]:
        """Return the activities of a golden record, the latest first."""
        system = source.alias()
        joined = _linked().join(system, system.c.id == source_record.c.source_id)
        query = select(source_record, system.c.name).select_from(joined).where(crosswalk.c.golden_id == golden_id)
        order = (activity.c.occurred_at.desc(), source_record.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(*order).limit(limit)).all()
        return [as_record(row, row.name, row.key) for row in rows]

    def facts(self, golden_id: str) -> list[ActivityFacts]:
        """Return what all activities of a golden record say, the latest first."""
        r = source_record.c
        query = select(r.entity, activity.c.occurred_at, r.fields).select_from(_linked())
        query = query.where(crosswalk.c.golden_id == golden_id).order_by(activity.c.occurred_at.desc(), r.id)
        with self._database.read() as connection:
            return [ActivityFacts(row.entity, row.occurred_at, load(row.fields)) for row in connection.execute(query)]

    def links(self, entity: str) -> pa.Table:
        """Return record_id, golden_id (null where the customer is unknown), occurred_at of all activities of a type."""
        query = select(source_record.c.id, crosswalk.c.golden_id, activity.c.occurred_at).select_from(
            _linked(outer=True)
        )
        query = query.where(source_record.c.entity == entity).order_by(source_record.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        ids, goldens, times = zip(*rows, strict=True) if rows else ((), (), ())
        columns = {"record_id": pa.array(ids, pa.int64()), "golden_id": pa.array(goldens, pa.string())}
        return pa.table({**columns, "occurred_at": pa.array(times, pa.string())})

    def count(self) -> dict[str, tuple[int, int]]:
        """Return entity type → (activities of a known customer, activities whose customer is not in the hub)."""
        query = select(source_record.c.entity, func.count(crosswalk.c.golden_id), func.count())
        query = query.select_from(_linked(outer=True)).group_by(source_record.c.entity)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(source_record.c.entity)).all()
        return {entity: (linked, total - linked) for entity, linked, total in rows}


@cache
def _linked(*, outer: bool = False) -> FromClause:
    """Join live activities with the customers they name: activity → source and key → record → golden id."""
    party, system = source_record.alias(), source.alias()
    live = and_(source_record.c.id == activity.c.record_id, source_record.c.deleted_at.is_(None))
    named = and_(party.c.source_id == system.c.id, party.c.key == activity.c.party_key)
    return (
        activity.join(source_record, live)
        .join(system, system.c.name == activity.c.party_source, isouter=outer)
        .join(party, named, isouter=outer)
        .join(crosswalk, crosswalk.c.record_id == party.c.id, isouter=outer)
    )
