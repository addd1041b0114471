"""The scheduled run, on Prefect's own test server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_company import SALES, SALES_HEADER, write_csv, write_erp

from cdm.pipeline.hub import open_hub
from cdm.pipeline.sources import NewSource, add_source

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prefect_server() -> Iterator[None]:
    """A Prefect server of this module's own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


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
