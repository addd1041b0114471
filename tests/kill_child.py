"""A small company's nights for the kill test: every round reads two sources and consolidates.

Run as ``python -m kill_child URL LAST_ROUND``. Everything is decided by the number of the round (rows, clock, clusters,
even the random bits of new ids), so that a run that was cut off must end in the very state of one that was not.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hub_pages import page

from cdm.identity import assign, mint_at
from cdm.store import Consolidation, Store
from cdm.survivorship import consolidate
from connectors.contract import Reject
from schemas.model import EntityType, Field, Label
from schemas.source import SourceSpec
from schemas.types import EntityKind, SemanticType

LABEL = Label("字段", "field")
PERSON = EntityType(
    "person",
    LABEL,
    EntityKind.PARTY,
    {
        "full_name": Field("full_name", LABEL, SemanticType.PERSON_NAME),
        "phone": Field("phone", LABEL, SemanticType.PHONE, multi=True),
    },
)
SOURCES = ("crm", "shop")
CUSTOMERS, PAGE = 120, 20
Step = Callable[[int, str], None]


def clock(number: int) -> datetime:
    """The time at which a round takes place."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


def rows(source: str, number: int) -> list[dict[str, Any]]:
    """What a source says in a round: some customers changed, some gone, some keys repeated, some blank."""
    found = []
    for customer in range(CUSTOMERS):
        if (customer + number) % 17 == 0:
            continue
        age = (customer * 7 + number) // 5
        row = {"key": f"{source}-{customer}", "full_name": f"客户{customer} v{age}", "phone": [f"+86138{customer:08d}"]}
        found.append(row)
        if customer % 23 == 0:
            found.append({**row, "full_name": f"客户{customer} later"})
    found.insert(number % 50, {"key": " ", "full_name": f"nobody {number % 3}"})
    return found


def cluster(key: str, number: int) -> int:
    """Which customer a record is taken for in a round; the opinion changes, so clusters merge and split."""
    customer = int(key.rsplit("-", 1)[1])
    width = 1 + (customer // 10 + number) % 3
    return customer // width * 10 + width


def entropy(number: int) -> Callable[[int], bytes]:
    """Random bits that are the same whenever a round is done again."""
    return lambda count: hashlib.shake_256(str(number).encode()).digest(count)


def rounds(store: Store, last: int, step: Step) -> None:
    """Do rounds up to ``last``, going on where the last process was cut off."""
    known = {spec.name for spec in store.sources.list()}
    for trust, name in enumerate(SOURCES):
        if name not in known:
            store.sources.add(SourceSpec(name, "file", name, trust=50 + trust), clock(0))
    done = store.runs.list(1, kind="consolidate")
    number = done[0].stats["round"] if done and done[0].status == "finished" else _before(done)
    while number < last:
        number += 1
        with store.writer():
            for name in SOURCES:
                ingest(store, name, number, step)
            merge(store, number, step)


def _before(runs: list[Any]) -> int:
    """The round before the one whose consolidation was cut off: rounds take three runs each."""
    return (runs[0].id - 1) // (len(SOURCES) + 1) if runs else 0


def ingest(store: Store, source: str, number: int, step: Step) -> None:
    """Read one source, unless this round has read it already."""
    last = store.runs.list(1, kind="ingest", source_name=source)
    if last and last[0].stats.get("round") == number:
        return
    step(number, f"begin {source}")
    run = store.runs.begin("ingest", clock(number), source)
    position = store.records.position(source)
    start = int(str(position.cursor["row"])) if position and position.run_id == run.id else 0
    for cursor, part in pages(rows(source, number), start):
        step(number, f"page {source}")
        reject = Reject(f"{source}#{cursor}", "row_too_long", "too many cells", {"row": str(cursor)})
        table = page(part)
        store.records.upsert_page(source, table, {"row": cursor}, run.id, clock(number), rejects=[reject])
    step(number, f"finish {source}")
    store.records.finish_read(source, run.id, clock(number), full=True)
    step(number, f"end {source}")
    store.runs.finish(run.id, clock(number), {"round": number})


def pages(found: list[dict[str, Any]], start: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield the cursor behind each page and its rows."""
    for first in range(start, len(found), PAGE):
        yield min(first + PAGE, len(found)), found[first : first + PAGE]


def merge(store: Store, number: int, step: Step) -> None:
    """Consolidate all records."""
    step(number, "begin consolidation")
    run = store.runs.begin("consolidate", clock(number))
    records = store.records.read(PERSON)
    labels = np.array([cluster(key, number) for key in records.index["key"].to_pylist()], np.int64)
    given = assign(
        records.index["record_id"].to_numpy(),
        labels,
        current=store.crosswalk.current("person"),
        former=store.crosswalk.former("person"),
        live=store.crosswalk.live_ids("person"),
        mint=mint_at(clock(number), entropy(number)),
    )
    merged = consolidate(records, given.golden_ids, PERSON)
    members = pa.table({"record_id": pa.array(given.record_ids), "golden_id": given.golden_ids})
    pairs = pa.table(
        {
            "left_id": given.record_ids[:2],
            "right_id": given.record_ids[1:3],
            "probability": pa.array([0.5, 0.6]),
            "explanation": pa.nulls(2, pa.string()),
        }
    )
    outcome = Consolidation("person", merged.rows(), members, given.released, given.retired, given.redirects, pairs)
    step(number, "write consolidation")
    store.write_portion(outcome, run.id, clock(number))
    step(number, "end consolidation")
    store.runs.finish(run.id, clock(number), {"round": number})


def state(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table.

    A page that is read again notes its records again: which records wait is compared, not under which number.
    """
    from sqlalchemy import select

    from cdm.store.pending import COUNTER
    from cdm.store.tables import counter, metadata, pending

    queries = {table.name: select(table) for table in metadata.sorted_tables}
    queries["pending"] = select(pending.c.record_id)
    queries["counter"] = select(counter).where(counter.c.name != COUNTER)
    with store._database.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(query)), key=repr) for name, query in queries.items()
        }


def check(store: Store) -> None:
    """Assert what must hold at every moment: nothing half-written, every golden record with all of its members."""
    links = store.crosswalk.current("person")
    sizes = {row["values"]: row["counts"] for row in pc.value_counts(links["golden_id"]).to_pylist()}
    golden = store.golden.read(PERSON)
    stored = dict(zip(golden.index["golden_id"].to_pylist(), golden.index["members"].to_pylist(), strict=True))
    assert stored == sizes
    retired = sorted(set(store.crosswalk.former("person")["golden_id"].to_pylist()))
    for identity in retired[-10:]:
        assert set(store.crosswalk.resolve(identity)) <= set(stored)


if __name__ == "__main__":

    def say(number: int, what: str) -> None:
        print(number, what, flush=True)

    with Store.open(sys.argv[1]) as opened:
        rounds(opened, int(sys.argv[2]), say)
