"""Golden records worked out ahead by a process, portion by portion, are those that one process makes at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_company import SALES_HEADER, write_csv

from cdm.pipeline import workers, writing
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source

ROWS = [
    (f"S{n}", f"王小{'明芳强丽军'[n % 23 % 5]}{'一二三四五六七'[n % 23 % 7]}", f"139{n % 23:08d}" if n % 4 else "不详",
     f"w{n % 23}@firma.cn" if n % 6 else "nobody", "")
    for n in range(60)
]  # fmt: skip
"""23 persons, some values of whom are wrong."""


def golden_state(hub: Hub) -> list[tuple[object, ...]]:
    """What the golden records of a hub are, by the records they are made of."""
    members: dict[str, list[str]] = {}
    for row in hub.store.crosswalk.table("person").to_pylist():
        members.setdefault(row["golden_id"], []).append(row["key"])
    stored = ((keys, hub.store.golden.get(golden_id)) for golden_id, keys in members.items())
    return sorted(((keys, one.fields, one.provenance, one.members, one.score) for keys, one in stored), key=str)


@pytest.mark.parametrize("helpers", [0, 1])
def test_portions_make_the_state_that_all_records_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, helpers: int
) -> None:
    file = write_csv(tmp_path / "sales.csv", SALES_HEADER, ROWS)
    started: list[bool] = []
    start = workers._start

    def counted(setup: bytes) -> object:
        started.append(True)
        return start(setup)

    monkeypatch.setattr(workers, "_start", counted)
    found = []
    for portion, count in ((1_000, 0), (7, helpers)):
        monkeypatch.setenv("CDM_WORKERS", str(count))
        monkeypatch.setattr(writing, "FIRST_PORTION", portion)
        monkeypatch.setattr(writing, "WORTHWHILE", 1)
        with open_hub(str(tmp_path / f"{portion}.db"), now=lambda: datetime(2026, 5, 1, tzinfo=UTC)) as hub:
            add_source(hub, NewSource("sales", str(file), options={"key": "客户编号"}))
            run_all(hub)
            found.append((golden_state(hub), [one.scores for one in hub.store.assessments.last(1)]))
    assert found[0] == found[1]
    assert 14 < len(found[0][0]) < len(ROWS), "several portions, and records that were merged"
    assert len(started) == helpers
