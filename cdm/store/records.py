"""Source records: what every source says, raw and standardised, now and before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, func, insert, select

from cdm.errors import NotFound
from cdm.store.bulk import AnyRow, one_of
from cdm.store.database import Database
from cdm.store.documents import dump, from_documents, invalid_fields, load, no_documents
from cdm.store.ingest import UpsertCounts, write_page
from cdm.store.page import Page
from cdm.store.prepared import Prepared, among
from cdm.store.quarantine import Entry
from cdm.store.reading import FinishCounts, finish
from cdm.store.sources import source_id
from cdm.store.staging import take_out
from cdm.store.tables import crosswalk, ingest_cursor, source, source_record, source_record_version
from connectors.contract import Cursor, Reject
from schemas.model import EntityType

INDEX = pa.schema(
    [
        ("record_id", pa.int64()),
        ("source", pa.string()),
        ("key", pa.string()),
        ("origin", pa.string()),
        ("version", pa.int32()),
        ("trust", pa.int32()),
        ("updated_at", pa.string()),
        ("changed_at", pa.string()),
        ("findings", pa.string()),
        ("invalid", pa.list_(pa.string())),
    ]
)
"""Who a record is: ``updated_at`` by the source's own account (may be null), ``changed_at`` when the hub saw the
change, ``invalid`` the fields with a finding of severity ``error``."""


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Live source records of one entity type: ``index`` (:data:`INDEX`) and ``fields`` (one column per field that
    occurs), rows aligned and in the order of their record ids."""

    index: pa.Table
    fields: pa.Table


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One version of one source record."""

    id: int
    source: str
    key: str
    version: int
    entity: str
    origin: str
    raw: Mapping[str, str]
    fields: Mapping[str, Any]
    findings: Sequence[Mapping[str, str]]
    updated_at: str | None
    run_id: int
    changed_at: str
    deleted_at: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where the reading of a source stands: the cursor behind the last stored page, and the run that stored it."""

    cursor: Cursor
    run_id: int


class Records:
    """The source records of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def upsert_page(
        self,
        source_name: str,
        table: pa.Table,
        cursor: Cursor | None,
        run_id: int,
        now: datetime,
        *,
        rejects: Sequence[Reject] = (),
        party_source: str | None = None,
        staged: int | None = None,
    ) -> UpsertCounts:
        """Store one page and the cursor behind it in one transaction; storing it twice changes nothing.

        Args:
            source_name: the source that was read.
            table: the rows, columns as :data:`cdm.store.page.RECORD_PAGE`.
            cursor: the position behind the page; ``None`` leaves the stored one (rows of a retry).
            run_id: the run that reads.
            now: the present time.
            rejects: rows of the page that could not be read as records.
            party_source: for activities, the source whose keys ``party_key`` holds.
            staged: the page's number where it was staged; it is no longer, once this is done.

        Returns:
            What became of the rows.

        Raises:
            NotFound: there is no source of that name.
            StoreError: the database refused; nothing of the page is stored.
        """
        entries = [Entry.of_reject(reject) for reject in rejects]
        with self._database.write() as connection:
            number = source_id(connection, source_name, alone=True)
            counts = write_page(connection, Page.of(table, number, run_id, now, party_source), entries)
            if cursor is not None:
                _move_cursor(connection, number, cursor, run_id)
            if staged is not None:
                take_out(connection, run_id, staged)
        return counts

    def position(self, source_name: str) -> Position | None:
        """Return where the reading of a source stands, ``None`` where it was never read; raises ``NotFound``."""
        with self._database.read() as connection:
            query = select(ingest_cursor).where(ingest_cursor.c.source_id == source_id(connection, source_name))
            row = connection.execute(query).first()
        return Position(load(row.cursor), row.run_id) if row else None

    def finish_read(self, source_name: str, run_id: int, now: datetime, *, full: bool) -> FinishCounts:
        """Close a read that came to its end (see :func:`cdm.store.reading.finish`); raises ``NotFound``."""
        with self._database.write() as connection:
            return finish(connection, source_id(connection, source_name), run_id, now, full=full)

    def scan(self, entity: EntityType, page_size: int = 50_000) -> Iterator[RecordBatch]:
        """Yield the live records of an entity type in the order of their ids, as one state of the hub.

        Args:
            entity: the entity type.
            page_size: records per batch.
        """
        with self._database.read() as connection:
            sources = {row.id: row for row in _SOURCES(connection)}
            query = _live(entity.name).order_by(source_record.c.id)
            stream = connection.execution_options(yield_per=page_size).execute(query)
            for rows in stream.partitions():
                yield _batch(rows, sources, entity)

    def read(self, entity: EntityType) -> RecordBatch:
        """Return all live records of an entity type in the order of their ids."""
        batches = list(self.scan(entity))
        if not batches:
            return RecordBatch(INDEX.empty_table(), pa.table({}))
        fields = pa.concat_tables([batch.fields for batch in batches], promote_options="default")
        index = pa.concat_tables([batch.index for batch in batches])
        return RecordBatch(index.combine_chunks(), fields.combine_chunks())

    def some(self, entity: EntityType, ids: Sequence[int]) -> RecordBatch:
        """Return the live ones among some records of an entity type, in the order of their ids.

        Where none is live, every field of the model is an empty column, so that nothing has to be said of nothing.
        """
        with self._database.read() as connection:
            sources = {row.id: row for row in _SOURCES(connection)}
            rows = _SOME(connection, ids=list(ids), entity=entity.name).all()
        return _batch(rows, sources, entity) if rows else RecordBatch(INDEX.empty_table(), no_documents(entity))

    def get(self, source_name: str, key: str) -> SourceRecord:
        """Return a record as it is now, deleted at source or not; raises ``NotFound``."""
        return self.history(source_name, key)[-1]

    def history(self, source_name: str, key: str) -> list[SourceRecord]:
        """Return all versions of a record, oldest first; raises ``NotFound``."""
        r, v = source_record.c, source_record_version.c
        with self._database.read() as connection:
            number = source_id(connection, source_name)
            present = connection.execute(select(source_record).where(r.source_id == number, r.key == key)).first()
            if present is None:
                raise NotFound(
                    f"The source '{source_name}' has no record with the key '{key}'.",
                    remedy="Check the key as it stands in the source's key column.",
                    source=source_name,
                    key=key,
                )
            before = connection.execute(select(source_record_version).where(v.id == present.id).order_by(v.version))
            return [as_record(row, source_name, key) for row in [*before, present]]

    def as_of(self, ids: Sequence[int], time: str) -> list[SourceRecord]:
        """Return what some records said at a time, in the order of their ids; those not yet known or gone are left out.

        Args:
            ids: record ids.
            time: as the store writes times.
        """
        r, v = source_record.c, source_record_version.c
        who = select(r.id, source.c.name, r.key).select_from(source_record.join(source))
        with self._database.read() as connection:
            names = {row.id: row for row in connection.execute(who.where(one_of(connection, r.id, ids)))}
            then: dict[int, AnyRow] = {}
            for table, c in ((source_record_version, v), (source_record, r)):
                query = select(table).where(one_of(connection, c.id, ids), c.changed_at <= time)
                then |= {row.id: row for row in connection.execute(query.order_by(c.id, c.version))}
        live = [then[number] for number in sorted(then) if then[number].deleted_at is None]
        return [as_record(row, names[row.id].name, names[row.id].key) for row in live]

    def names(self, ids: Sequence[int]) -> dict[int, str]:
        """Return ``source:key`` of every record, deleted at source or not."""
        r = source_record.c
        query = select(r.id, source.c.name, r.key).select_from(source_record.join(source))
        with self._database.read() as connection:
            rows = connection.execute(query.where(one_of(connection, r.id, ids)))
            return {row.id: f"{row.name}:{row.key}" for row in rows}

    def of_golden(self, golden_id: str) -> list[SourceRecord]:
        """Return the live records of one golden record in the order of their ids."""
        joined = source_record.join(source).join(crosswalk, crosswalk.c.record_id == source_record.c.id)
        query = select(source_record, source.c.name).select_from(joined).where(crosswalk.c.golden_id == golden_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(source_record.c.id)).all()
        return [as_record(row, row.name, row.key) for row in rows]

    def live_keys(self, source_name: str) -> pa.Array:
        """Return the keys of the live records of a source, in order; raises ``NotFound``."""
        r = source_record.c
        with self._database.read() as connection:
            mine = (r.source_id == source_id(connection, source_name)) & r.deleted_at.is_(None)
            return pa.array(connection.execute(select(r.key).where(mine).order_by(r.key)).scalars(), pa.string())

    def live_count(self, source_name: str) -> int:
        """Return the number of live records of a source; raises ``NotFound``."""
        r = source_record.c
        with self._database.read() as connection:
            mine = (r.source_id == source_id(connection, source_name)) & r.deleted_at.is_(None)
            return int(connection.execute(select(func.count()).where(mine)).scalar_one())

    def count(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return (source, entity) → (live records, records deleted at source)."""
        with self._database.read() as connection:
            return _counts(connection)


def _live(entity: str | BindParameter[str]) -> Select[Any]:
    r = source_record.c
    return select(
        r.id, r.source_id, r.key, r.origin, r.version, r.updated_at, r.changed_at, r.findings, r.fields
    ).where(r.entity == entity, r.deleted_at.is_(None))


def _some(dialect: str) -> Select[Any]:
    here = among(dialect, source_record.c.id, "ids")
    return _live(bindparam("entity")).where(here).order_by(source_record.c.id)


_SOURCES = Prepared(lambda _: select(source.c.id, source.c.name, source.c.trust))
_SOME = Prepared(_some)


def _move_cursor(connection: Connection, number: int, cursor: Cursor, run_id: int) -> None:
    connection.execute(delete(ingest_cursor).where(ingest_cursor.c.source_id == number))
    position = {"source_id": number, "cursor": dump(dict(cursor)), "run_id": run_id}
    connection.execute(insert(ingest_cursor).values(position))


def _counts(connection: Connection) -> dict[tuple[str, str], tuple[int, int]]:
    r = source_record.c
    counts = func.count().label("total"), func.count(r.deleted_at).label("deleted")
    counted = select(r.source_id, r.entity, *counts).group_by(r.source_id, r.entity).subquery()
    c = counted.c
    query = select(source.c.name, c.entity, c.total, c.deleted).join(counted, c.source_id == source.c.id)
    rows = connection.execute(query.order_by(source.c.id, c.entity))
    return {(name, entity): (total - deleted, deleted) for name, entity, total, deleted in rows}


def _batch(rows: Sequence[AnyRow], sources: Mapping[int, AnyRow], entity: EntityType) -> RecordBatch:
    ids, numbers, keys, origins, versions, updated, changed, findings, fields = zip(*rows, strict=True)
    found = pa.array(findings, pa.string())
    names = [sources[number].name for number in numbers]
    trust = [sources[number].trust for number in numbers]
    columns = [ids, names, keys, origins, versions, trust, updated, changed, found, invalid_fields(found)]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, INDEX, strict=True)]
    return RecordBatch(
        pa.Table.from_arrays(arrays, schema=INDEX), from_documents(pa.array(fields, pa.string()), entity)
    )


def as_record(row: AnyRow, source_name: str, key: str) -> SourceRecord:
    """Return a row of ``source_record`` or its versions as a value."""
    return SourceRecord(
        id=row.id,
        source=source_name,
        key=key,
        version=row.version,
        entity=row.entity,
        origin=row.origin,
        raw=load(row.raw),
        fields=load(row.fields),
        findings=load(row.findings),
        updated_at=row.updated_at,
        run_id=row.run_id,
        changed_at=row.changed_at,
        deleted_at=row.deleted_at,
    )
