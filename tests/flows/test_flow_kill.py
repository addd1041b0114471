"""A flow killed at any moment and started again ends where one ends that was left alone."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
from kill_harness import kill_repeatedly
from run_child import rounds

from cdm.pipeline.hub import open_hub

TESTS = Path(__file__).parents[1]
LIMITS = {"MINIMUM": "5", "ROW_DROP": "0.9", "NULL_JUMP": "1", "QUARANTINE_JUMP": "1", "CHURN": "1"}
"""Small sources are staged and judged as large ones are, and let through."""


def run_kill() -> ModuleType:
    """Return the kill test of ``cdm run``, whose comparison of two hubs is used here."""
    place = TESTS / "cdm" / "pipeline" / "test_run_kill.py"
    spec = importlib.util.spec_from_file_location("test_run_kill", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("test_run_kill", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_a_flow_survives_kills(
    prefect_server: None, hub_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.settings import PREFECT_API_URL

    for name, value in LIMITS.items():
        monkeypatch.setenv(f"CDM_GATE_{name}", value)
    module, disturbed, calm = run_kill(), tmp_path / "disturbed", tmp_path / "calm"
    disturbed.mkdir()
    calm.mkdir()
    report = kill_repeatedly(
        ["-P", str(TESTS / "flow_child.py"), hub_url, str(disturbed)],
        kills=4,
        seed=21,
        most_steps=40,
        after_kill=lambda: module.whole(hub_url),
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)]),
            "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        },
    )
    assert report.kills == 4
    url = f"sqlite:///{calm / 'hub.db'}"
    rounds(url, calm, report.rounds, lambda line: None)
    with open_hub(hub_url) as hub, open_hub(url) as other:
        assert module.content(hub) == module.content(other)
        assert {run.status for run in hub.store.runs.list(1000)} == {"finished"}
