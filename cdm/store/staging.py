"""Pages of a source on their way: read and kept safe, not live until the whole reading is judged.

A page and the position behind it are one transaction, so a reading that was cut off goes on behind its last page. What
is staged is seen by nobody: golden records, stewards and incremental runs know the source as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from cdm.store.bulk import one_of
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.runs import HELD, REPLACED, RUNNING
from cdm.store.tables import RowId, metadata, run
from connectors.contract import Cursor, Reject

staged_page = Table(
    "staged_page",
    metadata,
    Column("run_id", RowId, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("records", LargeBinary, nullable=False),
    Column("rejects", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    comment="Pages of a source that were read and are not live: judged at the end of the reading, or held.",
)
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True, slots=True)
class StagedPage:
    """One page as it is to go live."""

    records: pa.Table
    """Columns as :data:`cdm.store.page.RECORD_PAGE`."""
    rejects: Sequence[Reject]
    cursor: Cursor
    """The position behind it."""
    profile: Mapping[str, Any]
    """Figures by which the reading is judged."""
    number: int = 0
    """Its place in the reading, from 1; given when it is kept."""


class Staging:
    """The pages of one hub that are not live."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run_id: int, page: StagedPage) -> None:
        """Keep the next page of a reading."""
        texts = {"profile": dump(dict(page.profile)), "cursor": dump(dict(page.cursor))}
        rejects = dump([asdict(one) | {"raw": dict(one.raw)} for one in page.rejects])
        with self._database.write() as connection:
            last = select(func.max(staged_page.c.number)).where(staged_page.c.run_id == run_id)
            number = (connection.execute(last).scalar() or 0) + 1
            row = {"run_id": run_id, "number": number, "records": _bytes(page.records), "rejects": rejects, **texts}
            connection.execute(insert(staged_page).values(row))

    def pages(self, run_id: int) -> Iterator[StagedPage]:
        """Yield the pages of a reading in their order."""
        s = staged_page.c
        number = 0
        while True:
            query = select(staged_page).where(s.run_id == run_id, s.number > number).order_by(s.number).limit(1)
            with self._database.read() as connection:
                row = connection.execute(query).first()
            if row is None:
                return
            number = row.number
            rejects = [Reject(**one) for one in load(row.rejects)]
            yield StagedPage(_table(row.records), rejects, load(row.cursor), load(row.profile), number)

    def cursor(self, run_id: int) -> Cursor | None:
        """Return the position behind the last page of a reading, ``None`` where none is staged."""
        s = staged_page.c
        query = select(s.cursor).where(s.run_id == run_id).order_by(s.number.desc()).limit(1)
        with self._database.read() as connection:
            text = connection.execute(query).scalar()
        return None if text is None else load(text)

    def profiles(self, run_id: int) -> list[Mapping[str, Any]]:
        """Return the figures of the pages of a reading."""
        s = staged_page.c
        with self._database.read() as connection:
            query = select(s.profile).where(s.run_id == run_id).order_by(s.number)
            return [load(text) for text in connection.execute(query).scalars()]

    def drop(self, run_id: int) -> None:
        """Forget the pages of a reading: they will never be live."""
        with self._database.write() as connection:
            connection.execute(delete(staged_page).where(staged_page.c.run_id == run_id))

    def replace_others(self, source_run: int) -> None:
        """Close the readings of the same source that are held or were cut off: this one knows better."""
        own = select(run.c.source_id).where(run.c.id == source_run).scalar_subquery()
        staged = run.c.id.in_(select(staged_page.c.run_id))
        older = select(run.c.id).where(run.c.source_id == own, run.c.id != source_run)
        older = older.where((run.c.status == HELD) | ((run.c.status == RUNNING) & staged))
        with self._database.write() as connection:
            ids = list(connection.execute(older).scalars())
            connection.execute(delete(staged_page).where(one_of(connection, staged_page.c.run_id, ids)))
            connection.execute(update(run).where(one_of(connection, run.c.id, ids)).values(status=REPLACED))


def take_out(connection: Connection, run_id: int, number: int) -> None:
    """Forget one page, in the transaction that makes it live."""
    one = (staged_page.c.run_id == run_id) & (staged_page.c.number == number)
    connection.execute(delete(staged_page).where(one))


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_COMPRESSED) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _table(data: bytes) -> pa.Table:
    with pa.ipc.open_stream(data) as reader:
        return reader.read_all()
