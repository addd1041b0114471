"""Pairs of source records that a steward should be asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from cdm.store.database import Database
from cdm.store.documents import load
from cdm.store.tables import candidate, crosswalk, source, source_record


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a candidate pair."""

    record_id: int
    source: str
    key: str
    golden_id: str | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records that may be the same customer."""

    left: Side
    right: Side
    entity: str
    probability: float
    explanation: Any
    model: str | None = None
    """Version of the matching model that found the pair."""


class Candidates:
    """The candidates of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, entity: str | None = None, *, limit: int = 100, offset: int = 0) -> list[Candidate]:
        """Return candidates, the most probable first, with both records as they are now."""
        query = _candidates()
        if entity is not None:
            query = query.where(candidate.c.entity == entity)
        order = (candidate.c.probability.desc(), candidate.c.left_id, candidate.c.right_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(*order).limit(limit).offset(offset)).all()
        return [_candidate(tuple(row)) for row in rows]

    def between(self, one: int, other: int) -> Candidate | None:
        """Return the candidate pair of two records, in either order; None where there is none."""
        c = candidate.c
        query = _candidates().where(c.left_id == min(one, other), c.right_id == max(one, other))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _candidate(tuple(row))

    def count(self) -> dict[str, int]:
        """Return entity type → number of candidates."""
        query = (
            select(candidate.c.entity, func.count().label("number"))
            .group_by(candidate.c.entity)
            .order_by(candidate.c.entity)
        )
        with self._database.read() as connection:
            return {row.entity: row.number for row in connection.execute(query)}


def _candidates() -> Select[Any]:
    """Return the query for candidates with both records as they are now."""
    left, right = source_record.alias(), source_record.alias()
    sides = [
        (left, source.alias(), crosswalk.alias(), "left_id"),
        (right, source.alias(), crosswalk.alias(), "right_id"),
    ]
    joined: Any = candidate
    columns: list[Any] = []
    for record, system, link, column in sides:
        joined = joined.join(record, record.c.id == candidate.c[column]).join(system, system.c.id == record.c.source_id)
        joined = joined.outerjoin(link, link.c.record_id == record.c.id)
        columns += [record.c.id, system.c.name, record.c.key, link.c.golden_id, record.c.fields]
    own = (candidate.c.entity, candidate.c.probability, candidate.c.explanation, candidate.c.model)
    return select(*own, *columns).select_from(joined)


def _side(record_id: int, name: str, key: str, golden_id: str | None, fields: str) -> Side:
    return Side(record_id, name, key, golden_id, load(fields))


def _candidate(row: tuple[Any, ...]) -> Candidate:
    entity, probability, explanation, model, *sides = row
    left, right = _side(*sides[:5]), _side(*sides[5:])
    return Candidate(left, right, entity, probability, load(explanation) if explanation else None, model)
