"""Read one source into the hub, page by page; each page and the position behind it are one transaction.

The first reading of a source goes live as it is read. From then on a source of some size is staged: its pages are kept
safe beside the records, judged when the reading has come to its end (:mod:`cdm.pipeline.gates`), and only then go live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.gates import Breach, Profile, Reading, judge_reading, told
from cdm.pipeline.hub import Hub
from cdm.pipeline.memory import give_back, rare_collection
from cdm.pipeline.opening import connector_of
from cdm.pipeline.page_reader import Occurrences, PageReader
from cdm.pipeline.page_workers import cleansed_pages, worker_count
from cdm.pipeline.sources import mapping_of
from cdm.pipeline.watched import Watched
from cdm.store.audit import Act
from cdm.store.clock import stamp
from cdm.store.ingest import UpsertCounts
from cdm.store.runs import ACCEPTED, FAILED, FINISHED, RELEASED, RUNNING, Run
from cdm.store.staging import StagedPage
from connectors.contract import Cursor, Page
from connectors.registry import PUSH
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
    run_id: int = 0
    held: Sequence[Breach] = ()
    """Why nothing of it is live; empty where all of it is."""

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
        if self.held:
            why = told(self.held, language)
            said = [f"运行 {self.run_id} 已暂停生效：{why}" if zh else f"run {self.run_id} is held: {why}"]
        said = said or ["没有记录" if zh else "no records"]
        if self.resumed:
            said.append("从中断处继续" if zh else "went on where it was interrupted")
        return f"{self.source}：{'，'.join(said)}" if zh else f"{self.source}: {', '.join(said)}"


@rare_collection()
def ingest_source(hub: Hub, name: str, progress: Progress = silent, *, full: bool = False) -> IngestCounts:
    """Read a source from where the last reading stands and store what is new or changed.

    A source whose records are sent is not read.

    Args:
        hub: the open hub.
        name: the source.
        progress: told after every page.
        full: read from the start even where the source can say what changed.

    Returns:
        What it brought; ``held`` says why nothing of it is live where it did not pass its checks.

    Raises:
        SourceError: the source cannot be read; what was live before stays.
        StoreError: the database refused; the next call goes on behind the last stored page.
    """
    spec = hub.source(name)
    mapping_of(spec)
    if spec.connector == PUSH:
        return IngestCounts(name)
    with hub.store.writer():
        return _carry_through(hub, spec, _begin(hub, spec, full=full), progress)


def release_reading(hub: Hub, held: Run, act: Act, progress: Progress = silent) -> IngestCounts:
    """Let a reading that is held go live as it was read.

    Args:
        hub: the open hub; the caller is its writer.
        held: the run.
        act: who lets it through, and why.
        progress: told after every page.

    Raises:
        Conflict: it is not held any more.
    """
    assert held.source is not None
    hub.store.runs.decide(held.id, RUNNING, act, hub.now())
    stats = hub.store.runs.get(held.id).stats
    reading = _Reading(held.id, None, resumed=False, changes=held.kind == CHANGES, staged=True, stats=stats)
    return _carry_through(hub, hub.source(held.source), reading, progress)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a source: its run, where it starts, whether it goes on with one that was cut off, and how."""

    run_id: int
    start: Cursor | None
    resumed: bool
    changes: bool
    staged: bool
    known: int = 0
    """Live records of the source when it began."""
    stats: Mapping[str, Any] = field(default_factory=dict)
    """What is noted with the run already."""


def _carry_through(hub: Hub, spec: SourceSpec, reading: _Reading, progress: Progress) -> IngestCounts:
    """Read, judge and let go live, or hold."""
    runs, staging = hub.store.runs, hub.store.staging
    progress = Watched(hub, reading.run_id, progress)
    try:
        noted, counts = reading.stats, UpsertCounts()
        if ACCEPTED not in noted:
            counts, profile = _read(hub, spec, reading, progress)
            noted = {} if reading.changes else {"profile": profile.as_json()}
            breaches = _judge(hub, spec, reading, profile)
            if breaches:
                runs.hold(reading.run_id, hub.now(), {**noted, "held": [one.as_json() for one in breaches]})
                staging.replace_others(reading.run_id)
                return IngestCounts(spec.name, resumed=reading.resumed, run_id=reading.run_id, held=breaches)
        if reading.staged:
            runs.note(reading.run_id, {ACCEPTED: {}, **noted})
            counts = _go_live(hub, spec, reading, progress)
        finished = hub.store.records.finish_read(spec.name, reading.run_id, hub.now(), full=not reading.changes)
    except Exception as error:
        # A failed reading is not resumed as the same run, yet its live pages and their position stay.
        runs.finish(reading.run_id, hub.now(), {"error": str(error)}, failed=True)
        staging.drop(reading.run_id)
        raise
    done = IngestCounts(spec.name, counts, finished.deleted, reading.resumed, reading.run_id)
    runs.finish(reading.run_id, hub.now(), {**_stats(done), **noted})
    staging.replace_others(reading.run_id)
    give_back()
    return done


def _begin(hub: Hub, spec: SourceSpec, *, full: bool) -> _Reading:
    """Decide what to read: the rest of a reading of all that was cut off, what changed, or all."""
    position = hub.store.records.position(spec.name)
    live = position.run_id if position is not None else None
    cut_off = _cut_off(hub, spec.name, live)
    changes = position is not None and not full and not cut_off and _reads_changes(hub, spec, position.run_id)
    run = hub.store.runs.begin(CHANGES if changes else WHOLE, hub.now(), spec.name, flow_run=hub.flow_run)
    known, staged = hub.store.records.live_count(spec.name), hub.store.staging.cursor(run.id)
    resumed = staged is not None or live == run.id or ACCEPTED in run.stats
    # Without a key rows are told apart by how often they came before: such a source is read from its start again.
    keyed = mapping_of(spec).key is not None
    if staged is not None and not keyed and ACCEPTED not in run.stats:
        hub.store.staging.drop(run.id)
    start = position.cursor if position is not None and (changes or (live == run.id and keyed)) else None
    apart = staged is not None or ACCEPTED in run.stats or (live != run.id and known >= hub.settings.gate_minimum)
    start = staged if staged is not None and keyed else start
    return _Reading(run.id, start, resumed, changes, apart, 0 if live == run.id else known, run.stats)


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
    return any(one.status in (FINISHED, RELEASED) and one.started_at > due for one in whole)


def _cut_off(hub: Hub, source: str, live: int | None) -> bool:
    """Tell whether the last reading of the whole source was cut off after some of it was kept."""
    before = hub.store.runs.list(1, kind=WHOLE, source_name=source)
    if not before or before[0].status != RUNNING:
        return False
    kept = live == before[0].id or hub.store.staging.cursor(before[0].id) is not None
    return kept or ACCEPTED in before[0].stats


def _read(hub: Hub, spec: SourceSpec, reading: _Reading, progress: Progress) -> tuple[UpsertCounts, Profile]:
    """Read to the end, into the staging or live; return what became of live rows, and the profile of all."""
    counts, profiles = UpsertCounts(), []
    for page, records in _pages(hub, spec, reading, progress):
        profile = Profile.of(records, len(page.rejects), hub.model)
        if reading.staged:
            hub.store.staging.add(reading.run_id, StagedPage(records, page.rejects, page.cursor, profile.as_json()))
        else:
            counts += _store(hub, spec, StagedPage(records, page.rejects, page.cursor, {}), reading.run_id)
            profiles.append(profile)
    if reading.staged:
        profiles = [Profile.from_json(one) for one in hub.store.staging.profiles(reading.run_id)]
    return counts, Profile.total(profiles)


def _pages(hub: Hub, spec: SourceSpec, reading: _Reading, progress: Progress) -> Iterator[tuple[Page, pa.Table]]:
    """Yield the pages of the source with their records, cleansed and keyed."""
    connector = connector_of(spec, hub.settings)
    dataset = connector.describe()
    reader = PageReader.of(hub, mapping_of(spec), dataset.sample)
    total, done = dataset.rows if reading.start is None else None, 0
    occurrences = Occurrences() if reader.mapping.key is None else None
    pages = connector.read(reading.start, hub.settings.page_size)
    with closing(cleansed_pages(reader, pages, worker_count(hub.settings.workers))) as cleansed:
        for page, records in cleansed:
            yield page, records if occurrences is None else occurrences.number(records)
            done += page.table.num_rows
            progress(f"ingest {spec.name}", done, total)
    progress(f"ingest {spec.name}", done, done)


def _judge(hub: Hub, spec: SourceSpec, reading: _Reading, profile: Profile) -> list[Breach]:
    whole = not reading.changes
    missing = _missing(hub, spec.name, reading.run_id) if whole and reading.staged else 0
    before = hub.store.runs.list(1, kind=WHOLE, source_name=spec.name, status=FINISHED)
    known = before[0].stats.get("profile") if before else None
    last = Profile.from_json(known) if known else None
    return judge_reading(Reading(spec.name, profile, reading.known, missing, whole, last), hub.settings)


def _missing(hub: Hub, source: str, run_id: int) -> int:
    """Return how many live records of a source a staged reading did not meet."""
    keys = [page.records.column("key") for page in hub.store.staging.pages(run_id)]
    met = pa.chunked_array([chunk for column in keys for chunk in column.chunks], pa.string())
    known = hub.store.records.live_keys(source)
    return len(known) - int(pc.sum(pc.is_in(known, value_set=met.combine_chunks())).as_py() or 0)


def _go_live(hub: Hub, spec: SourceSpec, reading: _Reading, progress: Progress) -> UpsertCounts:
    """Make the staged pages live one by one."""
    counts, done = UpsertCounts(), 0
    for page in hub.store.staging.pages(reading.run_id):
        counts += _store(hub, spec, page, reading.run_id)
        done += page.records.num_rows
        progress(f"go live {spec.name}", done)
    return counts


def _store(hub: Hub, spec: SourceSpec, page: StagedPage, run_id: int) -> UpsertCounts:
    party = mapping_of(spec).party
    return hub.store.records.upsert_page(
        spec.name,
        page.records,
        page.cursor,
        run_id,
        hub.now(),
        rejects=page.rejects,
        party_source=party.source if party else None,
        staged=page.number or None,
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
