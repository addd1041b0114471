"""The runs of jobs: what is under way, what ended how, and what was cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from cdm.errors import NotFound
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
STEP = "step"
"""Kind of the runs that carry out a steward's step; too many and too small to be listed among the jobs."""


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


class Runs:
    """The run history of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, kind: str, now: datetime, source_name: str | None = None) -> Run:
        """Start a run, or go on with the one of the same kind and source that never ended.

        A process that is killed leaves its run ``running``; the caller holds the hub's writer lock, so such a run
        cannot be alive.

        Args:
            kind: the job, e.g. ``ingest`` or ``consolidate``.
            now: the present time.
            source_name: the source, where the job has one.

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
                return _run(row, resumed=True)
            new = take_numbers(connection, "run", 1)[0]
            values = {"id": new, "kind": kind, "source_id": number, "started_at": stamp(now)}
            connection.execute(insert(run).values(**values, status=RUNNING, stats="{}"))
        return Run(new, kind, source_name, stamp(now), None, RUNNING, {})

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
        values: dict[str, Any] = {
            "finished_at": stamp(now),
            "status": FAILED if failed else FINISHED,
            "stats": dump(dict(stats)),
        }
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

    def list(self, limit: int = 20, *, kind: str | None = None, source_name: str | None = None) -> list[Run]:
        """Return the newest runs first, of one kind or source where asked for; stewards' steps only by their kind."""
        query = _select().order_by(run.c.id.desc()).limit(limit)
        query = query.where(run.c.kind != STEP if kind is None else run.c.kind == kind)
        if source_name is not None:
            query = query.where(source.c.name == source_name)
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(query)]


def _select() -> Select[Any]:
    columns = (run.c.id, run.c.kind, source.c.name, run.c.started_at, run.c.finished_at, run.c.status, run.c.stats)
    return select(*columns).select_from(run.outerjoin(source))


def _run(row: AnyRow, *, resumed: bool = False) -> Run:
    return Run(row.id, row.kind, row.name, row.started_at, row.finished_at, row.status, load(row.stats), resumed)


def _missing(run_id: int) -> NotFound:
    return NotFound(f"There is no run {run_id}.", remedy="List the runs with 'cdm runs'.", run=run_id)
