"""The shipped suite over the connectors to web servers; ``tests/peers`` runs it over the real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from fake_tryton import KEY, FakeTryton, at, contact, party
from fake_vendure import PASSWORD, FakeVendure, address, customer, order

from connectors.conformance import ConnectorConformance, Opened
from connectors.registry import open_connector

ONCE = {"attempts": "1"}


class TestTryton(ConnectorConformance):
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
        monkeypatch.setenv("ERP_KEY", KEY)
        monkeypatch.setenv("WRONG", "x")
        phone = [contact("mobile", " 138 0013 8000 "), contact("email", "z@example.com", "2026-02-02T08:00:00.000001")]
        place = {
            "id": 1,
            "street": "淮海中路\n8 号",
            "city": "上海",
            "postal_code": "200021",
            "country": {"code": "CN"},
        }
        place |= {"subdivision": None, "active": True, "create_date": at("2026-01-01T08:00:00"), "write_date": None}
        tax = [{"id": 1, "type": "cn_ric", "code": "110101199003070011", "active": True, **stamps()}]
        parties = [
            party(1, "张三", None, contact_mechanisms=phone, addresses=[place], identifiers=tax),
            party(2, " O'Neil 𠮷 ", "2026-02-01T08:00:00", active=False, replaced_by={"id": 1}),
            party(3, "Müller GmbH", "2026-02-01T08:00:00", code="007"),
            party(10, "　", "2026-02-03T08:00:00"),
            party(11, "示例有限公司", "2026-02-03T08:00:00"),
        ]
        with FakeTryton(*parties).running() as server:
            self.host = server.host
            yield lambda: open_connector("auto", f"tryton://:${{ERP_KEY}}@{server.host}/erp")

    @pytest.fixture
    def broken(self, opened: Opened) -> Sequence[Opened]:
        return [
            lambda: open_connector("auto", f"tryton://:${{WRONG}}@{self.host}/erp", ONCE),
            lambda: open_connector("auto", f"tryton://:${{ERP_KEY}}@{self.host}/other", ONCE),
            lambda: open_connector("auto", "tryton://:${ERP_KEY}@127.0.0.1:1/erp", ONCE),
            lambda: open_connector("auto", f"tryton://:${{ERP_KEY}}@{self.host}/erp", {"table": "invoices"}),
            lambda: open_connector("auto", f"tryton://{self.host}/erp"),
        ]


class TestVendure(ConnectorConformance):
    @pytest.fixture(params=["customers", "orders"])
    def opened(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
        monkeypatch.setenv("SHOP", PASSWORD)
        monkeypatch.setenv("WRONG", "x")
        home = address("2026-02-03T08:00:00.000Z", company="示例有限公司", city="上海", phoneNumber=" 13800138000 ")
        customers = [
            customer(1, "三", "张", "2026-02-01T08:00:00.001Z", phoneNumber="+86 13800138000"),
            customer(
                2, "", "O'Neil 𠮷", "2026-02-01T08:00:00.000Z", addresses=[address("2026-02-01T08:00:00.000Z"), home]
            ),
            customer(3, " Jürgen", "Müller", "2026-02-02T08:00:00.000Z"),
            customer(10, "", "示例有限公司", "2026-02-03T08:00:00.000Z"),
            customer(11, "四", "李", "2026-02-02T08:00:00.000Z"),
        ]
        orders = [order(n, f"2026-02-0{n}T08:00:00.000Z") for n in range(1, 6)]
        with FakeVendure(*customers, orders=orders).running() as server:
            self.host, self.table = server.host, request.param
            yield lambda: open_connector("auto", f"vendure://admin:${{SHOP}}@{server.host}", {"table": request.param})

    @pytest.fixture
    def broken(self, opened: Opened) -> Sequence[Opened]:
        return [
            lambda: open_connector("auto", f"vendure://admin:${{WRONG}}@{self.host}", ONCE),
            lambda: open_connector("auto", f"vendure://:${{SHOP}}@{self.host}", ONCE),
            lambda: open_connector("auto", "vendure://admin:${SHOP}@127.0.0.1:1", ONCE),
            lambda: open_connector("auto", f"vendure://{self.host}"),
        ]


def stamps() -> dict[str, object]:
    return {"create_date": at("2026-01-01T08:00:00"), "write_date": None}
