"""Bring targets up to date: by what changed since the last time, or from scratch where that cannot be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from cdm.errors import CdmError
from cdm.pipeline.hub import Hub
from cdm.pipeline.publish.columns import Plan, fingerprint, plans_of, sources_shown
from cdm.pipeline.publish.database import Tables, note, write_all, write_some, writing
from cdm.pipeline.publish.files import TYPED, expected, path_of, write_files
from cdm.pipeline.publish.options import Options, database_url
from cdm.pipeline.publish.rows import rows_of
from cdm.store.clock import stamp
from cdm.store.targets import Target
from connectors.location import is_url
from schemas.progress import Progress, silent

AT_A_TIME = 10_000
"""Changed golden records that are in memory at once."""
FEW = 0.3
"""Up to this share of changed golden records it is less work to replace them than to write everything."""


class How(StrEnum):
    """How a target was brought up to date."""

    FULL = "full"
    CHANGES = "changes"
    NOTHING = "nothing new"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one target.

    Attributes:
        target: its name.
        how: what was done.
        golden: golden records written.
        position: number of the last event it holds the outcome of.
        error: what went wrong; ``None`` where nothing did.
    """

    target: str
    how: How
    golden: int = 0
    position: int = 0
    error: CdmError | None = None


def publish_all(
    hub: Hub, names: Sequence[str] | None = None, *, full: bool = False, progress: Progress = silent
) -> list[Published]:
    """Bring targets up to date; one that fails is noted with its reason and does not stop the others.

    Args:
        hub: the open hub.
        names: of these targets; of all where ``None``.
        full: write everything, whatever they hold.
        progress: told about targets.

    Returns:
        What became of each.

    Raises:
        NotFound: there is no target of a name.
        StoreError: the hub cannot be read.
    """
    targets = hub.store.targets.list() if names is None else [hub.store.targets.get(name) for name in names]
    done = []
    for number, target in enumerate(targets):
        progress("publish", number, len(targets))
        try:
            done.append(_publish(hub, target, full=full))
        except CdmError as error:
            hub.store.targets.failed(target.name, error.message, hub.now())
            done.append(Published(target.name, How.FAILED, position=target.position or 0, error=error))
    progress("publish", len(targets), len(targets))
    return done


def _publish(hub: Hub, target: Target, *, full: bool) -> Published:
    options = Options.of(target.options)
    plans, sources = plans_of(hub, options), sources_shown(hub, options)
    job = Job(hub, target, options, plans, sources, fingerprint(plans, sources, options))
    done = job.to_database(full=full) if is_url(target.location) else job.to_files(full=full)
    told = {"how": done.how.value, "golden": done.golden, "role": options.role.value, "sensitive": options.sensitive}
    news = None if done.how is How.NOTHING else told
    hub.store.targets.published(target.name, done.position, job.shape, hub.now(), news)
    return done


@dataclass(frozen=True)
class Job:
    """One target being brought up to date; ``shape`` is the fingerprint of what it holds."""

    hub: Hub
    target: Target
    options: Options
    plans: Sequence[Plan]
    sources: frozenset[str]
    shape: str

    def to_files(self, *, full: bool) -> Published:
        """Write the files anew where anything changed."""
        path = path_of(self.target.location)
        position = self.hub.store.events.last()  # before reading: what is read may be newer, which does no harm
        names = [*(plan.entity.name for plan in self.plans), "crosswalk", "former"]
        there = all(file.is_file() for file in expected(path, names))
        if not full and there and (self.target.position, self.target.fingerprint) == (position, self.shape):
            return Published(self.target.name, How.NOTHING, 0, position)
        rows = rows_of(self.hub, self.plans, self.sources, typed=path.suffix.lower() == TYPED)
        write_files(path, rows, self.options)
        return Published(self.target.name, How.FULL, rows.count, position)

    def to_database(self, *, full: bool) -> Published:
        """Write what changed, or everything; the database itself knows how far it has got."""
        tables = Tables(self.plans, self.options.prefix)
        with writing(database_url(self.target.location), self.options.prefix) as connection:
            standing = None if full else tables.standing(connection)
            position, ids = self._news(standing)
            if ids is not None:
                count = self._changes(connection, tables, ids)
                how = How.CHANGES if ids else How.NOTHING
            else:
                rows = rows_of(self.hub, self.plans, self.sources)
                write_all(connection, tables, rows, self.shape)
                count, how = rows.count, How.FULL
            note(connection, tables, position, self.shape, stamp(self.hub.now()))
        return Published(self.target.name, how, count, position)

    def _news(self, standing: tuple[int, str] | None) -> tuple[int, list[str] | None]:
        """Return the newest event, and the golden records that changed since; ``None`` for: write everything."""
        events = self.hub.store.events
        if standing is None or standing[1] != self.shape or standing[0] > events.last():
            return events.last(), None
        position, ids = events.touched(standing[0])
        live = sum(count for count, _ in self.hub.store.golden.count().values())
        return position, ids if len(ids) <= max(FEW * live, AT_A_TIME) else None

    def _changes(self, connection: Connection, tables: Tables, ids: Sequence[str]) -> int:
        count = 0
        for start in range(0, len(ids), AT_A_TIME):
            some = ids[start : start + AT_A_TIME]
            rows = rows_of(self.hub, self.plans, self.sources, some)
            write_some(connection, tables, rows, some)
            count += rows.count
        return count
