"""``cdm run`` killed at any moment ends, run again, where an undisturbed one ends: nothing twice, nothing lost."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hub_invariants import check_decisions, check_feed
from kill_harness import kill_repeatedly
from run_child import rounds

from cdm.pipeline.golden import golden_table, parties
from cdm.pipeline.hub import Hub, open_hub

TESTS = Path(__file__).parents[2]
CHILD = ["-P", str(TESTS / "run_child.py")]
"""Without the folder of the script on the path: ``tests/cdm`` mirrors ``cdm`` and must not be taken for it."""


def content(hub: Hub) -> dict[str, Any]:
    """What a hub says, without the ids and times that differ from one hub to another."""
    state: dict[str, Any] = {"counts": hub.store.records.count(), "activities": hub.store.activities.count()}
    for entity in hub.model.entities.values():
        records = hub.store.records.read(entity)
        index = records.index.select(["source", "key", "version", "origin", "findings"]).to_pylist()
        fields = records.fields.to_pylist() or [{}] * len(index)
        rows = [(r["source"], r["key"], sorted(f.items(), key=str), r) for r, f in zip(index, fields, strict=True)]
        state[entity.name] = sorted(rows, key=lambda row: row[:2])
    for entity in parties(hub):
        members: dict[str, set[tuple[str, str]]] = {}
        for row in hub.store.crosswalk.table(entity.name).to_pylist():
            members.setdefault(row["golden_id"], set()).add((row["source"], row["key"]))
        golden = {row.pop("golden_id"): row for row in golden_table(hub, entity).to_pylist()}
        assert golden.keys() == members.keys()
        state[f"golden {entity.name}"] = sorted(
            (sorted(members[one]), sorted(golden[one].items(), key=str)) for one in golden
        )
    state["quarantine"] = sorted((row.source, row.code, row.origin) for row in hub.store.quarantine.list(limit=1000))
    state["review"] = hub.store.candidates.count()
    said = hub.store.decisions.page(limit=10_000)
    state["decisions"] = sorted((one.reason, one.kind.value, one.binding) for one in said)
    return state


def whole(url: str) -> None:
    """Assert what holds at every moment: every golden record has its members, feed and audit are whole."""
    with open_hub(url) as hub:
        check_feed(hub)
        for entity in parties(hub):
            check_decisions(hub, entity.name)
            table = hub.store.crosswalk.table(entity.name)
            golden = hub.store.golden.read(entity).index
            counts: dict[str, int] = {}
            for golden_id in table.column("golden_id").to_pylist():
                counts[golden_id] = counts.get(golden_id, 0) + 1
            stored = zip(golden.column("golden_id").to_pylist(), golden.column("members").to_pylist(), strict=True)
            assert dict(stored) == counts


def survive(url: str, tmp_path: Path, *, kills: int, seed: int) -> None:
    """Kill a company's nights and compare their end with nights that were left alone."""
    disturbed, calm = tmp_path / "disturbed", tmp_path / "calm"
    disturbed.mkdir()
    calm.mkdir()
    report = kill_repeatedly(
        [*CHILD, url, str(disturbed)],
        kills=kills,
        seed=seed,
        most_steps=50,
        after_kill=lambda: whole(url),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
    )
    assert report.kills == kills
    assert kills < 50 or "a merge" in report.steps, report.steps
    rounds(f"sqlite:///{calm / 'hub.db'}", calm, report.rounds, lambda line: None)
    with open_hub(url) as hub, open_hub(f"sqlite:///{calm / 'hub.db'}") as other:
        found, expected = content(hub), content(other)
        assert found.keys() == expected.keys()
        for part, value in expected.items():
            assert found[part] == value, part
        assert expected["golden person"]
        assert expected["golden organization"]
        assert expected["quarantine"]
        assert expected["decisions"]


def test_a_run_survives_a_kill(hub_url: str, tmp_path: Path) -> None:
    survive(hub_url, tmp_path, kills=1, seed=11)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [12, 13])
def test_a_run_survives_many_kills(hub_url: str, tmp_path: Path, seed: int) -> None:
    survive(hub_url, tmp_path, kills=50, seed=seed)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small sources are staged and judged as large ones are, with limits that let them through."""
    for name, value in {
        "MINIMUM": "5",
        "ROW_DROP": "0.9",
        "NULL_JUMP": "1",
        "QUARANTINE_JUMP": "1",
        "CHURN": "1",
    }.items():
        monkeypatch.setenv(f"CDM_GATE_{name}", value)


@pytest.mark.slow
def test_a_run_that_is_judged_survives_many_kills(hub_url: str, tmp_path: Path, judged: None) -> None:
    survive(hub_url, tmp_path, kills=15, seed=14)
