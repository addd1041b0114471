"""What real servers taught: one test per trap."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fake_server import Answer
from fake_tryton import KEY, FakeTryton, contact, party
from fake_vendure import PASSWORD, FakeVendure, address, customer, order, refusal

from connectors import limits
from connectors.contract import Connector, Cursor
from connectors.errors import (
    OptionsInvalid,
    QueryFailed,
    SourceDenied,
    SourceTooLarge,
    SourceUnavailable,
    SourceUnreadable,
    WrongContent,
)
from connectors.http import client
from connectors.registry import open_connector


@pytest.fixture
def erp(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTryton]:
    monkeypatch.setenv("ERP_KEY", KEY)
    names = ["张三", "李四", "王五", "赵六", "钱七", "孙八"]
    with FakeTryton(*(party(n, name, None) for n, name in enumerate(names, start=1))).running() as server:
        assert isinstance(server, FakeTryton)
        yield server


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVendure]:
    monkeypatch.setenv("SHOP", PASSWORD)
    customers = [customer(n, "某", "张", f"2026-02-01T08:00:00.00{n}Z") for n in range(1, 9)]
    with FakeVendure(*customers).running() as server:
        assert isinstance(server, FakeVendure)
        yield server


def tryton(server: FakeTryton, **options: str) -> Connector:
    return open_connector("auto", f"tryton://:${{ERP_KEY}}@{server.host}/erp", {"attempts": "1", **options})


def vendure(server: FakeVendure, **options: str) -> Connector:
    return open_connector("auto", f"vendure://admin:${{SHOP}}@{server.host}", {"attempts": "1", **options})


def column(connector: Connector, name: str, cursor: Cursor | None = None) -> list[Any]:
    return [value for page in connector.read(cursor) for value in page.table.column(name).to_pylist()]


def end(connector: Connector) -> Cursor:
    return [page.cursor for page in connector.read()][-1]


def test_edited_child_is_a_change_of_its_party(erp: FakeTryton) -> None:
    erp.parties[0]["contact_mechanisms"] = [contact("mobile", "13800138000")]
    erp.parties[1]["contact_mechanisms"] = [contact("mobile", "13900139000", "2026-03-01T08:00:00")]
    cursor = end(tryton(erp))
    erp.parties[0]["contact_mechanisms"] = [contact("mobile", "13800138001", "2026-03-01T09:00:00")]
    changed = tryton(erp)
    assert column(changed, "id", cursor) == ["1", "2"]  # 2 is the latest change already seen, which comes again
    assert column(changed, "phone", cursor)[0] == "13800138001"
    assert column(changed, "updated_at", cursor)[0] == "2026-03-01T09:00:00.000000Z"


def test_child_made_inactive_is_a_change_and_is_not_shown(erp: FakeTryton) -> None:
    cursor = end(tryton(erp))
    erp.parties[2]["contact_mechanisms"] = [contact("mobile", "13800138000", "2026-03-01T09:00:00", active=False)]
    assert "3" in column(tryton(erp), "id", cursor)
    assert set(column(tryton(erp), "phone", cursor)) == {None}


def test_never_edited_record_has_no_time_of_edit(erp: FakeTryton) -> None:
    cursor = end(tryton(erp))
    erp.parties.append(party(7, "新客户", None, create_date={**erp.parties[0]["create_date"], "month": 6}))
    assert "7" in column(tryton(erp), "id", cursor)


def test_change_of_the_very_same_moment_is_not_lost(shop: FakeVendure) -> None:
    cursor = end(vendure(shop))
    shop.customers[3] |= {"firstName": "改", "updatedAt": shop.customers[7]["updatedAt"]}
    assert "改" in column(vendure(shop), "first_name", cursor)


def test_change_while_a_read_goes_on_is_seen_by_the_next(erp: FakeTryton) -> None:
    pages = tryton(erp).read(page_size=2)
    next(pages)
    erp.parties[0] |= party(1, "张三丰", "2026-03-01T08:00:00")
    erp.parties[5] |= party(6, "孙九", "2026-04-01T08:00:00")
    cursor = [page.cursor for page in pages][-1]
    assert "张三丰" in column(tryton(erp), "name", cursor)


@pytest.mark.parametrize("gone", [(0,), (0, 1, 2), (3,), (0, 1, 2, 3, 4)])
def test_delete_while_a_read_goes_on_hides_no_other(shop: FakeVendure, gone: tuple[int, ...]) -> None:
    pages = vendure(shop).read(page_size=2)
    next(pages)
    next(pages)  # 1 to 4 are delivered, 5 and 6 are read ahead
    lost = {shop.customers[n]["id"] for n in gone}
    shop.customers = [one for one in shop.customers if one["id"] not in lost]
    seen = [value for page in pages for value in page.table.column("id").to_pylist()]
    assert set(seen) >= {one["id"] for one in shop.customers if one["id"] > "4"}
    assert seen == sorted(set(seen))


def test_merged_party_is_delivered_and_names_the_one_it_was_merged_into(erp: FakeTryton) -> None:
    erp.parties[4] |= {"active": False, "replaced_by": {"id": 1}}
    assert column(tryton(erp), "replaced_by")[4] == "1"
    assert tryton(erp).describe().mapping.same_as == "replaced_by"


def test_ignored_filter_is_noticed(erp: FakeTryton, shop: FakeVendure) -> None:
    erp_cursor, shop_cursor = end(tryton(erp)), end(vendure(shop))
    erp.parties[0] |= party(1, "张三", "2026-03-01T08:00:00")
    erp_cursor = {**erp_cursor, "newest": "2026-03-01T08:00:00.000000Z"}
    shop_cursor = {**shop_cursor, "newest": "2026-03-01T08:00:00.000000Z"}
    erp.deaf, shop.deaf = {"d"}, {"filter"}
    with pytest.raises(QueryFailed, match="changed since"):
        column(tryton(erp), "id", erp_cursor)
    with pytest.raises(QueryFailed, match="changed since"):
        column(vendure(shop), "id", shop_cursor)


@pytest.mark.parametrize("ignored", ["s", "o", "d"])
def test_ignored_paging_is_noticed(erp: FakeTryton, ignored: str) -> None:
    erp.parties.reverse()
    erp.deaf = {ignored}
    with pytest.raises(QueryFailed):
        list(tryton(erp).read(page_size=2))


def test_session_that_ended_is_begun_anew(shop: FakeVendure) -> None:
    pages = vendure(shop).read(page_size=3)
    next(pages)
    shop.sessions.clear()
    assert sum(page.table.num_rows for page in pages) == 5
    assert shop.logins == 2


def test_right_that_is_missing_is_said_after_one_more_sign_in(shop: FakeVendure) -> None:
    shop.faults = [Answer.json({"data": {"login": {}}}, **{"vendure-auth-token": f"t{n}"}) for n in (1,)]
    with pytest.raises(SourceDenied, match="not currently authorized"):
        shop.sessions = FrozenSessions()
        list(vendure(shop).read())


class FrozenSessions(set[str]):
    """No session ever becomes valid."""

    def add(self, element: str) -> None:
        pass


def test_error_inside_success_is_an_error(shop: FakeVendure) -> None:
    connector = vendure(shop)
    list(connector.read())
    token = Answer.json({"data": {"login": {"__typename": "CurrentUser"}}}, **{"vendure-auth-token": "t1"})
    shop.faults = [token, refusal("USER_INPUT_ERROR", "Cannot take more than 100 results from a list query")]
    with pytest.raises(QueryFailed, match="Cannot take more than 100"):
        list(connector.read())


def test_half_an_answer_beside_errors_is_not_taken(shop: FakeVendure) -> None:
    half = {
        "data": {"customers": {"items": []}},
        "errors": [{"message": "boom", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}],
    }
    token = Answer.json({"data": {"login": {"__typename": "CurrentUser"}}}, **{"vendure-auth-token": "t1"})
    shop.faults = [token, Answer.json(half)]
    with pytest.raises(SourceUnavailable, match="boom"):
        list(vendure(shop).read())


def test_money_is_in_minor_units_of_the_shops_own_precision(shop: FakeVendure) -> None:
    shop.orders = [order(1, "2026-02-01T08:00:00.000Z"), order(2, "2026-02-01T08:00:00.000Z", totalWithTax=5)]
    assert column(vendure(shop, table="orders"), "amount") == ["298.50", "0.05"]


def test_waits_as_long_as_the_server_asks_for(erp: FakeTryton) -> None:
    erp.faults = [Answer(b"slow down", 429, {"Retry-After": "2"})]
    begin = time.monotonic()
    assert len(column(tryton(erp, attempts="2"), "id")) == 6
    assert time.monotonic() - begin >= 2


def test_trouble_of_the_server_is_tried_again_and_then_said(erp: FakeTryton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST_PAUSE", 0.01)
    erp.faults = [Answer(b"", 503), Answer(b'[{"id": 1', length=100), Answer(b"", 502)]
    assert len(column(tryton(erp, attempts="4"), "id")) == 6
    erp.faults = [Answer(b"<h1>Bad gateway</h1>", 502, {"Content-Type": "text/html"})] * 2
    with pytest.raises(SourceUnavailable, match="502: Bad gateway") as caught:
        column(tryton(erp, attempts="2"), "id")
    assert caught.value.retryable


def test_truncated_json_is_unavailable_and_html_is_wrong(erp: FakeTryton) -> None:
    erp.faults = [Answer(b'[{"id": 1', headers={"Content-Type": "application/json"})]
    with pytest.raises(SourceUnavailable, match="cut off"):
        column(tryton(erp), "id")
    erp.faults = [Answer(b"<html>sign in</html>", headers={"Content-Type": "text/html"})]
    with pytest.raises(WrongContent, match="text/html"):
        column(tryton(erp), "id")


def test_silent_server_is_given_up(erp: FakeTryton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.3)
    real = erp.answer
    monkeypatch.setattr(erp, "answer", lambda asked: (time.sleep(1), real(asked))[1])
    with pytest.raises(SourceUnavailable, match="too long"):
        column(tryton(erp), "id")


def test_answer_without_end_is_refused(erp: FakeTryton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ANSWER_BYTES", 2**20)
    body = gzip.compress(b"[" + b" " * (8 * 2**20) + b"]")
    erp.faults = [Answer(body, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})]
    with pytest.raises(SourceTooLarge):
        column(tryton(erp), "id")


def test_credentials_do_not_follow_a_redirect(erp: FakeTryton) -> None:
    erp.faults = [Answer(status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"})]
    with pytest.raises(SourceUnreadable, match="another address"):
        column(tryton(erp), "id")


def test_secrets_stand_in_the_environment_only(
    erp: FakeTryton, shop: FakeVendure, monkeypatch: pytest.MonkeyPatch
) -> None:
    for location in ("tryton://:s3cret@127.0.0.1/erp", "vendure://admin:s3cret@shop.example.com"):
        with pytest.raises(OptionsInvalid, match="itself") as caught:
            open_connector("auto", location)
        assert "s3cret" not in f"{caught.value} {caught.value.remedy}"
    monkeypatch.setenv("SHOP", "s3cret")
    with pytest.raises(SourceDenied, match="INVALID_CREDENTIALS") as denied:
        list(vendure(shop).read())
    assert "s3cret" not in f"{denied.value} {denied.value.remedy}"


def test_secret_is_not_in_logs(shop: FakeVendure, caplog: pytest.LogCaptureFixture, erp: FakeTryton) -> None:
    caplog.set_level("DEBUG")
    list(vendure(shop).read())
    list(tryton(erp).read())
    assert PASSWORD not in caplog.text and KEY not in caplog.text


def test_encryption_is_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_KEY", KEY)

    def address_of(scheme: str, host: str) -> str:
        connector: Any = open_connector("tryton", f"{scheme}://:${{ERP_KEY}}@{host}/erp")
        return str(connector.server.address)

    assert address_of("tryton", "erp.example.com") == "https://erp.example.com"
    assert address_of("tryton", "127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert address_of("tryton+https", "localhost") == "https://localhost"
    plain: Any = open_connector("tryton", "tryton+http://:${ERP_KEY}@erp.example.com/erp")
    assert any("not encrypted" in note for note in plain.feed().notes)


def test_companies_hide_in_names_and_addresses(shop: FakeVendure) -> None:
    shop.customers[0]["addresses"] = [address("2026-02-01T08:00:00.000Z", company="示例有限公司")]
    assert column(vendure(shop), "company")[0] == "示例有限公司"
