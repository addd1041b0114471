"""Writing pages of records: what is new, what changed, what was there already, and what stands aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from cdm.store.bulk import AnyRow, archive, insert_rows, one_of, take_numbers, update_rows
from cdm.store.clock import stamp
from cdm.store.page import RECORD_PAGE, Page, latest_rows, repeated_entry, usable_rows
from cdm.store.pending import note
from cdm.store.quarantine import DISMISSED, KEY_REPEATED, Entry, hold
from cdm.store.tables import activity, quarantine, source_record, source_record_version


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    """What became of the rows of one or more pages."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    revived: int = 0
    """Of a record that had been deleted at source and is there again as it was."""
    repeated: int = 0
    """Rows that give way to another row of the same key; they stand in quarantine unless they say the same."""
    quarantined: int = 0
    """Rows newly put into quarantine, the repeated ones included."""

    def __add__(self, other: UpsertCounts) -> UpsertCounts:
        return UpsertCounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(slots=True)
class _Plan:
    """What is to be done with the rows of one page."""

    insert: list[int]
    change: list[tuple[int, AnyRow]]
    touch: list[tuple[int, AnyRow]]
    aside: list[Entry]
    repeated: int = 0


def write_page(connection: Connection, page: Page, rejects: Sequence[Entry]) -> UpsertCounts:
    """Write one page.

    Args:
        connection: an open write transaction.
        page: the rows.
        rejects: rows that the connector or the pipeline refused.

    Returns:
        What became of them.
    """
    usable, unusable = usable_rows(page)
    latest, others = latest_rows(page, usable)
    keys = [page.columns["key"][row] for row in latest]
    plan = _plan(page, latest, _known(connection, page.source_id, keys), _aside(connection, page.source_id, keys))
    _set_aside(plan, page, latest, others)
    displaced = [row for _, row in plan.change if row.seen_run_id == page.run_id]
    plan.aside += _displaced(connection, displaced)
    plan.repeated += len(displaced)
    _insert(connection, page, plan.insert)
    _change(connection, page, plan.change)
    revived = _touch(connection, page, plan.touch)
    quarantined = hold(connection, page.source_id, page.run_id, page.now, [*rejects, *unusable, *plan.aside])
    return UpsertCounts(
        inserted=len(plan.insert),
        updated=len(plan.change),
        unchanged=len(plan.touch) - revived,
        revived=revived,
        repeated=plan.repeated,
        quarantined=quarantined,
    )


def _known(connection: Connection, number: int, keys: list[str]) -> dict[str, AnyRow]:
    r = source_record.c
    query = select(r.id, r.key, r.version, r.content_hash, r.origin, r.updated_at, r.seen_run_id, r.deleted_at)
    query = query.where(r.source_id == number, one_of(connection, r.key, keys))
    return {row.key: row for row in connection.execute(query)}


def _aside(connection: Connection, number: int, keys: list[str]) -> set[tuple[str, str]]:
    """Return (key, hash) of the rows that stood aside for another row of their key when the source was read before."""
    q = quarantine.c
    waiting = or_(q.resolution.is_(None), q.resolution == DISMISSED)
    query = select(q.key, q.content_hash).where(q.source_id == number, q.code == KEY_REPEATED, waiting)
    return {(row.key, row.content_hash) for row in connection.execute(query.where(one_of(connection, q.key, keys)))}


def _plan(page: Page, rows: Sequence[int], known: Mapping[str, AnyRow], aside: set[tuple[str, str]]) -> _Plan:
    plan = _Plan([], [], [], [])
    keys, hashes = page.columns["key"], page.columns["content_hash"]
    for row in rows:
        stored = known.get(keys[row])
        if stored is None:
            plan.insert.append(row)
        elif stored.content_hash == hashes[row]:
            plan.touch.append((row, stored))
        elif stored.seen_run_id == page.run_id:  # an earlier page of this very read had the key
            if page.age(row) >= (stored.updated_at or ""):
                plan.change.append((row, stored))
            else:
                plan.aside.append(page.repeated(row))
                plan.repeated += 1
        elif (keys[row], hashes[row]) in aside:  # the row it gave way to is expected further down
            plan.aside.append(page.repeated(row))
            plan.repeated += 1
        else:
            plan.change.append((row, stored))
    return plan


def _set_aside(plan: _Plan, page: Page, latest: Sequence[int], others: Sequence[int]) -> None:
    """Put the rows of this page that give way to others of their key into the plan."""
    winners = {page.columns["key"][row]: page.columns["content_hash"][row] for row in latest}
    keys, hashes = page.columns["key"], page.columns["content_hash"]
    plan.aside += [page.repeated(row) for row in others if hashes[row] != winners[keys[row]]]
    plan.repeated += len(others)


def _displaced(connection: Connection, stored: Sequence[AnyRow]) -> list[Entry]:
    """Return quarantine entries for stored rows of this read that a later row of the same key takes the place of."""
    if not stored:
        return []
    query = select(source_record, activity.c.party_key, activity.c.occurred_at).select_from(
        source_record.outerjoin(activity)
    )
    query = query.where(one_of(connection, source_record.c.id, [row.id for row in stored]))
    rows = connection.execute(query.order_by(source_record.c.id)).mappings()
    return [repeated_entry({n: row[n] for n in RECORD_PAGE.names}, row["content_hash"]) for row in rows]


def _insert(connection: Connection, page: Page, rows: Sequence[int]) -> None:
    ids = list(take_numbers(connection, "source_record", len(rows)))
    count, at = len(rows), stamp(page.now)
    columns: dict[str, Sequence[Any]] = {
        "id": ids,
        "source_id": [page.source_id] * count,
        "key": [page.columns["key"][row] for row in rows],
        "version": [1] * count,
        **page.state(rows),
        "run_id": [page.run_id] * count,
        "changed_at": [at] * count,
        "first_run_id": [page.run_id] * count,
        "first_seen_at": [at] * count,
        "seen_run_id": [page.run_id] * count,
    }
    insert_rows(connection, source_record, columns)
    _note(connection, page, ids)
    _link_activities(connection, page, ids, rows)


def _change(connection: Connection, page: Page, changes: Sequence[tuple[int, AnyRow]]) -> None:
    ids, rows = [stored.id for _, stored in changes], [row for row, _ in changes]
    if not ids:
        return
    archive(connection, source_record, source_record_version, ids)
    columns = {
        "id": ids,
        "version": [stored.version + 1 for _, stored in changes],
        **page.state(rows),
        **_changed(page, len(ids)),
        "seen_run_id": [page.run_id] * len(ids),
    }
    update_rows(connection, source_record, "id", columns)
    _note(connection, page, ids)
    connection.execute(delete(activity).where(one_of(connection, activity.c.record_id, ids)))
    _link_activities(connection, page, ids, rows)


def _touch(connection: Connection, page: Page, touched: Sequence[tuple[int, AnyRow]]) -> int:
    """Mark records as seen in this run and as standing where they stand now; returns how many were revived."""
    revived = [stored for _, stored in touched if stored.deleted_at is not None]
    ids = [stored.id for stored in revived]
    archive(connection, source_record, source_record_version, ids)
    versions = [stored.version + 1 for stored in revived]
    update_rows(connection, source_record, "id", {"id": ids, "version": versions, **_changed(page, len(ids))})
    _note(connection, page, ids)
    seen = one_of(connection, source_record.c.id, [stored.id for _, stored in touched])
    connection.execute(update(source_record).where(seen).values(seen_run_id=page.run_id))
    origins = page.columns["origin"]
    moved = [(stored.id, origins[row]) for row, stored in touched if origins[row] != stored.origin]
    update_rows(connection, source_record, "id", {"id": [m[0] for m in moved], "origin": [m[1] for m in moved]})
    return len(revived)


def _note(connection: Connection, page: Page, ids: Sequence[int]) -> None:
    """Note what is to be matched anew; activities follow their customers and are not matched."""
    if page.party_source is None:
        note(connection, ids)


def _changed(page: Page, count: int) -> dict[str, list[Any]]:
    return {"run_id": [page.run_id] * count, "changed_at": [stamp(page.now)] * count, "deleted_at": [None] * count}


def _link_activities(connection: Connection, page: Page, ids: Sequence[int], rows: Sequence[int]) -> None:
    party = page.columns["party_key"]
    linked = [(record, row) for record, row in zip(ids, rows, strict=True) if party[row] is not None]
    columns: dict[str, Sequence[Any]] = {
        "record_id": [record for record, _ in linked],
        "party_source": [page.party_source or ""] * len(linked),
        "party_key": [party[row] for _, row in linked],
        "occurred_at": [page.columns["occurred_at"][row] for _, row in linked],
    }
    insert_rows(connection, activity, columns)
