"""Small pages of records and small consolidations for tests of the hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from cdm.store import RECORD_PAGE, Consolidation, Store, UpsertCounts
from cdm.store.documents import dump
from schemas.source import SourceSpec

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    """The clock of the tests, in days."""
    return DAY + timedelta(days=number)


class Clock:
    """A clock that a test sets, and that goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def page(rows: Iterable[Mapping[str, Any]], entity: str = "person") -> pa.Table:
    """Return a page; each row has ``key``, may have ``updated_at``, ``findings``, ``origin``, ``party_key``,
    ``occurred_at``, ``entity``; everything else is a field."""
    own = {"key", "updated_at", "findings", "origin", "party_key", "occurred_at", "entity"}
    lines = []
    for number, row in enumerate(rows, start=2):
        fields = {name: value for name, value in row.items() if name not in own}
        lines.append(
            {
                "key": row["key"],
                "entity": row.get("entity", entity),
                "origin": row.get("origin", f"file.csv#{number}"),
                "raw": dump({name: str(value) for name, value in fields.items()}),
                "fields": dump(fields),
                "findings": dump(row.get("findings", [])),
                "updated_at": row.get("updated_at"),
                "party_key": row.get("party_key"),
                "occurred_at": row.get("occurred_at"),
            }
        )
    return pa.Table.from_pylist(lines, schema=RECORD_PAGE)


def register(store: Store, *names: str, trust: int = 50) -> None:
    """Register sources."""
    for name in names:
        store.sources.add(SourceSpec(name, "file", f"{name}.csv", trust=trust), day(0))


def read_all(
    store: Store, source: str, pages: Sequence[Sequence[Mapping[str, Any]]], at: int, *, full: bool = True, **more: Any
) -> UpsertCounts:
    """Read a source from start to end in one run."""
    run = store.runs.begin("ingest", day(at), source)
    counts = UpsertCounts()
    for number, rows in enumerate(pages):
        counts += store.records.upsert_page(source, page(rows), {"page": number}, run.id, day(at), **more)
    store.records.finish_read(source, run.id, day(at), full=full)
    store.runs.finish(run.id, day(at), {})
    return counts


def consolidation(groups: Mapping[str, Sequence[int]], entity: str = "person", **more: Any) -> Consolidation:
    """Return the consolidation of golden id → record ids."""
    golden = {
        "golden_id": list(groups),
        "fields": [dump({"full_name": "+".join(map(str, members))}) for members in groups.values()],
        "provenance": [dump({"*": [members[0], 1, "only", 1, 0]}) for members in groups.values()],
    }
    table = pa.table(
        {
            **{name: pa.array(values, pa.string()) for name, values in golden.items()},
            "score": pa.nulls(len(groups), pa.string()),
            "score_total": pa.nulls(len(groups), pa.float64()),
        }
    )
    pairs = [(record, identity) for identity, members in groups.items() for record in members]
    members = pa.table(
        {
            "record_id": pa.array([record for record, _ in pairs], pa.int64()),
            "golden_id": pa.array([identity for _, identity in pairs], pa.string()),
        }
    )
    return Consolidation(entity, table, members, **more)
