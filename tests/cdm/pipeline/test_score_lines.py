"""Scores after an incremental run: as they stood while little has changed, worked out anew from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, write_csv

from cdm.pipeline import score_lines
from cdm.pipeline.hub import Hub
from cdm.pipeline.increment import Increment
from cdm.pipeline.run import run_all
from cdm.pipeline.summary import summarize_run
from cdm.report.figures import RunSummary
from cdm.store import GoldenCounts

HUNDRED = [(f"S{number}", *SALES[number % len(SALES)][1:]) for number in range(100)]


@pytest.fixture
def ran(hub: Hub, add: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSummary:
    """What the first run of a hub of a hundred records said, which counts as large."""
    monkeypatch.setattr(score_lines, "SMALL", 50)
    add("sales", write_csv(tmp_path / "sales.csv", SALES_HEADER, HUNDRED), key="客户编号")
    return run_all(hub)


def increment(hub: Hub, changed: int) -> RunSummary:
    """Return what is said of a run that took in some changed records."""
    done = Increment("person", "m", changed, 0, 0, 0, GoldenCounts())
    run = hub.store.runs.begin("consolidate", hub.now())
    hub.store.runs.finish(run.id, hub.now(), {"person": done.stats()})
    return summarize_run(hub, (), [done], {})


def test_scores_stand_while_few_records_have_changed(hub: Hub, ran: RunSummary) -> None:
    found = increment(hub, 5)
    (note,) = found.notes
    assert note.en.startswith("quality scores as of 2026-05-01 00:00 UTC: few records have changed since")
    assert (found.scores, found.quality) == (ran.scores, ran.quality)
    assert (found.golden, found.merged, found.review) == (ran.golden, ran.merged, ran.review)
    assert [one.records for one in found.sources] == [100]
    assert len(hub.store.assessments.last(9)) == 1


def test_scores_are_worked_out_anew_once_a_tenth_has_changed(hub: Hub, ran: RunSummary) -> None:
    assert increment(hub, 6).notes
    found = increment(hub, 6)
    assert not found.notes
    assert len(hub.store.assessments.last(9)) == 2
    assert found.scores == ran.scores
    assert increment(hub, 6).notes, "counted from the last time they were worked out"


def test_old_scores_are_worked_out_anew(hub: Hub, ran: RunSummary) -> None:
    assert increment(hub, 1).notes
    later = datetime.fromisoformat(hub.store.assessments.last(1)[0].at) + timedelta(days=8)
    assert not increment(replace(hub, now=lambda: later), 1).notes


def test_small_hubs_are_worked_out_with_every_run(hub: Hub, ran: RunSummary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_lines, "SMALL", 100)
    assert not increment(hub, 1).notes


def test_a_night_works_scores_out_anew_and_a_reading_by_day_only_where_enough_changed(
    hub: Hub, ran: RunSummary
) -> None:
    first = hub.store.assessments.last(1)[0].at
    run = hub.store.runs.begin("consolidate", hub.now())
    hub.store.runs.finish(run.id, hub.now(), {"person": Increment("person", "m", 3, 0, 0, 0, GoldenCounts()).stats()})
    tonight = replace(hub, now=lambda: datetime.fromisoformat(first) + timedelta(hours=9))
    assert score_lines.refresh_scores(tonight, anew=False) == first
    assert datetime.fromisoformat(score_lines.refresh_scores(tonight, anew=True)) == tonight.now()
    before, after = hub.store.assessments.last(2)
    assert (before.at, after.run_id) == (first, run.id)
    assert after.scores == before.scores, "nothing was read, and no week has passed"
