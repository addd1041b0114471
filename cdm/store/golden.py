"""Reading golden records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Select, func, select

from cdm.store.bulk import AnyRow, one_of
from cdm.store.database import Database
from cdm.store.documents import from_documents, load
from cdm.store.golden_list import GoldenFilter, GoldenItem, list_golden
from cdm.store.membership import successors
from cdm.store.prepared import Prepared, among
from cdm.store.provenance import STATED_RECORD, Provenance, entries_of
from cdm.store.statements import Statement, of_numbers
from cdm.store.tables import crosswalk, golden, golden_version, source, source_record
from schemas.model import EntityType

INDEX = pa.schema(
    [
        ("golden_id", pa.string()),
        ("version", pa.int32()),
        ("members", pa.int32()),
        ("score_total", pa.float64()),
        ("created_at", pa.string()),
        ("changed_at", pa.string()),
    ]
)
"""Who a golden record is; ``members`` counts its source records."""


_STATE = select(
    golden.c.id,
    golden.c.version,
    golden.c.members,
    golden.c.score_total,
    golden.c.created_at,
    golden.c.changed_at,
    golden.c.fields,
    golden.c.score,
)


@dataclass(frozen=True, slots=True)
class GoldenBatch:
    """Golden records of one entity type: ``index`` (:data:`INDEX`), ``fields`` (one column per field that occurs) and
    ``score`` (JSON texts), rows aligned and in the order of their ids."""

    index: pa.Table
    fields: pa.Table
    score: pa.Array


@dataclass(frozen=True, slots=True)
class GoldenRecord:
    """One version of one golden record with the provenance of every value."""

    id: str
    entity: str
    version: int
    fields: Mapping[str, Any]
    provenance: Mapping[str, tuple[Provenance, ...]]
    """Field → one entry per value, or one entry for all values of the field."""
    members: int
    score: Mapping[str, Any] | None
    run_id: int
    changed_at: str
    retired_at: str | None
    successors: tuple[str, ...] = ()
    """Where the id leads when it is retired."""


@dataclass(frozen=True, slots=True)
class GoldenHead:
    """What a steward's step has to know of a golden record."""

    entity: str
    version: int
    live: bool
    records: list[int]
    """Its source records, in order."""


def _heads(dialect: str) -> Select[Any]:
    g, c = golden.c, crosswalk.c
    query = select(g.id, g.entity, g.version, g.retired_at, c.record_id)
    query = query.select_from(golden.outerjoin(crosswalk, c.golden_id == g.id))
    return query.where(among(dialect, g.id, "ids")).order_by(g.id, c.record_id)


def _typed(dialect: str) -> Select[Any]:
    return select(golden.c.id, golden.c.entity, golden.c.fields).where(among(dialect, golden.c.id, "ids"))


_HEADS, _TYPED = Prepared(_heads), Prepared(_typed)


class Golden:
    """The golden records of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, golden_id: str) -> GoldenRecord:
        """Return a golden record as it is now; a retired one with its last values and its successors.

        Raises:
            NotFound: no golden record ever had that id.
        """
        with self._database.read() as connection:
            live = tuple(successors(connection, golden_id))
            row = connection.execute(select(golden).where(golden.c.id == golden_id)).one()
            return _record(connection, row, () if row.retired_at is None else live)

    def history(self, golden_id: str) -> list[GoldenRecord]:
        """Return all versions of a golden record, oldest first; raises ``NotFound``."""
        v = golden_version.c
        with self._database.read() as connection:
            successors(connection, golden_id)
            before = connection.execute(select(golden_version).where(v.id == golden_id).order_by(v.version)).all()
            present = connection.execute(select(golden).where(golden.c.id == golden_id)).one()
            return [_record(connection, row, ()) for row in [*before, present]]

    def heads(self, ids: Sequence[str]) -> dict[str, GoldenHead]:
        """Return some golden records, live or retired, without their values; ids nobody ever had are left out."""
        found: dict[str, GoldenHead] = {}
        with self._database.read() as connection:
            for row in _HEADS(connection, ids=list(ids)):
                head = found.setdefault(row.id, GoldenHead(row.entity, row.version, row.retired_at is None, []))
                if row.record_id is not None:
                    head.records.append(row.record_id)
        return found

    def typed_values(self, ids: Sequence[str]) -> dict[str, tuple[str, Mapping[str, Any]]]:
        """Return golden id → entity type and golden values of some golden records, live or retired."""
        with self._database.read() as connection:
            rows = _TYPED(connection, ids=list(ids))
            return {row.id: (row.entity, load(row.fields)) for row in rows}

    def version(self, golden_id: str) -> int:
        """Return the present version of a golden record, live or retired; raises ``NotFound``."""
        with self._database.read() as connection:
            found = connection.execute(select(golden.c.version).where(golden.c.id == golden_id)).scalar()
            if found is None:
                successors(connection, golden_id)
        return int(found or 0)

    def list(self, wanted: GoldenFilter) -> list[GoldenItem]:
        """Return one page of live golden records in the order of their ids; raises ``NotFound`` (no such source)."""
        with self._database.read() as connection:
            return list_golden(connection, wanted)

    def page(self, entity: EntityType, *, after: str = "", limit: int = 50) -> GoldenBatch:
        """Return live golden records with ids above ``after``, at most ``limit``."""
        return self._read(entity, _STATE.where(golden.c.id > after).limit(limit))

    def read(self, entity: EntityType) -> GoldenBatch:
        """Return all live golden records of an entity type."""
        return self._read(entity, _STATE)

    def some(self, entity: EntityType, ids: Sequence[str]) -> GoldenBatch:
        """Return the live ones among some golden records of an entity type, in the order of their ids."""
        return self._read(entity, _STATE, ids)

    def provenance(self, entity: EntityType) -> pa.Table:
        """Return golden_id, field, record_id, why, records, differing for every value of every live golden record."""
        g = golden.c
        query = select(g.id, g.fields, g.provenance).where(g.entity == entity.name, g.retired_at.is_(None))
        with self._database.read() as connection:
            return provenance_table(tuple(row) for row in connection.execute(query.order_by(g.id)))

    def count(self) -> dict[str, tuple[int, int]]:
        """Return entity type → (live golden records, retired ones)."""
        query = select(golden.c.entity, func.count(), func.count(golden.c.retired_at)).group_by(golden.c.entity)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(golden.c.entity)).all()
        return {entity: (total - retired, retired) for entity, total, retired in rows}

    def _read(self, entity: EntityType, state: Select[Any], ids: Sequence[str] | None = None) -> GoldenBatch:
        g = golden.c
        query = state.where(g.entity == entity.name, g.retired_at.is_(None)).order_by(g.id)
        with self._database.read() as connection:
            chosen = query if ids is None else query.where(one_of(connection, g.id, ids))
            rows = connection.execute(chosen).all()
        *index, fields, score = zip(*rows, strict=True) if rows else [()] * 8
        arrays = [pa.array(c, f.type) for c, f in zip(index, INDEX, strict=True)]
        documents = from_documents(pa.array(fields, pa.string()), entity)
        return GoldenBatch(pa.Table.from_arrays(arrays, schema=INDEX), documents, pa.array(score, pa.string()))


def provenance_table(rows: Iterable[tuple[str, str, str]]) -> pa.Table:
    """Return golden_id, field, record_id (null where a steward stated it), why, records, differing of every value.

    Args:
        rows: golden id, document of fields, document of provenance.
    """
    columns: tuple[list[Any], ...] = ([], [], [], [], [], [])
    for golden_id, fields, provenance in rows:
        document = load(provenance)
        for field in load(fields):
            for record_id, _version, why, records, differing in entries_of(document, field):
                said = (golden_id, field, record_id or None, why, records, differing)
                for column, value in zip(columns, said, strict=True):
                    column.append(value)
    names = ("golden_id", "field", "record_id", "why", "records", "differing")
    types = (pa.string(), pa.string(), pa.int64(), pa.string(), pa.int32(), pa.int32())
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})


def _record(connection: Connection, row: AnyRow, live: tuple[str, ...]) -> GoldenRecord:
    values = load(row.fields)
    score = row._mapping.get("score")
    return GoldenRecord(
        id=row.id,
        entity=row.entity,
        version=row.version,
        fields=values,
        provenance=_provenance(connection, load(row.provenance), values),
        members=row.members,
        score=load(score) if score else None,
        run_id=row.run_id,
        changed_at=row.changed_at,
        retired_at=row.retired_at,
        successors=live,
    )


def _provenance(
    connection: Connection, document: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, tuple[Provenance, ...]]:
    entries = {field: entries_of(document, field) for field in values}
    ids = sorted({entry[0] for found in entries.values() for entry in found})
    r = source_record.c
    query = select(r.id, source.c.name, r.key, r.origin, r.updated_at).select_from(source_record.join(source))
    rows = {row.id: row for row in connection.execute(query.where(one_of(connection, r.id, ids)))}
    numbers = [entry[1] for found in entries.values() for entry in found if entry[0] == STATED_RECORD]
    stated = of_numbers(connection, numbers) if numbers else {}
    return {f: tuple(_value_provenance(entry, rows, stated) for entry in found) for f, found in entries.items()}


def _value_provenance(entry: Any, rows: Mapping[int, AnyRow], stated: Mapping[int, Statement]) -> Provenance:
    record_id, version, why, records, differing = entry
    if record_id == STATED_RECORD:
        said = stated[version]
        about = {"stated_by": said.made_by, "stated_at": said.made_at, "stated_reason": said.reason}
        return Provenance(record_id, version, why, records, differing, **about)
    row = rows[record_id]
    return Provenance(record_id, version, why, records, differing, row.name, row.key, row.origin, row.updated_at)
