"""Lists of golden records of all types, page by page in the order of their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select

from cdm.store.bulk import AnyRow
from cdm.store.documents import load
from cdm.store.sources import source_id
from cdm.store.tables import crosswalk, golden, source_record


@dataclass(frozen=True, slots=True)
class GoldenFilter:
    """Which live golden records are listed; what is ``None`` or empty does not count."""

    after: str = ""
    """Only ids above this one."""
    limit: int = 50
    entity: str = ""
    source: str = ""
    """Only those with a record of this source."""
    records_from: int | None = None
    """Only those of so many source records or more."""
    quality_below: float | None = None
    """Only those whose quality score is below this."""
    changed_since: str = ""
    """Only those that changed at this time (as the store writes times) or later."""


@dataclass(frozen=True, slots=True)
class GoldenItem:
    """One golden record in a list."""

    id: str
    entity: str
    version: int
    fields: Mapping[str, Any]
    members: int
    score_total: float | None
    created_at: str
    changed_at: str


def list_golden(connection: Connection, wanted: GoldenFilter) -> list[GoldenItem]:
    """Return one page; raises ``NotFound`` where there is no such source."""
    g = golden.c
    columns = (g.id, g.entity, g.version, g.fields, g.members, g.score_total, g.created_at, g.changed_at)
    query = select(*columns).where(g.retired_at.is_(None), g.id > wanted.after, *_conditions(connection, wanted))
    return [_item(row) for row in connection.execute(query.order_by(g.id).limit(wanted.limit))]


def _conditions(connection: Connection, wanted: GoldenFilter) -> list[ColumnElement[bool]]:
    g, found = golden.c, list[ColumnElement[bool]]()
    if wanted.entity:
        found.append(g.entity == wanted.entity)
    if wanted.records_from is not None:
        found.append(g.members >= wanted.records_from)
    if wanted.quality_below is not None:
        found.append(g.score_total < wanted.quality_below)
    if wanted.changed_since:
        found.append(g.changed_at >= wanted.changed_since)
    if wanted.source:
        r, c, number = source_record.c, crosswalk.c, source_id(connection, wanted.source)
        member = select(c.record_id).join(source_record, r.id == c.record_id)
        found.append(exists(member.where(c.golden_id == g.id, r.source_id == number)))
    return found


def _item(row: AnyRow) -> GoldenItem:
    return GoldenItem(
        id=row.id,
        entity=row.entity,
        version=row.version,
        fields=load(row.fields),
        members=row.members,
        score_total=row.score_total,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
