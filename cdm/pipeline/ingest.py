"""Read one source into the hub, page by page; each page and the position behind it are one transaction."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

import pyarrow as pa

from cdm.pipeline.hub import Hub
from cdm.pipeline.memory import give_back, rare_collection
from cdm.pipeline.opening import connector_of
from cdm.pipeline.page_reader import Occurrences, PageReader
from cdm.pipeline.page_workers import cleansed_pages, worker_count
from cdm.pipeline.sources import mapping_of
from cdm.store.clock import stamp
from cdm.store.ingest import UpsertCounts
from cdm.store.runs import FAILED, FINISHED, RUNNING
from connectors.contract import Cursor, Page
from schemas.progress import Progress, silent
from schemas.source import SourceSpec

WHOLE, CHANGES = "ingest", "ingest changes"
"""The two kinds of runs that read a source: all of it, or what changed since the last reading. One that was cut off is
only ever resumed as what it was: a reading of changes must not take the records it does not meet for deleted."""


@dataclass(frozen=True, slots=True)
class IngestCounts:
    """What one reading of a source brought."""

    source: str
    rows: UpsertCounts = field(default_factory=UpsertCounts)
    deleted: int = 0
    resumed: bool = False

    def text(self, language: str) -> str:
        """Return one line for people."""
        r, zh = self.rows, language == "zh"
        words = [
            (r.inserted, "新增", "new"),
            (r.updated, "更新", "changed"),
            (r.unchanged, "未变", "unchanged"),
            (r.revived, "恢复", "there again"),
            (self.deleted, "来源已删", "deleted at source"),
            (r.quarantined, "隔离", "put into quarantine"),
        ]
        said = [f"{in_zh} {n:,}" if zh else f"{n:,} {in_en}" for n, in_zh, in_en in words if n]
        said = said or ["没有记录" if zh else "no records"]
        if self.resumed:
            said.append("从中断处继续" if zh else "went on where it was interrupted")
        return f"{self.source}：{'，'.join(said)}" if zh else f"{self.source}: {', '.join(said)}"


@rare_collection()
def ingest_source(hub: Hub, name: str, progress: Progress = silent, *, full: bool = False) -> IngestCounts:
    """Read a source from where the last reading stands and store what is new or changed.

    Args:
        hub: the open hub.
        name: the source.
        progress: told after every page.
        full: read from the start even where the source can say what changed.

    Raises:
        SourceError: the source cannot be read; what was stored before stays.
        StoreError: the database refused; the next call goes on behind the last stored page.
    """
    spec = hub.source(name)
    mapping_of(spec)
    with hub.store.writer():
        reading = _begin(hub, spec, full=full)
        try:
            counts = _read(hub, spec, reading, progress)
        except Exception as error:
            # A failed reading is not resumed as the same run, yet its stored pages and their position stay.
            hub.store.runs.finish(reading.run_id, hub.now(), {"error": str(error)}, failed=True)
            raise
        hub.store.runs.finish(reading.run_id, hub.now(), _stats(counts))
    give_back()
    return counts


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a source: its run, where it starts, and whether it goes on with one that was cut off."""

    run_id: int
    start: Cursor | None
    resumed: bool
    changes: bool


def _begin(hub: Hub, spec: SourceSpec, *, full: bool) -> _Reading:
    """Decide what to read: the rest of a reading of all that was cut off, what changed, or all."""
    position = hub.store.records.position(spec.name)
    before = hub.store.runs.list(1, kind=WHOLE, source_name=spec.name)
    cut_off = position is not None and bool(before) and position.run_id == before[0].id and before[0].status == RUNNING
    changes = position is not None and not full and not cut_off and _reads_changes(hub, spec, position.run_id)
    run = hub.store.runs.begin(CHANGES if changes else WHOLE, hub.now(), spec.name)
    resumed = position is not None and position.run_id == run.id
    # Without a key rows are told apart by how often they came before: such a source is read from its start again.
    goes_on = changes or (resumed and mapping_of(spec).key is not None)
    start = position.cursor if position is not None and goes_on else None
    return _Reading(run.id, start, resumed, changes)


def _reads_changes(hub: Hub, spec: SourceSpec, run_id: int) -> bool:
    """Tell whether the source is asked for what changed only.

    Deletes, and changes that leave no trace, come to light when everything is read: that is due again some days after
    it was last done. Where it failed on the way, the rest is read first.

    Args:
        hub: the open hub.
        spec: the source.
        run_id: the run that stored its position.
    """
    from connectors.registry import change_reading

    policy = change_reading(spec)
    if not policy.possible or policy.sweep_days is None:
        return policy.possible
    whole = hub.store.runs.list(10, kind=WHOLE, source_name=spec.name)
    if whole and whole[0].id == run_id and whole[0].status == FAILED:
        return True
    due = stamp(hub.now() - timedelta(days=policy.sweep_days))
    return any(one.status == FINISHED and one.started_at > due for one in whole)


def _read(hub: Hub, spec: SourceSpec, reading: _Reading, progress: Progress) -> IngestCounts:
    connector = connector_of(spec, hub.settings)
    dataset = connector.describe()
    reader = PageReader.of(hub, mapping_of(spec), dataset.sample)
    total = dataset.rows if reading.start is None else None
    counts, done = UpsertCounts(), 0
    occurrences = Occurrences() if reader.mapping.key is None else None
    pages = connector.read(reading.start, hub.settings.page_size)
    with closing(cleansed_pages(reader, pages, worker_count(hub.settings.workers))) as cleansed:
        for page, records in cleansed:
            keyed = records if occurrences is None else occurrences.number(records)
            counts += _store(hub, spec, page, keyed, reading.run_id)
            done += page.table.num_rows
            progress(f"ingest {spec.name}", done, total)
    progress(f"ingest {spec.name}", done, done)
    finished = hub.store.records.finish_read(spec.name, reading.run_id, hub.now(), full=not reading.changes)
    return IngestCounts(spec.name, counts, finished.deleted, reading.resumed)


def _store(hub: Hub, spec: SourceSpec, page: Page, records: pa.Table, run_id: int) -> UpsertCounts:
    party = mapping_of(spec).party
    return hub.store.records.upsert_page(
        spec.name,
        records,
        page.cursor,
        run_id,
        hub.now(),
        rejects=page.rejects,
        party_source=party.source if party else None,
    )


def _stats(counts: IngestCounts) -> dict[str, int]:
    r = counts.rows
    return {
        "inserted": r.inserted,
        "updated": r.updated,
        "unchanged": r.unchanged,
        "deleted": counts.deleted,
        "quarantined": r.quarantined,
    }
