"""Read one source into the hub, page by page; each page and the position behind it are one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.hub import Hub
from cdm.pipeline.prepare import Prepared, prepare
from cdm.pipeline.sources import connector_of, mapping_of
from cdm.store.documents import finding_documents, to_documents
from cdm.store.ingest import UpsertCounts
from cdm.store.page import RECORD_PAGE
from cdm.store.runs import RUNNING
from connectors.contract import Cursor, Page
from schemas.mapping import Mapping
from schemas.progress import Progress, silent
from schemas.source import SourceSpec

PARTY_KEY, OCCURRED_AT = "party_key", "occurred_at"
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
    changes = position is not None and "updated_at" in spec.options and not full and not cut_off
    run = hub.store.runs.begin(CHANGES if changes else WHOLE, hub.now(), spec.name)
    resumed = position is not None and position.run_id == run.id
    start = position.cursor if position is not None and (changes or resumed) else None
    return _Reading(run.id, start, resumed, changes)


def _read(hub: Hub, spec: SourceSpec, reading: _Reading, progress: Progress) -> IngestCounts:
    mapping = mapping_of(spec)
    counts, done = UpsertCounts(), 0
    for page in connector_of(spec).read(reading.start, hub.settings.page_size):
        counts += store_page(hub, spec, mapping, page, reading.run_id)
        done += page.table.num_rows
        progress(f"ingest {spec.name}", done, None)
    progress(f"ingest {spec.name}", done, done)
    finished = hub.store.records.finish_read(spec.name, reading.run_id, hub.now(), full=not reading.changes)
    return IngestCounts(spec.name, counts, finished.deleted, reading.resumed)


def store_page(hub: Hub, spec: SourceSpec, mapping: Mapping, page: Page, run_id: int) -> UpsertCounts:
    """Route, cleanse and store one page."""
    return hub.store.records.upsert_page(
        spec.name,
        record_page(hub, mapping, page.table, pa.array(page.origins, pa.string())),
        page.cursor,
        run_id,
        hub.now(),
        rejects=page.rejects,
        party_source=mapping.party.source if mapping.party else None,
    )


def record_page(hub: Hub, mapping: Mapping, raw: pa.Table, origins: pa.Array) -> pa.Table:
    """Return the rows of a raw page as the store takes them (``cdm.store.page.RECORD_PAGE``), in their order."""
    if raw.num_rows == 0:
        return RECORD_PAGE.empty_table()
    documents = to_documents(raw)
    keys = _keys(raw, mapping, documents)
    updated = _column(raw, mapping.updated_at)
    parts = prepare(raw, mapping, hub.model, country=hub.settings.country, today=hub.now().date())
    blocks = []
    order = []
    for part in parts:
        rows = pa.array(part.rows)
        order.append(part.rows)
        given = [column.take(rows) for column in (keys, origins, documents, updated)]
        blocks.append(_block(hub, part, given))
    table = pa.concat_tables(blocks)
    return table.take(pa.array(np.argsort(np.concatenate(order), kind="stable")))


def _block(hub: Hub, part: Prepared, given: Sequence[pa.Array]) -> pa.Table:
    keys, origins, raw, updated = given
    cleansed, count = part.batch.table, len(part.rows)
    columns = {
        "key": keys,
        "entity": pa.array([part.entity] * count, pa.string()),
        "origin": origins,
        "raw": raw,
        "fields": to_documents(cleansed) if cleansed.num_columns else pa.array(["{}"] * count),
        "findings": finding_documents(part.batch.findings, count),
        "updated_at": _iso(updated, hub),
        "party_key": _column(cleansed, PARTY_KEY, count),
        "occurred_at": _column(cleansed, OCCURRED_AT, count),
    }
    return pa.table(
        [pa.array(c) if not isinstance(c, pa.ChunkedArray) else c for c in columns.values()], schema=RECORD_PAGE
    )


def _iso(values: pa.Array, hub: Hub) -> pa.Array:
    """Standardise the times at which the source says its records changed."""
    from quality.cleanse.engine import standardise
    from schemas.types import SemanticType

    return standardise(values, SemanticType.DATETIME, hub.settings.country)


def _keys(raw: pa.Table, mapping: Mapping, documents: pa.Array) -> pa.Array:
    """Return the key column, or a hash of the content where the source has no key."""
    if mapping.key is not None:
        return _column(raw, mapping.key)
    from cdm.store.documents import content_hashes

    return pa.array(content_hashes(documents), pa.string())


def _column(table: pa.Table, name: str | None, count: int | None = None) -> pa.Array:
    if name is None or name not in table.column_names:
        return pa.nulls(table.num_rows if count is None else count, pa.string())
    column = table.column(name).combine_chunks()
    return pc.utf8_trim_whitespace(column)


def _stats(counts: IngestCounts) -> dict[str, int]:
    r = counts.rows
    return {
        "inserted": r.inserted,
        "updated": r.updated,
        "unchanged": r.unchanged,
        "deleted": counts.deleted,
        "quarantined": r.quarantined,
    }
