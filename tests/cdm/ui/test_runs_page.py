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


def test_checks_are_shown_with_what_broke(opened, workbench: Workbench):
    from cdm.pipeline.checks import check_all

    with open_hub(workbench.hub) as hub:
        found = check_all(hub)
    page = opened("li")
    card = page.get_by_role("region", name="Checks")
    lines = card.locator("details")
    expect(lines).to_have_count(len(found))
    broken = next(one for one in found if one.failed or one.warned)
    line = lines.filter(has_text=broken.source or "Golden records").filter(
        has=page.locator(".chip.error, .chip.warning")
    )
    expect(line.first.locator("li").first).to_be_hidden()
    line.first.locator("summary").click()
    expect(line.first.locator("li").first).to_contain_text("not as expected")
    zh = opened("li", language="zh-CN", theme="dark").get_by_role("region", name="检查").locator("details")
    expect(zh).to_have_count(len(found))


def test_a_run_that_is_going_on_tells_how_far_it_has_come(opened, workbench: Workbench):
    with open_hub(workbench.hub) as hub:
        run = hub.store.runs.begin("ingest", hub.now(), "shop")
        told = {"stage": "ingest shop", "done": 45_000, "total": 100_000, "seconds": 9.0}
        hub.store.runs.tell(run.id, told)
        page = opened("li", "/runs")
        line = page.locator(f"#run-{run.id} [data-progress]")
        expect(line).to_have_text("Reading · 45,000 of 100,000 · 45% · 5,000/s · about 11 s left")
        hub.store.runs.tell(run.id, {"stage": "match person: compare", "done": 7, "total": None, "seconds": 0.2})
        expect(line).to_have_text("Matching: compare · 7")
        hub.store.runs.finish(run.id, hub.now(), {"inserted": 3})
        expect(line).to_have_count(0)
        expect(page.locator(f"#run-{run.id}")).to_contain_text("new 3")


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
