"""Bring a hub back from a backup."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, delete, select, text

from cdm.errors import Conflict
from cdm.store.audit import Act, log
from cdm.store.backup.archive import Manifest, TableEntry, damaged, opened, verify
from cdm.store.bulk import insert_rows
from cdm.store.database import Database
from cdm.store.migrate import REVISION_TABLE, bring_to, revision_of
from cdm.store.tables import HEAD, counter
from schemas.progress import Progress, silent


def restore(database: Database, file: Path, actor: str, now: datetime, progress: Progress = silent) -> Manifest:
    """Fill an empty database with what a backup holds, in one transaction, and carry it up to this release.

    Args:
        database: a database without tables, or a hub that holds nothing.
        file: the backup.
        actor: who restores; kept in the audit trail.
        now: the present time.
        progress: told about bytes verified, then about rows.

    Returns:
        What the backup held.

    Raises:
        BackupFailed: the file cannot be read, or a newer release wrote it.
        BackupDamaged: a part of it is missing or not what was written; names the part.
        Conflict: the hub is not empty.
        StoreTooNew: the backup's schema is of a newer release.
        StoreError: the database refused; it is as it was.
    """
    verify(file, progress)
    with opened(file) as (archive, manifest), database.writer(), database.write() as connection:
        _clear(connection, database.place)
        bring_to(connection, manifest.schema, database.place)
        found = MetaData()
        found.reflect(connection)
        for table in reversed(found.sorted_tables):
            if table.name != REVISION_TABLE:
                connection.execute(delete(table))
        done = 0
        for one in manifest.tables:
            progress("restore", done, manifest.rows)
            if one.name not in found.tables or _fill(connection, found.tables[one.name], archive, one) != one.rows:
                raise damaged(file, one.member)
            done += one.rows
        progress("restore", done, manifest.rows)
        bring_to(connection, HEAD, database.place)
        detail = {"sha256": manifest.digest, "made_at": manifest.made_at, "rows": manifest.rows}
        log(connection, Act(actor, "restore", file.name, detail), now)
        if not database.is_sqlite:
            connection.execute(text("ANALYZE"))
    return manifest


def _clear(connection: Connection, place: str) -> None:
    """Drop the tables of a hub that holds nothing."""
    if revision_of(connection, place) is None:
        return
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        holds = select(table).limit(1)
        if table.name == counter.name:
            holds = holds.where(table.c.value > 0)
        if table.name != REVISION_TABLE and connection.execute(holds).first() is not None:
            raise Conflict(
                f"The hub {place} is not empty: table '{table.name}' holds rows. Nothing was restored.",
                remedy="Restore into a hub that does not exist yet, and name it with --hub or CDM_HUB_URL.",
                table=table.name,
            )
    found.drop_all(connection)


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile, entry: TableEntry) -> int:
    """Insert the rows of one table; returns their number."""
    import pyarrow.parquet as pq

    rows = 0
    with archive.open(entry.member) as member, pq.ParquetFile(member) as parquet:
        for number in range(parquet.num_row_groups):
            part = parquet.read_row_group(number)
            insert_rows(connection, table, part.to_pydict())
            rows += part.num_rows
    return rows
