"""What sources say themselves about who is who: a record that was merged into another one there.

The source's word is kept as a decision, made by the source: it binds like a steward's, is listed and audited like one,
and a steward who knows better takes it back for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select

from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, one_of, take_numbers
from cdm.store.clock import stamp
from cdm.store.contradiction import contradicted
from cdm.store.database import Database
from cdm.store.decisions import Decision, NewDecision, Verdict, about, binding, record_decision, withdraw
from cdm.store.documents import dump, load
from cdm.store.events import last_number
from cdm.store.pending import note
from cdm.store.runs import FINISHED, STEP
from cdm.store.said import Withdrawal
from cdm.store.sources import source_id
from cdm.store.tables import decision, decision_member, pending, run, source_record

REASON = "merged at the source: {loser} into {survivor}"
NO_MORE = "the source says so no more"


@dataclass(frozen=True, slots=True)
class _Told:
    """A record, and the key of the one that its source says it was merged into."""

    id: int
    key: str
    entity: str
    into: str | None


class SourceMerges:
    """The merges at source of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, source_name: str, column: str, by: str, now: datetime) -> int:
        """Keep what the records of a source that wait to be matched say; doing it twice changes nothing.

        What a steward withdrew stays withdrawn, and what contradicts a steward is left alone.

        Args:
            source_name: the source.
            column: its column that names the surviving record's key.
            by: what the source is called as a maker of decisions.
            now: the present time.

        Returns:
            How many decisions were made or withdrawn.
        """
        with self._database.write() as connection:
            number = source_id(connection, source_name)
            told = _told(connection, number, column, by)
            known = _decisions_by(connection, by, [one.id for one in told])
            gone = [one for one in known if one.binding and not _justified(one, told)]
            new = _new(connection, number, told, known, by)
            if new or gone:
                _carry_out(connection, new, [Withdrawal(one.id, by, NO_MORE) for one in gone], now)
        return len(new) + len(gone)


def _told(connection: Connection, source: int, column: str, by: str) -> list[_Told]:
    """Return what waiting records say, and what those say that the source's earlier decisions join with them."""
    r, m = source_record.c, decision_member.c
    speaks = r.raw.contains(dump(column), autoescape=True)
    mine = (
        select(m.decision_id)
        .join(decision)
        .where(decision.c.made_by == by, m.record_id.in_(select(pending.c.record_id)))
    )
    joined = select(m.record_id).where(m.decision_id.in_(mine))
    waits = r.id.in_(select(pending.c.record_id))
    query = select(r.id, r.key, r.entity, r.raw).where(r.source_id == source, or_(waits & speaks, r.id.in_(joined)))
    return [
        _Told(row.id, row.key, row.entity, load(row.raw).get(column))
        for row in connection.execute(query.order_by(r.id))
    ]


def _decisions_by(connection: Connection, by: str, records: Sequence[int]) -> list[Decision]:
    return [one for one in about(connection, records) if one.made_by == by]


def _justified(known: Decision, told: Sequence[_Told]) -> bool:
    """Tell whether one of the records of a decision still says it was merged into another of them."""
    members = {record for part in known.parts for record in part}
    here = [one for one in told if one.id in members]
    keys = {one.key for one in here}
    return any(one.into in keys for one in here)


def _new(
    connection: Connection, source: int, told: Sequence[_Told], known: Sequence[Decision], by: str
) -> list[NewDecision]:
    """Return the decisions to make; a merge with a record that the hub does not have, or has not yet, is none."""
    survivors = _survivors(connection, source, told)
    holding: dict[str, list[Decision]] = {}
    new: list[NewDecision] = []
    for one in told:
        survivor = survivors.get((one.into or "", one.entity))
        if survivor is None or survivor.id == one.id or _settled(known, {one.id, survivor.id}, by):
            continue
        reason = REASON.format(loser=one.key, survivor=one.into)
        draft = NewDecision(one.entity, Verdict.SAME, [[one.id, survivor.id]], by, reason)
        if one.entity not in holding:
            holding[one.entity] = binding(connection, one.entity)
        if not contradicted(draft, holding[one.entity]):
            new.append(draft)
    return new


def _survivors(connection: Connection, source: int, told: Sequence[_Told]) -> dict[tuple[str, str], AnyRow]:
    r = source_record.c
    keys = sorted({one.into for one in told if one.into})
    query = select(r.id, r.key, r.entity).where(r.source_id == source, one_of(connection, r.key, keys))
    return {(row.key, row.entity): row for row in connection.execute(query)}


def _settled(known: Sequence[Decision], pair: set[int], by: str) -> bool:
    """Tell whether a merge is kept already, or was taken back by a steward."""
    same = [one for one in known if {record for part in one.parts for record in part} == pair]
    return any(one.binding or one.withdrawn_by != by for one in same)


def _carry_out(connection: Connection, new: Sequence[NewDecision], gone: Sequence[Withdrawal], now: datetime) -> None:
    """Enter decisions and withdrawals as one step, audited like a steward's; the next run settles the records."""
    run_id = take_numbers(connection, "run", 1)[0]
    values = {"id": run_id, "kind": STEP, "source_id": None, "started_at": stamp(now), "finished_at": stamp(now)}
    stats = dump({"action": "merge at source"})
    connection.execute(insert(run).values(**values, status=FINISHED, stats=stats, last_event=last_number(connection)))
    kept = [("merge", record_decision(connection, one, run_id, now)) for one in new]
    kept += [("undo", withdraw(connection, one, run_id, now)) for one in gone]
    for action, one in kept:
        by, reason = (one.made_by, one.reason) if action == "merge" else (str(one.withdrawn_by), NO_MORE)
        detail = {"decision": one.id, "reason": reason, "run": run_id, "parts": one.parts}
        log(connection, Act(by, action, f"decision {one.id}", detail), now)
    note(connection, sorted({record for _, one in kept for part in one.parts for record in part}))
