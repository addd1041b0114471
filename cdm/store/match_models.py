"""Versions of the matching model: what each was learned from, which one is active, and which one it replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from cdm.errors import Conflict, NotFound
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.prepared import Prepared
from cdm.store.tables import ACTIVE, match_model

CANDIDATE = "candidate"
RETIRED = "retired"
_LEAST = 4
"""Characters of a version that are enough to name it, where they are its alone."""


@dataclass(frozen=True, slots=True)
class NewMatchModel:
    """A model to keep; ``document`` is opaque to the store."""

    entity: str
    version: str
    document: bytes
    created_by: str
    parent: str | None = None
    learned_from: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatchModelEntry:
    """One kept version.

    Attributes:
        version: hash of its content; unique per entity type.
        parent: version that was refined to make it, if any.
        replaced: version that was active before it was promoted; where a roll-back leads.
        status: ``candidate``, ``active`` or ``retired``.
        learned_from: records, labels and columns it was learned from.
        figures: what it found in the records it was learned from.
    """

    id: int
    entity: str
    version: str
    parent: str | None
    replaced: str | None
    status: str
    created_at: str
    created_by: str
    changed_at: str
    learned_from: Mapping[str, Any]
    figures: Mapping[str, Any]


class MatchModels:
    """The matching models of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewMatchModel, now: datetime) -> MatchModelEntry:
        """Keep a model as a candidate; one whose version is known already stays as it is."""
        with self._database.write() as connection:
            if _find(connection, new.entity, new.version) is None:
                _insert(connection, new, now)
                log(connection, _act(new.created_by, "model kept", new.entity, new.version, new.parent), now)
            return _entry(_known(connection, new.entity, new.version))

    def list(self, entity: str | None = None) -> list[MatchModelEntry]:
        """Return all versions, of one entity type where asked for, newest first."""
        query = select(*_COLUMNS).order_by(match_model.c.id.desc())
        if entity is not None:
            query = query.where(match_model.c.entity == entity)
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def active(self, entity: str) -> MatchModelEntry | None:
        """Return the active version of an entity type, ``None`` where there is none yet."""
        with self._database.read() as connection:
            row = _ACTIVE(connection, entity=entity, status=ACTIVE).first()
        return _entry(row) if row is not None else None

    def get(self, version: str) -> MatchModelEntry:
        """Return a version by its hash or by the first characters of it.

        Raises:
            NotFound: there is none, or the characters begin several.
        """
        with self._database.read() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(match_model.c.id)).all()
        found = [row for row in rows if row.version == version]
        if not found and len(version) >= _LEAST:
            found = [row for row in rows if row.version.startswith(version)]
        if len(found) != 1:
            raise _unnamed(version, [row.version for row in found or rows], several=bool(found))
        return _entry(found[0])

    def document(self, entry: MatchModelEntry) -> bytes:
        """Return the model itself, as it was given to :meth:`add`."""
        with self._database.read() as connection:
            query = select(match_model.c.document).where(match_model.c.id == entry.id)
            return bytes(connection.execute(query).scalar_one())

    def promote(self, entry: MatchModelEntry, by: str, now: datetime) -> MatchModelEntry:
        """Make a version the active one of its entity type; the one before is retired and remembered."""
        with self._database.write() as connection:
            _promote(connection, entry, by, now)
            return _entry(_known(connection, entry.entity, entry.version))

    def succeed(self, entry: MatchModelEntry, before: str | None, by: str, now: datetime) -> bool:
        """Promote a version only where ``before`` is still the active one (``None``: where none is).

        A run that began under one model must not undo what was promoted while it ran.

        Returns:
            Whether it was promoted; else it stays a candidate.
        """
        with self._database.write() as connection:
            active = _active(connection, entry.entity)
            if (active.version if active else None) != before:
                return False
            _promote(connection, entry, by, now)
            return True

    def rollback(self, entity: str, by: str, now: datetime) -> MatchModelEntry:
        """Make the version active again that the active one replaced.

        Raises:
            NotFound: no version of the entity type is active.
            Conflict: the active version replaced none.
        """
        with self._database.write() as connection:
            before = _retire_active(connection, entity, now)
            if before is None:
                raise NotFound(f"No matching model of '{entity}' is active.", remedy="Let 'cdm run' learn one first.")
            earlier = _find(connection, entity, before.replaced) if before.replaced else None
            if earlier is None:
                raise Conflict(
                    f"The active matching model {before.version} of '{entity}' replaced none; there is nothing to go "
                    "back to.",
                    remedy="Choose a version from 'cdm model list' and promote it.",
                )
            _activate(connection, earlier.id, now, {})
            log(connection, _act(by, "model rolled back", entity, earlier.version, before.version), now)
            return _entry(_known(connection, entity, earlier.version))


_COLUMNS = [column for column in match_model.c if column.name != "document"]


def _active_one(_dialect: str) -> Select[Any]:
    m = match_model.c
    return select(*_COLUMNS).where(m.entity == bindparam("entity"), m.status == bindparam("status"))


_ACTIVE = Prepared(_active_one)


def _insert(connection: Connection, new: NewMatchModel, now: datetime) -> None:
    number = take_numbers(connection, "match_model", 1)[0]
    values = {
        "id": number,
        "entity": new.entity,
        "version": new.version,
        "parent": new.parent,
        "status": CANDIDATE,
        "created_at": stamp(now),
        "created_by": new.created_by,
        "changed_at": stamp(now),
        "learned_from": dump(dict(new.learned_from)),
        "figures": dump(dict(new.figures)),
        "document": new.document,
    }
    connection.execute(insert(match_model).values(values))


def _find(connection: Connection, entity: str, version: str) -> AnyRow | None:
    m = match_model.c
    return connection.execute(select(*_COLUMNS).where(m.entity == entity, m.version == version)).first()


def _known(connection: Connection, entity: str, version: str) -> AnyRow:
    m = match_model.c
    return connection.execute(select(*_COLUMNS).where(m.entity == entity, m.version == version)).one()


def _act(by: str, action: str, entity: str, version: str, before: str | None) -> Act:
    return Act(by, action, version, {"entity": entity, "before": before})


def _promote(connection: Connection, entry: MatchModelEntry, by: str, now: datetime) -> None:
    before = _retire_active(connection, entry.entity, now)
    if before is not None and before.id == entry.id:
        _activate(connection, entry.id, now, {})
        return
    replaced = before.version if before else None
    _activate(connection, entry.id, now, {"replaced": replaced})
    log(connection, _act(by, "model promoted", entry.entity, entry.version, replaced), now)


def _active(connection: Connection, entity: str) -> AnyRow | None:
    """Return the active version; others who would change it wait until this transaction ends."""
    m = match_model.c
    connection.execute(select(m.id).where(m.entity == entity).order_by(m.id).with_for_update()).all()
    return _ACTIVE(connection, entity=entity, status=ACTIVE).first()


def _retire_active(connection: Connection, entity: str, now: datetime) -> AnyRow | None:
    """Retire the active version and return it."""
    row = _active(connection, entity)
    if row is not None:
        retired = {"status": RETIRED, "changed_at": stamp(now)}
        connection.execute(update(match_model).where(match_model.c.id == row.id).values(retired))
    return row


def _activate(connection: Connection, number: int, now: datetime, more: Mapping[str, Any]) -> None:
    values = {"status": ACTIVE, "changed_at": stamp(now), **more}
    connection.execute(update(match_model).where(match_model.c.id == number).values(values))


def _entry(row: AnyRow) -> MatchModelEntry:
    values = {**row._mapping, "learned_from": load(row.learned_from), "figures": load(row.figures)}
    return MatchModelEntry(**values)


def _unnamed(version: str, known: list[str], *, several: bool) -> NotFound:
    if several:
        return NotFound(
            f"'{version}' begins {len(known)} versions of the matching model: {', '.join(known)}.",
            remedy="Give more of its characters.",
            version=version,
        )
    return NotFound(
        f"There is no version '{version}' of the matching model.",
        remedy=f"Use one of: {', '.join(known)}." if known else "Let 'cdm run' learn one first.",
        version=version,
    )
