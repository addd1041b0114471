"""What golden records were: every version with what led to it, and the state of the hub at any moment.

A moment is a place in the change feed. Everything the feed told up to there is what the hub held then, so that "as of"
is exact whatever clocks said: a run remembers where the feed stood when it ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Select, and_, func, select, union

from cdm.errors import Conflict, NotFound
from cdm.store.bulk import AnyRow, one_of
from cdm.store.database import Database
from cdm.store.documents import load
from cdm.store.events import GONE, Change
from cdm.store.membership import successors
from cdm.store.tables import crosswalk, crosswalk_version, event, golden, golden_version, run

STATES = pa.schema(
    [
        ("golden_id", pa.string()),
        ("version", pa.int32()),
        ("members", pa.string()),
        ("fields", pa.string()),
        ("provenance", pa.string()),
    ]
)
"""Golden records of a moment; ``members`` is a JSON list of record ids, ``fields`` and ``provenance`` are documents."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the hub: what the change feed had told up to event ``seq``."""

    seq: int
    at: str
    """The time that was meant, as the store writes times."""


@dataclass(frozen=True, slots=True)
class Past:
    """One version of a golden record and what brought it about."""

    golden_id: str
    version: int
    seq: int
    at: str
    run_id: int
    run_kind: str
    kind: Change
    related: Sequence[str]
    members: Sequence[int]
    """Its source records from then on."""
    decision_id: int | None


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a source record belonged to a golden record; ``until_run_id`` is None where it still does."""

    golden_id: str
    since_run_id: int
    since: str
    until_run_id: int | None
    until: str | None


class History:
    """The history of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_run(self, number: int) -> Moment:
        """Return the moment at which a run had ended.

        Raises:
            NotFound: there is no such run.
            Conflict: it has not ended.
        """
        with self._database.read() as connection:
            row = connection.execute(select(run).where(run.c.id == number)).first()
        if row is None:
            raise NotFound(f"There is no run {number}.", remedy="List the runs with 'cdm runs'.", run=number)
        if row.finished_at is None:
            raise Conflict(
                f"Run {number} has not ended.", remedy="Wait for it, or name a time or another run.", run=number
            )
        return self.at(row.finished_at) if row.last_event is None else Moment(row.last_event, row.finished_at)

    def at(self, time: str) -> Moment:
        """Return the moment after the last event that is not later than a time (as the store writes times)."""
        query = select(func.max(event.c.seq)).where(event.c.at <= time)
        with self._database.read() as connection:
            return Moment(connection.execute(query).scalar() or 0, time)

    def versions(self, golden_id: str) -> list[Past]:
        """Return every version of a golden record, oldest first; raises ``NotFound``."""
        query = _pasts().where(event.c.golden_id == golden_id).order_by(event.c.seq)
        with self._database.read() as connection:
            successors(connection, golden_id)
            return [_past(row) for row in connection.execute(query)]

    def as_of(self, golden_id: str, moment: Moment) -> list[Past]:
        """Return what an id stood for at a moment: itself, or the golden records that held its records then.

        Raises:
            NotFound: no golden record had that id then.
        """
        with self._database.read() as connection:
            successors(connection, golden_id)
            found = _latest(connection, [golden_id], moment)
            if not found:
                raise NotFound(
                    f"The golden record {golden_id} did not exist yet at {moment.at}.",
                    remedy=f"See when it came about: cdm history {golden_id}.",
                    golden_id=golden_id,
                )
            if found[0].kind not in GONE:
                return found
            before = _pasts().where(event.c.golden_id == golden_id, event.c.seq < found[0].seq)
            last = connection.execute(before.order_by(event.c.seq.desc()).limit(1)).first()
            return _homes(connection, _past(last).members if last else (), moment)

    def home(self, record_id: int, moment: Moment) -> str | None:
        """Return the golden id a source record had at a moment, ``None`` where it had none."""
        with self._database.read() as connection:
            found = _homes(connection, [record_id], moment)
        return found[0].golden_id if found else None

    def stays(self, record_id: int) -> list[Stay]:
        """Return the golden records a source record has belonged to, in order."""
        c, v = crosswalk.c, crosswalk_version.c
        before = select(v.golden_id, v.since_run_id, v.until_run_id).where(v.record_id == record_id)
        now = select(c.golden_id, c.since_run_id).where(c.record_id == record_id)
        with self._database.read() as connection:
            rows = [tuple(row) for row in connection.execute(before.order_by(v.since_run_id, v.until_run_id))]
            rows += [(*row, None) for row in connection.execute(now)]
            runs = {number for _, since, until in rows for number in (since, until) if number is not None}
            began = select(run.c.id, run.c.started_at).where(one_of(connection, run.c.id, sorted(runs)))
            at: dict[int, str] = {row.id: row.started_at for row in connection.execute(began)}
        return [Stay(one, since, at[since], until, at[until] if until else None) for one, since, until in rows]

    def states(self, entity: str, moment: Moment) -> pa.Table:
        """Return all golden records of an entity type at a moment (:data:`STATES`), in the order of their ids."""
        e, g, v = event.c, golden, golden_version
        newest = select(func.max(e.seq)).where(e.entity == entity, e.seq <= moment.seq).group_by(e.golden_id)
        joined = event.outerjoin(g, and_(g.c.id == e.golden_id, g.c.version == e.version))
        joined = joined.outerjoin(v, and_(v.c.id == e.golden_id, v.c.version == e.version))
        documents = (func.coalesce(g.c[name], v.c[name]) for name in ("fields", "provenance"))
        query = select(e.golden_id, e.version, e.members, *documents).select_from(joined)
        query = query.where(e.seq.in_(newest), e.kind.not_in([kind.value for kind in GONE]))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(e.golden_id)).all()
        columns = list(zip(*rows, strict=True)) or [()] * len(STATES)
        return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, STATES, strict=True)], schema=STATES)


def _pasts() -> Select[Any]:
    return select(event, run.c.kind.label("run_kind")).select_from(event.outerjoin(run, run.c.id == event.c.run_id))


def _past(row: AnyRow) -> Past:
    return Past(
        golden_id=row.golden_id,
        version=row.version,
        seq=row.seq,
        at=row.at,
        run_id=row.run_id,
        run_kind=row.run_kind or "",
        kind=Change(row.kind),
        related=load(row.related),
        members=load(row.members),
        decision_id=row.decision_id,
    )


def _latest(connection: Connection, golden_ids: Sequence[str], moment: Moment) -> list[Past]:
    """Return the last event of each golden record up to a moment, in the order of their ids."""
    e = event.c
    up_to = and_(one_of(connection, e.golden_id, golden_ids), e.seq <= moment.seq)
    newest = select(func.max(e.seq)).where(up_to).group_by(e.golden_id)
    return [_past(row) for row in connection.execute(_pasts().where(e.seq.in_(newest)).order_by(e.golden_id))]


def _homes(connection: Connection, records: Iterable[int], moment: Moment) -> list[Past]:
    """Return the golden records that held any of some source records at a moment."""
    wanted = sorted(set(records))
    ever = union(
        *(
            select(t.c.golden_id).where(one_of(connection, t.c.record_id, wanted))
            for t in (crosswalk, crosswalk_version)
        )
    )
    ids = sorted(connection.execute(ever).scalars())
    return [one for one in _latest(connection, ids, moment) if not set(wanted).isdisjoint(one.members)]
