"""Write a backup of a hub while others go on working with it."""

from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Connection, Float, Integer, LargeBinary, MetaData, Table, func, select

from cdm.errors import BackupFailed, NotFound, StoreFull
from cdm.store.backup.archive import FORMAT, MANIFEST, SUFFIX, Manifest, TableEntry, verify
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.migrate import REVISION_TABLE, revision_of
from schemas.progress import Progress, silent

if TYPE_CHECKING:
    import pyarrow as pa

AT_A_TIME = 20_000
"""Rows of a table that are in memory at once."""


def back_up(database: Database, place: Path, now: datetime, progress: Progress = silent) -> tuple[Path, Manifest]:
    """Write everything a hub holds into one file.

    All tables are read in one transaction and so show one moment; nobody waits. The file gets its name only when it is
    whole, on the disk and verified.

    Args:
        database: the hub, of any schema revision.
        place: the file to write, or a folder that gets one named by the time.
        now: the present time.
        progress: told about rows, then about bytes verified.

    Returns:
        The file and what it holds.

    Raises:
        BackupFailed: there is such a file already, or it may not be written.
        StoreFull: there is no room for it.
        StoreError: the hub cannot be read.
    """
    file = place / f"hub-{now:%Y%m%dT%H%M%SZ}{SUFFIX}" if place.is_dir() else place
    if file.exists():
        raise BackupFailed(f"There is a file {file} already.", remedy="Name another one; no backup is overwritten.")
    aside = file.with_name(f".{file.name}.{os.getpid()}.part")
    with _told(file):
        try:
            with open(aside, "xb", opener=_for_the_owner) as target:
                _write(database, target, now, progress)
                target.flush()
                os.fsync(target.fileno())
            manifest = verify(aside, progress)
            aside.rename(file)
            _sync_folder(file.parent)
        finally:
            aside.unlink(missing_ok=True)
    return file, manifest


def _write(database: Database, target: IO[bytes], now: datetime, progress: Progress) -> None:
    from cdm import __version__

    with database.read() as connection, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        schema = revision_of(connection, database.place)
        if schema is None:
            raise NotFound(f"There is no hub in {database.place} yet.", remedy="Name it with --hub or CDM_HUB_URL.")
        tables = _tables(connection)
        total, done = sum(_count(connection, table) for table in tables), 0
        entries = []
        for table in tables:
            progress("back up", done, total)
            entries.append(_write_table(connection, table, archive))
            done += entries[-1].rows
        progress("back up", done, total)
        manifest = Manifest(FORMAT, schema, __version__, stamp(now), entries)
        archive.writestr(MANIFEST, manifest.dump())


def _tables(connection: Connection) -> list[Table]:
    """Return the tables there are, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != REVISION_TABLE]


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> TableEntry:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([pa.field(column.name, _type(column.type)) for column in table.columns])
    query = select(table).order_by(*table.primary_key.columns)
    rows = 0
    with archive.open(f"{table.name}.parquet", "w", force_zip64=True) as member:
        sink = _Sink(member)
        with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
            for part in connection.execute(query, execution_options={"yield_per": AT_A_TIME}).partitions():
                columns = [
                    pa.array(values, kind) for values, kind in zip(zip(*part, strict=True), schema.types, strict=True)
                ]
                writer.write_table(pa.table(columns, schema=schema))
                rows += len(part)
    return TableEntry(table.name, rows, sink.size, sink.sum.hexdigest())


def _type(kind: Any) -> pa.DataType:
    import pyarrow as pa

    if isinstance(kind, Integer):
        return pa.int64()
    if isinstance(kind, Float):
        return pa.float64()
    return pa.binary() if isinstance(kind, LargeBinary) else pa.string()


class _Sink:
    """A file to write to that sums up what it is given; a member of a zip cannot tell its own position."""

    closed = False

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.size = 0
        self.sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.sum.update(data)
        return self._target.write(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        """Nothing: the archive is flushed as a whole."""


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(
                f"There is no room for the backup {file}; nothing was left behind.",
                remedy="Free space there, or write the backup to another disk.",
            ) from error
        raise BackupFailed(
            f"The backup {file} cannot be written: {error.strerror or error}.",
            remedy="Name a folder that exists and may be written to.",
        ) from error


def _for_the_owner(name: str, flags: int) -> int:
    """Open a file that only its owner may read: it holds every customer."""
    return os.open(name, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make a new name durable, where the system can."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
