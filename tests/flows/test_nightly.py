"""The scheduled run, on Prefect's own test server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_company import COMPANIES, SALES, SALES_HEADER, write_csv, write_erp

from cdm.pipeline.hub import open_hub
from cdm.pipeline.publish import Options, add_target
from cdm.pipeline.sources import NewSource, add_source
from cdm.pipeline.summary import held_runs

pytestmark = pytest.mark.slow


@pytest.fixture
def hub_url(tmp_path: Path) -> str:
    """A hub with two sources."""
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with open_hub(url) as hub:
        add_source(hub, NewSource("sales", str(write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES))))
        add_source(hub, NewSource("erp", write_erp(tmp_path / "erp.db"), options={"table": "customer"}))
    return url


def test_a_night(prefect_server: None, hub_url: str) -> None:
    from flows.nightly import nightly

    assert nightly(hub_url) == {"person": 5, "organization": 3}
    with open_hub(hub_url) as hub:
        (scores,) = hub.store.assessments.last(5)
        assert scores.run_id == hub.store.runs.list(1, kind="consolidate")[0].id
        assert {one["subject"] for one in scores.scores} == {"", "erp", "sales"}


def test_what_is_held_is_told_and_everything_else_goes_on(
    prefect_server: None, hub_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.alerts import hooks
    from flows.nightly import HELD, nightly

    told: list[Any] = []
    monkeypatch.setattr(hooks, "send", lambda alert, settings, now: told.append(alert))
    with open_hub(hub_url) as hub:
        add_target(hub, "files", str(tmp_path / "out.csv"), Options())
    nightly(hub_url)
    assert list(tmp_path.glob("out*.csv")), "golden records were published"
    write_csv(tmp_path / "sales.csv", SALES_HEADER, [])
    write_erp(
        tmp_path / "erp.db",
        [*COMPANIES, ("K4", "上海白云有限公司", "021-55550001", "hi@baiyun.cn", "2026-01-04 10:00:00")],
    )
    state = nightly(hub_url, return_state=True)
    assert (state.name, state.is_completed(), state.result()) == (HELD, True, {"person": 5, "organization": 4})
    with open_hub(hub_url) as hub:
        (held,) = held_runs(hub)
        assert held.flow_run == str(state.state_details.flow_run_id)
        assert {one.flow_run for one in hub.store.runs.list(4)} == {held.flow_run}
    (alert,) = told
    assert alert.event == "held"
    assert f"{held.id} sales" in alert.lines[0]
    text = alert.text("zh") + alert.text("en")
    assert not any(value in text for row in SALES for value in row), "no customer's value leaves the house"


def test_a_failure_is_told_by_its_code(
    prefect_server: None, hub_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.errors import SourceNotFound
    from flows.alerts import hooks
    from flows.nightly import nightly

    told: list[Any] = []
    monkeypatch.setattr(hooks, "send", lambda alert, settings, now: told.append(alert))
    (tmp_path / "sales.csv").unlink()
    with pytest.raises(SourceNotFound):
        nightly(hub_url, sources=["sales"])
    (alert,) = told
    assert (alert.event, alert.error) == ("failed", SourceNotFound.code)


def test_a_source_that_is_broken_fails_the_night_but_not_the_others(
    prefect_server: None, hub_url: str, tmp_path: Path
) -> None:
    from connectors.errors import SourceNotFound
    from flows.nightly import nightly

    (tmp_path / "sales.csv").unlink()
    with pytest.raises(SourceNotFound):
        nightly(hub_url)
    with open_hub(hub_url) as hub:
        assert hub.store.golden.read(hub.model["organization"]).index.num_rows == 3
        assert len(hub.store.runs.list(kind="ingest", source_name="sales")) == 1, "it was not tried again"


def test_what_may_pass_is_tried_again(prefect_server: None, hub_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cdm.errors import StoreUnavailable
    from flows import nightly as module

    tries = []

    def down(hub: object, source: str) -> None:
        tries.append(source)
        raise StoreUnavailable("down", remedy="wait")

    monkeypatch.setattr(module, "ingest_source", down)
    task = module.ingest.with_options(retries=2, retry_delay_seconds=0)
    state = task(hub_url, "sales", return_state=True)
    assert state.is_failed()
    assert tries == ["sales"] * 3
