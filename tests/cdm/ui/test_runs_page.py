"""The page of runs: what each did, and judging one that is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from workbench import Workbench, make_hub, served

from cdm.pipeline.hub import open_hub
from cdm.pipeline.run import run_all
from schemas.errors import CdmError


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench of their own: a run that is released changes what all others would see."""
    folder = tmp_path_factory.mktemp("runs")
    with served(make_hub(folder / "demo", 150), folder / "server.log") as one:
        yield one


@pytest.fixture
def held(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> int:
    """A run that is held because a source lost most of its rows."""
    file = Path(workbench.hub.removeprefix("sqlite:///")).parent / "shop_export.csv"
    whole = file.read_bytes()
    monkeypatch.setenv("CDM_GATE_MINIMUM", "1")
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[:4]))
    try:
        with open_hub(workbench.hub) as hub:
            try:
                run_all(hub)
            except CdmError as error:
                assert "held" in str(error)
            return next(one.id for one in hub.store.runs.list(20) if one.status == "held")
    finally:
        file.write_bytes(whole)


def test_a_held_run_says_why_and_is_rejected_by_an_administrator(opened, held: int, workbench: Workbench):
    steward, page = opened("li", "/runs"), opened("wang", "/runs")
    row = page.locator(f"#run-{held}")
    expect(row).to_contain_text("Held")
    expect(steward.locator(f"#run-{held}")).to_contain_text("Waits for an administrator")
    expect(steward.locator("[data-judge]")).to_have_count(0)
    row.locator("[data-judge=reject]").click()
    page.locator(".dialog input").fill("the file was cut off")
    page.locator(".dialog [data-act]").click()
    expect(row).to_contain_text("Rejected")
    expect(steward.locator(f"#run-{held}")).to_contain_text("Rejected")  # live, without a reload
    with open_hub(workbench.hub) as hub:
        assert hub.store.runs.get(held).status == "rejected"


def test_a_held_run_is_released_by_an_administrator(opened, held: int, workbench: Workbench):
    page = opened("wang", "/runs", language="zh-CN", theme="dark")
    row = page.locator(f"#run-{held}")
    expect(row).to_contain_text("等待放行")
    row.locator("[data-judge=release]").click()
    page.locator(".dialog input").fill("网店清理了旧客户")
    page.locator(".dialog [data-act]").click()
    expect(page.locator(".dialog")).to_have_count(0, timeout=60_000)
    expect(row).not_to_contain_text("等待放行")
    with open_hub(workbench.hub) as hub:
        assert hub.store.runs.get(held).status not in ("held", "rejected")
