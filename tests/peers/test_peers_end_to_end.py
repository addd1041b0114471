"""One hub over the real ERP, the real shop and the demo's workbook: loaded, changed there, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cdm.demo.generate import generate_demo
from cdm.demo.truth import demo_sources
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.store.golden import GoldenRecord
from tools.peers.tryton.client import Tryton
from tools.peers.vendure.client import FAILED, Vendure

pytestmark = pytest.mark.slow

AFTER_A_SWEEP = 8
"""Days after which everything is read again, and one more."""


class Days:
    """The hub's clock: the present time, and days that a test lets pass."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@dataclass(frozen=True)
class People:
    """Customers of this test's own, in both systems; ids as the systems gave them."""

    phone: str
    party: int
    twin: int
    leaving: int
    shopper: str
    leaver: str


@pytest.fixture
def clock() -> Days:
    return Days()


@pytest.fixture
def hub(tmp_path: Path, clock: Days) -> Iterator[Hub]:
    with open_hub(f"sqlite:///{tmp_path / 'hub.db'}", now=clock) as opened:
        yield opened


@pytest.fixture
def people(erp: Tryton, shop: Vendure) -> People:
    """Two of them are one person in both systems, two are twins in the ERP, two will leave."""
    serial = max(erp.find("party.party", []))
    phone = f"1387{(7_654_321 + 977 * serial) % 10**7:07d}"

    def party(name: str, **contacts: str) -> int:
        told = [["create", [{"type": kind, "value": value} for kind, value in contacts.items()]]]
        return erp.create("party.party", {"name": name, "addresses": [], "contact_mechanisms": told})

    def customer(first: str, last: str, mail: str, phone: str | None = None) -> str:
        given = {"firstName": first, "lastName": last, "emailAddress": mail, "phoneNumber": phone}
        made = shop.do("createCustomer", f"... on Customer {{ id }} {FAILED}", input=("CreateCustomerInput!", given))
        return str(made["id"])

    return People(
        phone,
        party=party("欧阳明月", mobile=phone, email=f"mingyue{serial}@example.com"),
        twin=party("欧阳明月", email=f"moon{serial}@example.net"),
        leaving=party("司马青云", mobile=f"1397{phone[4:]}"),
        shopper=customer("明月", "欧阳", f"mingyue{serial}@example.com", phone),
        leaver=customer("若水", "上官", f"ruoshui{serial}@example.com"),
    )


@pytest.fixture
def loaded(hub: Hub, people: People, locations: dict[str, str], tmp_path: Path) -> Hub:
    """The workbook, both systems' customers and both systems' orders, without a mapping by hand."""
    generate_demo(tmp_path, records=600, today=date(2026, 6, 1))
    workbook = next(spec for spec in demo_sources(tmp_path) if spec.connector == "excel")
    add_source(hub, NewSource("sales", workbook.location))
    for name, location in locations.items():
        add_source(hub, NewSource(name, location, trust=70))
        add_source(hub, NewSource(f"{name}-orders", location, options={"table": "orders"}, customers=name))
    run_all(hub)
    return hub


def home(hub: Hub, source: str, key: object) -> str:
    """Return the golden id of a record."""
    return hub.store.crosswalk.lookup(source, str(key))


def golden(hub: Hub, source: str, key: object) -> GoldenRecord:
    return hub.store.golden.get(home(hub, source, key))


def seeded(erp: Tryton, code: str) -> int:
    return erp.find("party.party", [["code", "=", code]])[0]


def kinds(hub: Hub, source: str) -> list[str]:
    return [run.kind for run in hub.store.runs.list(source_name=source)]


def test_erp_shop_and_workbook_in_one_hub(loaded: Hub, clock: Days, people: People, erp: Tryton, shop: Vendure) -> None:
    _check_first_load(loaded, people, erp, shop)
    _change(people, erp, shop)
    run_all(loaded)
    _check_changes(loaded, people, erp)
    run_all(loaded)
    _check_changes(loaded, people, erp)
    clock.passed = timedelta(days=AFTER_A_SWEEP)
    run_all(loaded)
    _check_deletes(loaded, people)


def _check_first_load(hub: Hub, people: People, erp: Tryton, shop: Vendure) -> None:
    for code, mail in (
        ("E001", "zhang.wei@example.com"),
        ("E002", "li.na@example.com"),
        ("E003", "yoshida@example.com"),
    ):
        assert home(hub, "erp", seeded(erp, code)) == home(hub, "shop", shop.customer(mail)), code
    company = golden(hub, "erp", seeded(erp, "E006"))
    assert company.entity == "organization" and company.fields["tax_id"] == "91310112070000000U"
    assert company.id == home(hub, "shop", shop.customer("buyer@shili.example.com"))
    assert home(hub, "erp", seeded(erp, "E008")) == home(hub, "erp", seeded(erp, "E009")), "merged in the ERP"
    assert golden(hub, "erp", seeded(erp, "E010")).retired_at is None, "inactive, but there"
    assert home(hub, "erp", people.party) == home(hub, "shop", people.shopper)
    assert home(hub, "erp", people.twin) != home(hub, "erp", people.party)
    orders = hub.store.activities.of_golden(home(hub, "erp", seeded(erp, "E001")))
    assert sorted(str(one.fields["amount"]) for one in orders) == ["199", "298.5", "99.5"]
    assert {one.source for one in orders} == {"erp-orders", "shop-orders"}


def _change(people: People, erp: Tryton, shop: Vendure) -> None:
    """Edit a child, merge, delete, rename, add: each over the systems' own APIs."""
    (mail,) = erp.find("party.contact_mechanism", [["party", "=", people.party], ["type", "=", "email"]])
    erp.write("party.contact_mechanism", mail, {"value": "neu@example.org"})
    erp.merge(people.twin, people.party)
    erp.delete("party.party", people.leaving)
    shop.update_customer(people.shopper, emailAddress=f"laden{people.party}@example.org")
    shop.delete_customer(people.leaver)


def _check_changes(hub: Hub, people: People, erp: Tryton) -> None:
    assert kinds(hub, "erp")[0] == kinds(hub, "shop")[0] == "ingest changes"
    one = golden(hub, "erp", people.party)
    assert "neu@example.org" in one.fields["email"], "the edit of a child arrived"
    assert home(hub, "erp", people.twin) == one.id, "the merge in the ERP arrived"
    assert f"laden{people.party}@example.org" in one.fields["email"], "the edit in the shop arrived"
    assert home(hub, "shop", people.shopper) == one.id
    for source, key in (("erp", people.leaving), ("shop", people.leaver)):
        assert hub.store.records.get(source, str(key)).deleted_at is None, "only a whole read tells"


def _check_deletes(hub: Hub, people: People) -> None:
    assert kinds(hub, "erp")[0] == kinds(hub, "shop")[0] == "ingest"
    for source, key in (("erp", people.leaving), ("shop", people.leaver)):
        record = hub.store.records.get(source, str(key))
        assert record.deleted_at is not None and record.raw, "marked, not dropped"
    assert home(hub, "erp", people.twin) == home(hub, "shop", people.shopper)
