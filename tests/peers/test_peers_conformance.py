"""The shipped connector suite over the real servers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from connectors.conformance import ConnectorConformance, Opened
from connectors.registry import open_connector

pytestmark = pytest.mark.slow


class Served(ConnectorConformance):
    name = ""

    @pytest.fixture(params=["customers", "orders"])
    def opened(self, request: pytest.FixtureRequest, locations: dict[str, str]) -> Opened:
        return lambda: open_connector("auto", locations[self.name], {"table": request.param})

    @pytest.fixture
    def broken(self, locations: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Sequence[Opened]:
        monkeypatch.setenv("WRONG", "wrong")
        wrong = locations[self.name].replace("PEER_ERP", "WRONG").replace("PEER_SHOP", "WRONG")
        elsewhere = f"{locations[self.name]}/nowhere"
        return [
            lambda: open_connector("auto", wrong, {"attempts": "1"}),
            lambda: open_connector("auto", elsewhere, {"attempts": "1"}),
        ]


class TestTryton(Served):
    name = "erp"


class TestVendure(Served):
    name = "shop"
