"""The nightly flow over the real ERP and the real shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdm.pipeline.hub import open_hub
from cdm.pipeline.sources import NewSource, add_source
from tools.peers.tryton.client import Tryton

pytestmark = pytest.mark.slow


@pytest.fixture
def prefect_server() -> Iterator[None]:
    """A Prefect server of this test's own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield


def test_what_changed_during_the_day_is_there_after_the_night(
    prefect_server: None, tmp_path: Path, locations: dict[str, str], erp: Tryton
) -> None:
    from flows.nightly import nightly

    url = f"sqlite:///{tmp_path / 'hub.db'}"
    (number,) = erp.find("party.party", [["code", "=", "E012"]])
    (phone,) = erp.find("party.contact_mechanism", [["party", "=", number]])
    with open_hub(url) as hub:
        for name, location in locations.items():
            add_source(hub, NewSource(name, location))
            add_source(hub, NewSource(f"{name}-orders", location, options={"table": "orders"}, customers=name))
    nightly(url)
    erp.write("party.contact_mechanism", phone, {"value": "13377665544"})
    try:
        nightly(url)
        with open_hub(url) as hub:
            golden = hub.store.golden.get(hub.store.crosswalk.lookup("erp", str(number)))
            assert golden.fields["phone"] == ["+8613377665544"]
            assert {run.kind for run in hub.store.runs.list(1, source_name="erp")} == {"ingest changes"}
            assert hub.store.activities.count()["transaction"][0] > 0
    finally:
        erp.write("party.contact_mechanism", phone, {"value": "13300133006"})
