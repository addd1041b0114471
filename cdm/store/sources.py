"""Registered source systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from cdm.errors import Conflict, NotFound
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.tables import source
from schemas.mapping import ColumnMapping, Mapping, PartyReference, Route
from schemas.source import SourceSpec


class Sources:
    """The sources of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, spec: SourceSpec, now: datetime, by: str = "hub") -> SourceSpec:
        """Register a source.

        Args:
            spec: the source; its name is new.
            now: the present time.
            by: who registers it.

        Returns:
            The source as stored.

        Raises:
            Conflict: there is a source of that name already.
        """
        with self._database.write() as connection:
            if connection.execute(select(source.c.id).where(source.c.name == spec.name)).scalar() is not None:
                raise Conflict(
                    f"There is a source named '{spec.name}' already.",
                    remedy="Choose another name, or remap the present one with 'cdm source map'.",
                    source=spec.name,
                )
            number = take_numbers(connection, "source", 1)[0]
            at = stamp(now)
            connection.execute(insert(source).values(id=number, created_at=at, changed_at=at, **_columns(spec)))
            log(connection, _act("source added", spec, by), now)
        return spec

    def update(self, spec: SourceSpec, now: datetime, by: str = "hub") -> SourceSpec:
        """Replace what is stored under the name of ``spec`` (location, options, trust, mapping).

        Raises:
            NotFound: there is no source of that name.
        """
        with self._database.write() as connection:
            number = source_id(connection, spec.name)
            values = {**_columns(spec), "changed_at": stamp(now)}
            connection.execute(update(source).where(source.c.id == number).values(values))
            log(connection, _act("source changed", spec, by), now)
        return spec

    def get(self, name: str) -> SourceSpec:
        """Return the source of that name; raises ``NotFound``."""
        with self._database.read() as connection:
            source_id(connection, name)
            return _spec(connection.execute(select(source).where(source.c.name == name)).one())

    def list(self) -> list[SourceSpec]:
        """Return all sources in the order in which they were registered."""
        with self._database.read() as connection:
            return [_spec(row) for row in connection.execute(select(source).order_by(source.c.id))]


def source_id(connection: Connection, name: str, *, alone: bool = False) -> int:
    """Return the number of a source.

    Args:
        connection: any transaction; a write transaction where ``alone``.
        name: the source.
        alone: until the transaction ends no other one writes records of this source (on SQLite none writes at all).

    Raises:
        NotFound: there is none of that name; says which there are.
    """
    query = select(source.c.id).where(source.c.name == name)
    number = connection.execute(query.with_for_update() if alone else query).scalar()
    if number is None:
        known = ", ".join(connection.execute(select(source.c.name).order_by(source.c.name)).scalars())
        raise NotFound(
            f"There is no source named '{name}'.",
            remedy=f"Use one of: {known}." if known else "Register it with 'cdm source add'.",
            source=name,
        )
    return int(number)


def _act(action: str, spec: SourceSpec, by: str) -> Act:
    """Return the audit entry of a source; its location and options may hold secrets and stand for themselves."""
    mapping = load(_mapping_document(spec.mapping)) if spec.mapping else None
    about = {"connector": spec.connector, "trust": spec.trust, "mapping": mapping}
    if spec.schedule:
        about["schedule"] = spec.schedule
    return Act(by, action, spec.name, about)


def _columns(spec: SourceSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "connector": spec.connector,
        "location": spec.location,
        "options": dump(dict(spec.options)),
        "trust": spec.trust,
        "mapping": _mapping_document(spec.mapping) if spec.mapping else None,
        "schedule": spec.schedule or None,
    }


def _spec(row: AnyRow) -> SourceSpec:
    mapping = _mapping(load(row.mapping)) if row.mapping else None
    given = (row.name, row.connector, row.location, load(row.options), row.trust, mapping)
    return SourceSpec(*given, schedule=row.schedule or "")


def _mapping_document(mapping: Mapping) -> str:
    columns = [
        {"column": c.column, "targets": dict(c.targets), "confidence": c.confidence, "reason": c.reason}
        for c in mapping.columns
    ]
    route = mapping.route and {"column": mapping.route.column, "values": dict(mapping.route.values)}
    party = mapping.party and {"column": mapping.party.column, "source": mapping.party.source}
    document = {"entity": mapping.entity, "columns": columns, "key": mapping.key, "updated_at": mapping.updated_at}
    return dump({**document, "route": route, "party": party, "same_as": mapping.same_as})


def _mapping(document: dict[str, Any]) -> Mapping:
    return Mapping(
        entity=document["entity"],
        columns=tuple(ColumnMapping(**column) for column in document["columns"]),
        key=document["key"],
        updated_at=document["updated_at"],
        route=Route(**document["route"]) if document["route"] else None,
        party=PartyReference(**document["party"]) if document["party"] else None,
        same_as=document.get("same_as"),
    )
