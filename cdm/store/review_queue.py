"""Reading the review queue: one page of cases at a time, by indexed queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, Text, and_, cast, func, literal, or_, select

from cdm.store.bulk import AnyRow
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import load
from cdm.store.review_cases import Edge, edges_of, incomplete, refresh_cases
from cdm.store.settlement import keep_others_out
from cdm.store.tables import crosswalk, decision, deferral, review_case, review_member, source


class Order(StrEnum):
    """In which order cases are worked off."""

    PRIORITY = "priority"
    """Those whose answer teaches and settles most."""
    LIKELIEST = "likeliest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are wanted; what is left blank does not matter."""

    entity: str = ""
    source: str = ""
    """A source that has a record in it."""
    reason: str = ""
    """One of :data:`cdm.store.review_cases.REASONS`."""
    likely_from: float = 0.0
    likely_to: float = 1.0
    """Bounds of the highest probability in the case, 0-1, both included."""
    score_to: float | None = None
    """The lowest quality score in it is at most this, 0-100."""
    waiting_since: datetime | None = None
    """It came up before this time."""
    deferred: bool = False
    """Those put off instead of those to be done now."""
    order: Order = Order.PRIORITY


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """One case as the queue lists it."""

    id: int
    """Its oldest source record."""
    entity: str
    golden: Sequence[str]
    """Its live golden records, in the order of their ids."""
    records: int
    pairs: int
    probability: float
    """The highest in it; 0 where identifiers contradict every pair."""
    priority: float
    reason: str
    score: float | None
    """The lowest quality score in it."""
    since: str
    deferred_until: str | None = None
    deferred_by: str | None = None
    deferred_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work has come."""

    left: int
    """Cases that wait now."""
    deferred: int
    mine: int
    """What one steward did since the day began: decisions that hold and cases put off."""
    everybody: int


class ReviewQueue:
    """The review queue of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Wanted, now: datetime, *, after: int | None = None, limit: int = 50) -> list[QueuedCase]:
        """Return cases in their order.

        Args:
            wanted: which, and in which order.
            now: what is put off beyond it is not waiting.
            after: the case before the page; where it is gone, the page begins where it stood no more: from the start.
            limit: how many at most.
        """
        column, falling = _ORDER[wanted.order]
        query = _cases(wanted, stamp(now))
        query = query.order_by(column.desc() if falling else column, review_case.c.id).limit(limit)
        self._fill(now)
        with self._database.read() as connection:
            if after is not None:
                query = _beyond(connection, query, wanted.order, after)
            return [_case(row) for row in connection.execute(query)]

    def count(self, wanted: Wanted, now: datetime) -> int:
        """Return how many cases are wanted."""
        self._fill(now)
        with self._database.read() as connection:
            inner = _cases(wanted, stamp(now)).with_only_columns(review_case.c.id).subquery()
            return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())

    def find(self, record_id: int, now: datetime) -> QueuedCase | None:
        """Return the case a source record is in, put off or not; ``None`` where nothing is left to ask about it."""
        self._fill(now)
        m, k = review_member.c, crosswalk.c
        held = select(m.case_id).select_from(review_member.join(crosswalk, k.golden_id == m.golden_id))
        number = held.where(k.record_id == record_id).scalar_subquery()
        with self._database.read() as connection:
            row = connection.execute(_listed(stamp(now)).where(review_case.c.id == number)).first()
        return None if row is None else _case(row)

    def edges(self, golden_ids: Sequence[str]) -> list[Edge]:
        """Return the candidate pairs of some golden records, the strongest first."""
        with self._database.read() as connection:
            found = {(e.left_id, e.right_id): e for e in edges_of(connection, golden_ids)}
        return sorted(found.values(), key=lambda e: (-e.probability, e.left_id, e.right_id))

    def progress(self, by: str, since: datetime, now: datetime) -> Progress:
        """Return how far the work has come.

        Args:
            by: the steward who asks.
            since: when the day began.
            now: the present time.
        """
        d, f = decision.c, deferral.c
        made = [
            select(d.made_by.label("who")).where(d.made_at >= stamp(since), d.withdrawn_at.is_(None)),
            select(f.made_by).where(f.made_at >= stamp(since), f.withdrawn_at.is_(None)),
        ]
        done = made[0].union_all(made[1]).subquery()
        with self._database.read() as connection:
            counts = dict(
                tuple(row) for row in connection.execute(select(done.c.who, func.count()).group_by(done.c.who))
            )
        left, off = self.count(Wanted(), now), self.count(Wanted(deferred=True), now)
        return Progress(left, off, counts.get(by, 0), sum(counts.values()))

    def _fill(self, now: datetime) -> None:
        """Make the cases of a hub whose candidates a former release wrote."""
        with self._database.read() as connection:
            if not incomplete(connection):
                return
        with self._database.write() as connection:
            keep_others_out(connection)
            refresh_cases(connection, [], [], now)


_ORDER = {
    Order.PRIORITY: (review_case.c.priority, True),
    Order.LIKELIEST: (review_case.c.probability, True),
    Order.OLDEST: (review_case.c.since, False),
}


def _listed(now: str) -> Select[Any]:
    """Return the query for cases, each with the deferral that holds: about the case as it is, its time not come."""
    c, f, held = review_case.c, deferral.c, deferral.alias("held")
    holds = and_(held.c.case_id == c.id, held.c.golden == c.golden, held.c.until > now, held.c.withdrawn_at.is_(None))
    last = select(func.max(held.c.id)).where(holds).correlate(review_case).scalar_subquery()
    columns = (f.until, f.made_by, f.reason.label("put_off"))
    return select(review_case, *columns).select_from(review_case.outerjoin(deferral, f.id == last))


def _cases(wanted: Wanted, now: str) -> Select[Any]:
    c, put_off = review_case.c, deferral.c.id
    query = _listed(now).where(put_off.is_not(None) if wanted.deferred else put_off.is_(None))
    for column, value in ((c.entity, wanted.entity), (c.reason, wanted.reason)):
        query = query.where(column == value) if value else query
    if wanted.source:
        number = select(literal(",") + cast(source.c.id, Text) + ",").where(source.c.name == wanted.source)
        query = query.where(c.sources.contains(number.scalar_subquery()))
    if wanted.likely_from > 0:
        query = query.where(c.probability >= wanted.likely_from)
    if wanted.likely_to < 1:
        query = query.where(c.probability <= wanted.likely_to)
    if wanted.score_to is not None:
        query = query.where(c.score <= wanted.score_to)
    if wanted.waiting_since is not None:
        query = query.where(c.since <= stamp(wanted.waiting_since))
    return query


def _beyond(connection: Connection, query: Select[Any], order: Order, after: int) -> Select[Any]:
    """Narrow a query to what comes after a case."""
    column, falling = _ORDER[order]
    at = connection.execute(select(column).where(review_case.c.id == after)).scalar()
    if at is None:
        return query
    same = and_(column == at, review_case.c.id > after)
    return query.where(or_(column < at if falling else column > at, same))


def _case(row: AnyRow) -> QueuedCase:
    return QueuedCase(
        id=row.id,
        entity=row.entity,
        golden=load(row.golden),
        records=row.records,
        pairs=row.pairs,
        probability=row.probability,
        priority=row.priority,
        reason=row.reason,
        score=row.score,
        since=row.since,
        deferred_until=row.until,
        deferred_by=row.made_by,
        deferred_reason=row.put_off,
    )
