"""Killed at any moment, the hub goes on where it was: nothing twice, nothing lost, no id changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from kill_child import check, rounds, state
from kill_harness import kill_repeatedly

from cdm.store import Store

TESTS = Path(__file__).resolve().parents[2]


def survive(url: str, undisturbed: Path, kills: int, seed: int) -> None:
    """Kill a hub at work and compare it with one that was left in peace."""

    def look() -> None:
        with Store.open(url) as store:
            check(store)

    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    report = kill_repeatedly(["-m", "kill_child", url], kills=kills, seed=seed, after_kill=look, env=env)
    assert report.kills == kills
    assert kills < 50 or any("consolidation" in step for step in report.steps)
    assert kills < 50 or any("page" in step for step in report.steps)
    with Store.open(url) as store, Store.open(f"sqlite:///{undisturbed / 'undisturbed.db'}") as other:
        rounds(other, report.rounds, lambda number, step: None)
        assert len(store.runs.list(1000)) == 3 * report.rounds
        interrupted, expected = state(store), state(other)
        for table, rows in expected.items():
            assert interrupted[table] == rows, table
        assert expected["golden_redirect"]
        assert expected["source_record_version"]


def test_a_few_kills(hub_url: str, tmp_path: Path) -> None:
    survive(hub_url, tmp_path, kills=3, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_many_kills(hub_url: str, tmp_path: Path, seed: int) -> None:
    survive(hub_url, tmp_path, kills=50, seed=seed)
