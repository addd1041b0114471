"""Search before create finds who is there already, says why, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_company import SALES, SALES_HEADER, write_csv

from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all
from cdm.pipeline.search import Finder, SearchError, find_similar
from cdm.pipeline.search.similar import EXAMINED, SearchNotReadyError
from cdm.pipeline.sources import NewSource, add_source

FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
HEADER = ("no", "姓名", "手机", "邮箱", "城市", "生日")
PLACEHOLDER = "13912345678"


def crowd() -> list[tuple[str, ...]]:
    """Two customers of every name, 800 in all; one telephone number stands for 'unknown' with 150 of them."""
    rows = []
    for at in range(800):
        name = FAMILY[at % 20] + GIVEN[at // 20 % 20]
        phone = PLACEHOLDER if at % 5 == 0 else f"139{at * 7919 % 10**8:08d}"
        city = ("北京", "上海", "杭州", "成都", "广州")[at % 7 % 5]
        rows.append(
            (f"{at:04d}", name, phone, f"u{at * 31}@firma.cn", city, f"19{60 + at % 40}-0{1 + at % 9}-1{at % 9}")
        )
    return rows


@pytest.fixture
def filled(hub: Hub, tmp_path: Path) -> Hub:
    add_source(hub, NewSource("crm", str(write_csv(tmp_path / "c.csv", HEADER, crowd())), entity="person"))
    run_all(hub)
    return hub


def test_a_half_filled_customer_is_found_among_many_and_explained(filled: Hub) -> None:
    before = filled.store.events.last()
    ask = Finder(filled)
    for key, name, phone, mail, _city, birth in (row for row in crowd()[1:40:7] if row[2] != PLACEHOLDER):
        home = filled.store.crosswalk.lookup("crm", key)
        by_phone = ask({"name": name, "mobile": f"+86 {phone[:3]} {phone[3:]}"})
        by_mail = ask({"姓名": name, "邮箱": mail.upper(), "生日": birth})
        for found in (by_phone, by_mail):
            assert found.asked.entity.name == "person"
            assert found.hits[0].golden_id == home
            assert found.hits[0].record.key == key
            assert found.hits[0].probability > 0.9
            assert 0 < found.compared <= EXAMINED
            assert "agree" in {reason.code for reason in found.hits[0].explanation.reasons}
        assert [one.probability for one in by_mail.hits] == sorted((h.probability for h in by_mail.hits), reverse=True)
    assert filled.store.events.last() == before


def test_a_number_that_stands_for_unknown_is_skipped_and_reported(filled: Hub) -> None:
    found = find_similar(filled, {"phone": PLACEHOLDER, "name": "欧阳不存在", "email": "nobody@nowhere.cn"})
    assert found.oversize > 0
    assert not [hit for hit in found.hits if hit.probability > 0.5]


def test_a_small_hub_examines_everybody(hub: Hub, tmp_path: Path) -> None:
    add_source(hub, NewSource("sales", str(write_csv(tmp_path / "s.csv", SALES_HEADER, SALES)), entity="person"))
    run_all(hub)
    found = find_similar(hub, {"姓名": "王小明", "手机": "138 1234 0001"})
    assert found.hits[0].golden_id == hub.store.crosswalk.lookup("sales", "S1")
    assert found.compared == len(SALES)


def test_what_cannot_be_searched_is_said(hub: Hub) -> None:
    with pytest.raises(SearchError, match="Nothing is given"):
        find_similar(hub, {"name": "  "})
    with pytest.raises(SearchError, match="'shoe size' is no field of the type person"):
        find_similar(hub, {"name": "王小明", "shoe size": "44"})
    with pytest.raises(SearchNotReadyError, match="have not been matched"):
        find_similar(hub, {"name": "王小明"})
