"""What a hub's database server or file says about itself: version, room, and who holds what."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from cdm.store.database import ADVISORY_LOCK, Database

_STUCK_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes the hub takes, and bytes free on its disk (``None`` where a server keeps that to itself)."""

    used: int
    free: int | None


def version(database: Database) -> str:
    """Return name and version of the database program."""
    if database.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    with database.read() as connection:
        return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar()}"


def room(database: Database) -> Room:
    """Return how large the hub is and how much room is left."""
    if database.is_sqlite:
        path = Path(database.url.database or "")
        parts = [path, Path(f"{path}-wal")]
        return Room(sum(one.stat().st_size for one in parts if one.exists()), shutil.disk_usage(path.parent).free)
    with database.read() as connection:
        return Room(int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()), None)


def writer(database: Database) -> str | None:
    """Return who runs a job that writes to the hub now (host and process, where known), ``None`` where nobody does."""
    if database.is_sqlite:
        return _sqlite_writer(Path(f"{database.url.database}.writer"))
    query = text(
        "SELECT a.application_name, a.pid, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND (l.classid::bigint << 32) + l.objid::bigint = :key"
    )
    with database.read() as connection:
        row = connection.execute(query, {"key": ADVISORY_LOCK}).first()
    return f"{row.application_name} (backend {row.pid}, {row.backend_start:%Y-%m-%dT%H:%M:%SZ})" if row else None


def stuck(database: Database) -> Sequence[str]:
    """Return the sessions of a server that have kept a transaction open without doing anything for long."""
    if database.is_sqlite:
        return []
    query = text(
        "SELECT application_name, pid, xact_start FROM pg_stat_activity WHERE datname = current_database() "
        "AND state LIKE 'idle in transaction%' AND state_change < now() - make_interval(mins => :minutes) ORDER BY pid"
    )
    with database.read() as connection:
        rows = connection.execute(query, {"minutes": _STUCK_MINUTES})
        return [f"{row.application_name} (backend {row.pid}, {row.xact_start:%Y-%m-%dT%H:%M:%SZ})" for row in rows]


def _sqlite_writer(lock: Path) -> str | None:
    if not lock.exists():
        return None
    probe = sqlite3.connect(f"file:{lock}?mode=rw", uri=True, timeout=0, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        holder = lock.with_name(f"{lock.name}.by")
        return holder.read_text(encoding="utf-8") if holder.exists() else "?"
    finally:
        probe.close()
    return None
