"""Try quarantined rows again, after the mapping, the model or the cleansing was mended."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from cdm.pipeline.hub import Hub
from cdm.pipeline.opening import connector_of
from cdm.pipeline.page_reader import PageReader
from cdm.pipeline.sources import mapping_of
from cdm.store.page import KEY_PROBLEMS, usable
from cdm.store.quarantine import RETRIED, Quarantined
from schemas.source import SourceSpec

BATCH = 10_000


def retry_quarantine(hub: Hub, name: str | None) -> tuple[int, int]:
    """Store the quarantined rows that have a usable key now; rows that the file garbles are mended in the file.

    Args:
        hub: the open hub.
        name: the source, or ``None`` for all of them.

    Returns:
        How many rows became records, and how many stay in quarantine.
    """
    specs = [hub.source(name)] if name else hub.sources()
    with hub.store.writer():
        results = [_retry_source(hub, spec) for spec in specs]
    return sum(done for done, _ in results), sum(left for _, left in results)


def _retry_source(hub: Hub, spec: SourceSpec) -> tuple[int, int]:
    waiting = _waiting(hub, spec.name)
    if not waiting:
        return 0, 0
    fit = [row for row in waiting if row.code in KEY_PROBLEMS]
    if not fit:
        return 0, len(waiting)
    reader = PageReader.of(hub, mapping_of(spec), connector_of(spec, hub.settings).describe().sample)
    done = _store(hub, spec, reader, fit)
    return done, len(waiting) - done


def _waiting(hub: Hub, name: str) -> list[Quarantined]:
    rows: list[Quarantined] = []
    while batch := hub.store.quarantine.list(name, after=rows[-1].id if rows else 0, limit=BATCH):
        rows += batch
    return rows


def _store(hub: Hub, spec: SourceSpec, reader: PageReader, rows: Sequence[Quarantined]) -> int:
    mapping = reader.mapping
    names = dict.fromkeys([*(c.column for c in mapping.columns), *(name for row in rows for name in row.raw)])
    raw = pa.table({name: pa.array([row.raw.get(name) for row in rows], pa.string()) for name in names})
    table = reader.records(raw, pa.array([row.origin for row in rows], pa.string()))
    good = [place for place, key in enumerate(table.column("key").to_pylist()) if usable(key)]
    if not good:
        return 0
    run = hub.store.runs.begin("retry", hub.now(), spec.name)
    hub.store.records.upsert_page(
        spec.name,
        table.take(pa.array(good)),
        None,
        run.id,
        hub.now(),
        party_source=mapping.party.source if mapping.party else None,
    )
    hub.store.quarantine.resolve([rows[i].id for i in good], RETRIED, hub.now())
    hub.store.runs.finish(run.id, hub.now(), {"retried": len(good)})
    return len(good)
