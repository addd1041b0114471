"""The traps of the real servers, sprung on the real servers; what they cannot be made to show, the fakes show."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from connectors.contract import Connector, Cursor
from connectors.errors import PartMissing, QueryFailed, SourceDenied, SourceUnavailable
from connectors.http.place import Place
from connectors.registry import open_connector
from tools.peers.tryton.client import Tryton
from tools.peers.vendure.client import FAILED, Vendure

pytestmark = pytest.mark.slow

Rows = dict[str, dict[str, Any]]


def rows(connector: Connector, cursor: Cursor | None = None) -> tuple[Rows, Cursor | None]:
    """Return what a read gives, by id, and where it ended."""
    found: Rows = {}
    for page in connector.read(cursor, page_size=5):
        found |= {str(row["id"]): row for row in page.table.to_pylist()}
        cursor = page.cursor
    return found, cursor


@pytest.fixture
def at_erp(locations: dict[str, str]) -> Connector:
    return open_connector("auto", locations["erp"], {"overlap": "0"})


@pytest.fixture
def at_shop(locations: dict[str, str]) -> Connector:
    return open_connector("auto", locations["shop"], {"overlap": "0"})


def party(erp: Tryton, **given: Any) -> int:
    return erp.create("party.party", {"name": f"陷阱{uuid4().hex[:6]}", "addresses": [], **given})


def person(shop: Vendure, **given: str) -> str:
    values = {"firstName": "某", "lastName": "陷", "emailAddress": f"{uuid4().hex}@example.com", **given}
    made = shop.do("createCustomer", f"... on Customer {{ id }} {FAILED}", input=("CreateCustomerInput!", values))
    return str(made["id"])


def test_seeded_customers_arrive_whole(at_erp: Connector, at_shop: Connector) -> None:
    erp = {row["code"]: row for row in rows(at_erp)[0].values()}
    assert (erp["E001"]["name"], erp["E001"]["phone"]) == ("张伟", "138 1765 4321")
    assert (erp["E002"]["national_id"], erp["E006"]["tax_id"]) == ("360426199101010071", "91310112070000000U")
    assert erp["E003"]["name"] == "𠮷田健"
    assert (erp["E004"]["city"], erp["E004"]["country"]) == ("München", "DE")
    assert erp["E005"]["name"] == "Siobhán O'Neil"
    assert erp["E010"]["active"] == "FALSE"
    shop = {row["email"]: row for row in rows(at_shop)[0].values()}
    assert shop["yoshida@example.com"]["name"] == "𠮷田健"
    assert shop["j.mueller@example.de"]["name"] == "Jürgen Müller"
    assert shop["buyer@shili.example.com"]["company"] == "上海示例软件有限公司"


def test_child_edits_of_a_party_are_changes(erp: Tryton, at_erp: Connector) -> None:
    contacts = [["create", [{"type": "mobile", "value": "13312345678"}, {"type": "email", "value": "t@example.com"}]]]
    number = party(erp, contact_mechanisms=contacts, addresses=[["create", [{"city": "南京"}]]])
    _, cursor = rows(at_erp)
    phone, mail = erp.find("party.contact_mechanism", [["party", "=", number]])
    erp.write("party.contact_mechanism", phone, {"value": "13312345679"})
    found, cursor = rows(at_erp, cursor)
    assert found[str(number)]["phone"] == "13312345679"
    erp.write("party.contact_mechanism", mail, {"active": False})
    found, cursor = rows(at_erp, cursor)
    assert found[str(number)]["email"] is None
    (address,) = erp.find("party.address", [["party", "=", number]])
    erp.write("party.address", address, {"city": "苏州"})
    assert rows(at_erp, cursor)[0][str(number)]["city"] == "苏州"


def test_child_that_was_deleted_leaves_no_trace_and_shows_in_a_whole_read(erp: Tryton, at_erp: Connector) -> None:
    number = party(erp, contact_mechanisms=[["create", [{"type": "mobile", "value": "13312345670"}]]])
    party(erp)  # the latest change, which comes again
    _, cursor = rows(at_erp)
    (phone,) = erp.find("party.contact_mechanism", [["party", "=", number]])
    erp.delete("party.contact_mechanism", phone)
    assert str(number) not in rows(at_erp, cursor)[0]
    assert rows(at_erp)[0][str(number)]["phone"] is None


def test_new_party_and_edited_party_are_changes_and_others_are_not(erp: Tryton, at_erp: Connector) -> None:
    old, other = party(erp), party(erp)
    latest = party(erp)
    _, cursor = rows(at_erp)
    new = party(erp)
    erp.write("party.party", old, {"name": "改过的陷阱"})
    found, _ = rows(at_erp, cursor)
    assert {str(old), str(new)} <= set(found) <= {str(old), str(new), str(latest)}
    assert found[str(old)]["name"] == "改过的陷阱"
    assert str(other) not in found


def test_merged_party_stays_and_names_its_survivor(erp: Tryton, at_erp: Connector) -> None:
    survivor, loser = party(erp, name="合并甲"), party(erp, name="合并甲")
    _, cursor = rows(at_erp)
    erp.merge(loser, survivor)
    found, _ = rows(at_erp, cursor)
    assert (found[str(loser)]["active"], found[str(loser)]["replaced_by"]) == ("FALSE", str(survivor))


def test_deleted_party_is_missing_from_a_whole_read(erp: Tryton, at_erp: Connector) -> None:
    number = party(erp)
    assert str(number) in rows(at_erp)[0]
    erp.delete("party.party", number)
    assert str(number) not in rows(at_erp)[0]


def test_what_the_erp_does_not_know_is_named(locations: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    feed: Any = open_connector("auto", locations["erp"], {"attempts": "1"}).feed()
    monkeypatch.setattr(feed, "_fields", lambda: ["no_such_field"])
    with pytest.raises(SourceUnavailable, match=r"500.*no_such_field"):  # the ERP's answer to a wrong field
        feed.page(Place(), 5)
    with pytest.raises(PartMissing, match=r"no\.such\.model"):
        feed._search("no.such.model", [], [["id", "ASC"]], 1, ["id"])


def test_edited_address_of_a_shop_customer_shows_in_a_whole_read(shop: Vendure, at_shop: Connector) -> None:
    number = person(shop)
    given = {"streetLine1": "一路 1 号", "city": "上海", "countryCode": "CN"}
    made = shop.do("createCustomerAddress", customerId=("ID!", number), input=("CreateAddressInput!", given))
    person(shop)  # the latest change, which comes again
    _, cursor = rows(at_shop)
    shop.do("updateCustomerAddress", input=("UpdateAddressInput!", {"id": made["id"], "city": "杭州"}))
    assert number not in rows(at_shop, cursor)[0]
    assert rows(at_shop)[0][number]["city"] == "杭州"


def test_changes_of_the_shop_are_delivered_again_rather_than_lost(shop: Vendure, at_shop: Connector) -> None:
    others = [person(shop) for _ in range(3)]
    _, cursor = rows(at_shop)
    shop.update_customer(others[0], firstName="改")
    found, cursor = rows(at_shop, cursor)
    assert found[others[0]]["first_name"] == "改"
    assert others[1] not in found
    shop.update_customer(others[1], firstName="再改")
    assert rows(at_shop, cursor)[0][others[1]]["first_name"] == "再改"


def test_deletes_while_the_shop_is_read_hide_nobody(shop: Vendure, at_shop: Connector) -> None:
    made = [person(shop) for _ in range(8)]
    pages = at_shop.read(page_size=2)
    seen: list[str] = []
    while made[0] not in seen:
        seen += next(pages).table.column("id").to_pylist()
    for number in made[:2]:
        shop.delete_customer(number)
    for page in pages:
        seen += page.table.column("id").to_pylist()
    assert set(made[2:]) <= set(seen)
    assert len(seen) == len(set(seen))


def test_session_the_shop_forgot_is_begun_anew(at_shop: Any) -> None:
    feed = at_shop.feed()
    assert feed.count() > 0
    feed._shop.auth._token = "forgotten"
    assert feed.count() > 0
    assert feed._shop.auth._token != "forgotten"


def test_error_inside_success_of_the_shop_is_an_error(at_shop: Any) -> None:
    feed = at_shop.feed()
    with pytest.raises(QueryFailed, match="Cannot take more than"):
        feed._list("totalItems", {"take": 100_000})
    with pytest.raises(QueryFailed, match="Cannot query field"):
        feed._list("nothing", {"take": 1})


def test_money_of_the_shop_is_in_its_own_unit(locations: dict[str, str]) -> None:
    found, _ = rows(open_connector("auto", locations["shop"], {"table": "orders"}))
    one = next(row for row in found.values() if row["quantity"] == "2")
    assert (one["amount"], one["currency"], one["products"]) == ("298.50", "CNY", "测试商品")


def test_wrong_key_is_refused_without_repeating_it(peers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEER_ERP", "wr0ng-s3cret")
    host = peers.tryton_url.removeprefix("http://")
    with pytest.raises(SourceDenied) as caught:
        open_connector("auto", f"tryton://:${{PEER_ERP}}@{host}/erp").describe()
    assert "wr0ng" not in f"{caught.value} {caught.value.remedy}"
