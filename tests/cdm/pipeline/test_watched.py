"""How far a run has come is kept with it while it goes on, and forgotten when it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, write_csv

from cdm.pipeline import watched
from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all
from cdm.store.runs import PROGRESS


def test_a_run_tells_how_far_it_has_come(hub: Hub, add: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "EVERY", 0.0)
    add("sales", write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES), key="客户编号")
    seen: dict[str, Any] = {}

    def look(stage: str, done: int, total: int | None = None) -> None:
        for run in hub.store.runs.list(5, status="running"):
            if PROGRESS in run.stats:
                seen.setdefault(run.kind, run.stats[PROGRESS])

    run_all(hub, look)
    assert seen["ingest"]["stage"] == "ingest sales"
    assert 0 < seen["ingest"]["done"] <= seen["ingest"]["total"] == len(SALES)
    assert seen["consolidate"]["stage"].startswith("match ")
    assert not [run for run in hub.store.runs.list(10) if PROGRESS in run.stats]


def test_a_quick_run_says_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    run = hub.store.runs.begin("consolidate", hub.now())
    tell = watched.Watched(hub, run.id, lambda stage, done, total=None: None)
    monkeypatch.setattr(watched.time, "monotonic", lambda: tell._told + watched.EVERY - 0.1)
    tell("match person", 1, 2)
    assert hub.store.runs.get(run.id).stats == {}


def test_what_a_run_that_was_cut_off_told_is_not_taken_for_what_it_noted(hub: Hub) -> None:
    run = hub.store.runs.begin("consolidate", hub.now())
    hub.store.runs.note(run.id, {"accepted": {}})
    hub.store.runs.tell(run.id, {"stage": "match person", "done": 1, "total": 2, "seconds": 0.5})
    assert set(hub.store.runs.get(run.id).stats) == {"accepted", PROGRESS}
    again = hub.store.runs.begin("consolidate", hub.now())
    assert (again.id, again.resumed, again.stats) == (run.id, True, {"accepted": {}})
    hub.store.runs.finish(run.id, hub.now(), {"golden": 3})
    hub.store.runs.tell(run.id, {"stage": "merge", "done": 2, "total": 2, "seconds": 1.0})
    assert hub.store.runs.get(run.id).stats == {"golden": 3}, "it has ended"
