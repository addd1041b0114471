"""The runs of jobs: what is under way, what ended how, and what was cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from cdm.errors import Conflict, NotFound
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.events import last_number
from cdm.store.seal import seal
from cdm.store.sources import source_id
from cdm.store.tables import run, source

RUNNING = "running"
FINISHED = "finished"
FAILED = "failed"
HELD = "held"
"""It did not pass its checks: nothing of it is live until somebody releases it."""
RELEASED, REJECTED, REPLACED = "released", "rejected", "replaced"
"""What became of a run that was held: a steward let it through, refused it, or a later run took its place."""
ACCEPTED = "accepted"
"""Figure of a reading that passed its checks, or that somebody let through: it goes live, whoever goes on with it."""
PROGRESS = "progress"
"""Figure of a run that is going on: ``stage``, ``done``, ``total`` (or null), ``seconds`` since the stage began."""
STEP = "step"
"""Kind of the runs that carry out a steward's step."""
PUSH = "push"
"""Kind of the runs that take in what a program sent."""
_SMALL = (STEP, PUSH)
"""Too many and too small to be listed among the jobs."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job; ``resumed`` says that it goes on where a run that was cut off had stopped."""

    id: int
    kind: str
    source: str | None
    started_at: str
    finished_at: str | None
    status: str
    stats: Mapping[str, Any]
    resumed: bool = False
    flow_run: str | None = None
    """What the orchestrator calls the run it is part of."""


class Runs:
    """The run history of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, kind: str, now: datetime, source_name: str | None = None, *, flow_run: str | None = None) -> Run:
        """Start a run, or go on with the one of the same kind and source that never ended.

        A process that is killed leaves its run ``running``; the caller holds the hub's writer lock, so such a run
        cannot be alive.

        Args:
            kind: the job, e.g. ``ingest`` or ``consolidate``.
            now: the present time.
            source_name: the source, where the job has one.
            flow_run: what the orchestrator calls the run this one is part of.

        Returns:
            The run; ``resumed`` where it is the one that was cut off.

        Raises:
            NotFound: there is no source of that name.
        """
        with self._database.write() as connection:
            number = source_id(connection, source_name) if source_name is not None else None
            open_run = _select().where(
                run.c.kind == kind, run.c.status == RUNNING, run.c.source_id.is_not_distinct_from(number)
            )
            row = connection.execute(open_run.order_by(run.c.id.desc()).limit(1)).first()
            if row is not None:
                connection.execute(update(run).where(run.c.id == row.id).values(flow_run=flow_run))
                found = _run(row, resumed=True)
                noted = {name: figure for name, figure in found.stats.items() if name != PROGRESS}
                return replace(found, stats=noted, flow_run=flow_run)
            new = take_numbers(connection, "run", 1)[0]
            values = {"id": new, "kind": kind, "source_id": number, "started_at": stamp(now), "flow_run": flow_run}
            connection.execute(insert(run).values(**values, status=RUNNING, stats="{}"))
        return Run(new, kind, source_name, stamp(now), None, RUNNING, {}, flow_run=flow_run)

    def finish(self, run_id: int, now: datetime, stats: Mapping[str, Any], *, failed: bool = False) -> None:
        """End a run, and enter its outcome in the audit trail with a seal of what it told the change feed.

        Args:
            run_id: number of the run.
            now: the present time.
            stats: JSON-serialisable figures of the run.
            failed: True where it ended with an error; it is then not resumed.

        Raises:
            NotFound: there is no such run.
        """
        self._end(run_id, now, stats, FAILED if failed else FINISHED)

    def hold(self, run_id: int, now: datetime, stats: Mapping[str, Any]) -> None:
        """End a run that did not pass its checks; args, raises: as :meth:`finish`."""
        self._end(run_id, now, stats, HELD)

    def note(self, run_id: int, stats: Mapping[str, Any]) -> None:
        """Keep figures of a run that goes on, for the one that resumes it."""
        with self._database.write() as connection:
            connection.execute(update(run).where(run.c.id == run_id).values(stats=dump(dict(stats))))

    def tell(self, run_id: int, progress: Mapping[str, Any]) -> None:
        """Keep how far a run has come, beside the figures it noted, until it ends."""
        with self._database.write() as connection:
            going = (run.c.id == run_id) & (run.c.status == RUNNING)
            stats = connection.execute(select(run.c.stats).where(going)).scalar()
            if stats is not None:
                values = dump({**load(stats), PROGRESS: dict(progress)})
                connection.execute(update(run).where(going).values(stats=values))

    def decide(self, run_id: int, status: str, act: Act, now: datetime) -> Run:
        """Say what becomes of a run that was held, and enter it in the audit trail.

        Args:
            run_id: the run.
            status: ``released``, ``rejected``, ``replaced``; ``running`` where what it read goes live now.
            act: who says it and why.
            now: the present time.

        Returns:
            The run as it was held.

        Raises:
            NotFound: there is no such run.
            Conflict: it is not held, or not any more.
        """
        held = self.get(run_id)
        with self._database.write() as connection:
            change = update(run).where(run.c.id == run_id, run.c.status == HELD)
            stats = {**held.stats, status if status != RUNNING else ACCEPTED: {"by": act.actor, **act.detail}}
            done = connection.execute(change.values(status=status, stats=dump(stats)).returning(run.c.id)).scalar()
            if done is None:
                raise Conflict(
                    f"Run {run_id} is not held; its status is '{self.get(run_id).status}'.",
                    remedy="List the runs with 'cdm runs'; only those that are held can be released or rejected.",
                    run=run_id,
                )
            log(connection, act, now)
        return held

    def replace_held(self, run_id: int) -> None:
        """Close the runs of the same kind that are held: this one took their place."""
        same = select(run.c.kind).where(run.c.id == run_id).scalar_subquery()
        older = (run.c.kind == same) & (run.c.id != run_id) & (run.c.status == HELD)
        with self._database.write() as connection:
            connection.execute(update(run).where(older).values(status=REPLACED))

    def _end(self, run_id: int, now: datetime, stats: Mapping[str, Any], status: str) -> None:
        values: dict[str, Any] = {"finished_at": stamp(now), "status": status, "stats": dump(dict(stats))}
        with self._database.write() as connection:
            values["last_event"] = last_number(connection)
            ended = update(run).where(run.c.id == run_id).values(values).returning(run.c.kind)
            kind = connection.execute(ended).scalar()
            if kind is None:
                raise _missing(run_id)
            sealed = seal(connection, values["last_event"])
            detail = {"status": values["status"], "stats": dict(stats), **({"feed": asdict(sealed)} if sealed else {})}
            log(connection, Act("hub", kind, f"run {run_id}", detail), now)

    def get(self, run_id: int) -> Run:
        """Return one run; raises ``NotFound``."""
        with self._database.read() as connection:
            row = connection.execute(_select().where(run.c.id == run_id)).first()
        if row is None:
            raise _missing(run_id)
        return _run(row)

    def list(
        self,
        limit: int = 20,
        *,
        kind: str | None = None,
        source_name: str | None = None,
        status: str | None = None,
    ) -> list[Run]:
        """Return the newest runs first, of one kind, source or status where asked for; steps and pushes only by
        their kind."""
        query = _select().order_by(run.c.id.desc()).limit(limit)
        query = query.where(run.c.kind.not_in(_SMALL) if kind is None else run.c.kind == kind)
        if source_name is not None:
            query = query.where(source.c.name == source_name)
        if status is not None:
            query = query.where(run.c.status == status)
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(query)]


def _select() -> Select[Any]:
    r = run.c
    columns = (r.id, r.kind, source.c.name, r.started_at, r.finished_at, r.status, r.stats, r.flow_run)
    return select(*columns).select_from(run.outerjoin(source))


def _run(row: AnyRow, *, resumed: bool = False) -> Run:
    times = (row.started_at, row.finished_at)
    return Run(row.id, row.kind, row.name, *times, row.status, load(row.stats), resumed, row.flow_run)


def _missing(run_id: int) -> NotFound:
    return NotFound(f"There is no run {run_id}.", remedy="List the runs with 'cdm runs'.", run=run_id)
