"""The end of a read: rows that stood aside in vain move up, and what the source no longer has is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection, and_, or_, select, update

from cdm.store.bulk import AnyRow, archive, one_of
from cdm.store.clock import stamp
from cdm.store.documents import load
from cdm.store.ingest import write_page
from cdm.store.page import RECORD_PAGE, Page
from cdm.store.pending import note
from cdm.store.quarantine import DISMISSED, GONE, KEY_REPEATED, RETRIED, settle
from cdm.store.tables import activity, quarantine, source_record, source_record_version


@dataclass(frozen=True, slots=True)
class FinishCounts:
    """What the end of a read brought to light."""

    deleted: int = 0
    """Records the source no longer has; they are marked, not dropped."""
    promoted: int = 0
    """Rows that had stood aside for another row of their key which the source no longer has."""


def finish(connection: Connection, source_id: int, run_id: int, now: datetime, *, full: bool) -> FinishCounts:
    """Close a read; doing it twice changes nothing.

    Args:
        connection: an open write transaction.
        source_id: the source's number.
        run_id: the run that read it.
        now: the present time.
        full: True where the whole source was read, so that what was not seen is gone.

    Returns:
        The counts.
    """
    waiting = _in_vain(connection, source_id, run_id)
    _promote(connection, waiting, source_id, run_id, now)
    deleted = _mark_deleted(connection, source_id, run_id, now) if full else 0
    if full:
        unseen = and_(quarantine.c.source_id == source_id, quarantine.c.seen_run_id < run_id)
        settle(connection, and_(unseen, quarantine.c.resolved_at.is_(None)), GONE, now)
    return FinishCounts(deleted, len(waiting))


def _in_vain(connection: Connection, source_id: int, run_id: int) -> Sequence[AnyRow]:
    q, r = quarantine.c, source_record.c
    same = and_(r.source_id == q.source_id, r.key == q.key)
    query = select(q.id, q.staged, activity.c.party_source)
    query = query.select_from(quarantine.join(source_record, same).outerjoin(activity, activity.c.record_id == r.id))
    met = and_(q.source_id == source_id, q.code == KEY_REPEATED, q.seen_run_id == run_id, r.seen_run_id != run_id)
    return connection.execute(
        query.where(met, or_(q.resolution.is_(None), q.resolution == DISMISSED)).order_by(q.id)
    ).all()


def _promote(connection: Connection, waiting: Sequence[AnyRow], source_id: int, run_id: int, now: datetime) -> None:
    if not waiting:
        return
    settle(connection, one_of(connection, quarantine.c.id, [row.id for row in waiting]), RETRIED, now)
    table = pa.Table.from_pylist([load(row.staged) for row in waiting], schema=RECORD_PAGE)
    party_source = next((row.party_source for row in waiting if row.party_source), None)
    write_page(connection, Page.of(table, source_id, run_id, now, party_source), [])


def _mark_deleted(connection: Connection, source_id: int, run_id: int, now: datetime) -> int:
    r = source_record.c
    # Runs are numbered in order: what was pushed while this one read is younger than it and not gone.
    unseen = and_(r.source_id == source_id, r.seen_run_id < run_id, r.deleted_at.is_(None))
    ids = list(connection.execute(select(r.id).where(unseen)).scalars())
    archive(connection, source_record, source_record_version, ids)
    values = {"deleted_at": stamp(now), "changed_at": stamp(now), "run_id": run_id, "version": r.version + 1}
    connection.execute(update(source_record).where(one_of(connection, r.id, ids)).values(values))
    note(connection, ids)
    return len(ids)
