"""``cdm explain``: records of a hub and of files, in both languages, masked, as of then and as of now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv, write_erp, write_workbook

PERSONAL = ("13812340001", "wang@firma.cn", "anna@web.de", "1970-05-11")


@pytest.fixture
def hub(cdm: Any, folder: Path) -> Any:
    """Run commands on a hub with persons in two sources and companies in a third."""
    write_workbook(folder / "sales.xlsx", SALES_HEADER, SALES)
    write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)

    def run(*words: str) -> Any:
        return cdm("--hub", "hub.db", *words)

    assert run("source", "add", "sales", "sales.xlsx", "--key", "客户编号").code == 0
    assert run("source", "add", "shop", "shop.csv", "--key", "user_id").code == 0
    assert run("source", "add", "erp", write_erp(folder / "erp.db"), "--table", "customer").code == 0
    assert run("run").code == 0
    return run


def test_two_records_of_a_hub(hub: Any, folder: Path) -> None:
    answer = hub("explain", "sales:S1", "shop:U1", "--html", "why.html")
    assert answer.code == 0, answer.err
    assert "Taken for one customer" in answer.out
    assert "model version" in answer.out
    page = (folder / "why.html").read_text(encoding="utf-8")
    for text in (answer.out, page):
        assert not any(value in text for value in PERSONAL)
        assert "王小明" in text
    assert "判为同一客户" in page
    told = json.loads(hub("explain", "shop:U1", "sales:S1", "--json").out)
    now = told["now"]
    parts = sum(one["weight"] for one in now["fields"])
    parts += sum(now[name] for name in ("prior", "related", "calibration", "identifiers", "limited", "ruled"))
    assert parts == pytest.approx(now["total"], abs=1e-6)
    assert (now["left"], now["verdict"]) == ({"source": "shop", "key": "U1"}, "merged")
    assert not any(value in json.dumps(told, ensure_ascii=False) for value in PERSONAL)


def test_a_golden_record_and_its_weakest_link(hub: Any, folder: Path) -> None:
    golden = hub("lookup", "sales", "S1").out.strip()
    answer = hub("--lang", "zh", "explain", golden, "--html", "cluster.html")
    assert answer.code == 0, answer.err
    assert "最弱的连接一旦断开，离开的是：" in answer.out
    told = json.loads(hub("explain", golden, "--json").out)
    assert [one["key"] for one in told["records"]] == ["S1", "U1"]
    assert len(told["links"]) == 1
    assert len(told["leaves"]) == 1
    assert "<svg" in (folder / "cluster.html").read_text(encoding="utf-8")
    same = json.loads(hub("explain", "shop:U1", "--json").out)
    assert same == told


def test_two_golden_records(hub: Any) -> None:
    one, other = (hub("lookup", *words).out.strip() for words in (("sales", "S1"), ("sales", "S2")))
    told = json.loads(hub("explain", one, other, "--json").out)["now"]
    assert told["verdict"] == "different"
    assert {told["left"]["key"], told["right"]["key"]} <= {"S1", "U1", "S2"}


def test_as_of_then_and_as_of_now(hub: Any, folder: Path) -> None:
    """A pair that waits for review keeps the explanation it was put up with, whatever its records say since."""
    twin = ["U9", "李雷", "", "", ""]
    write_csv(folder / "shop.csv", SHOP_HEADER, [*SHOP, twin])
    assert hub("run").code == 0
    same = json.loads(hub("explain", "sales:S2", "shop:U9", "--json").out)
    assert (same["then"]["model"], same["changes"]) == (same["now"]["model"], [])
    assert "the same as now" in hub("explain", "sales:S2", "shop:U9").out
    write_csv(folder / "shop.csv", SHOP_HEADER, [*SHOP, [*twin[:2], "13912340002", *twin[3:]]])
    assert hub("ingest", "shop").code == 0
    answer = hub("explain", "sales:S2", "shop:U9", "--html", "why.html")
    assert "As it was when it was put up for review" in answer.out
    assert "what changed" in answer.out
    told = json.loads(hub("explain", "sales:S2", "shop:U9", "--json").out)
    assert "Phone" in {one["name"]["en"] for one in told["changes"]}
    assert told["now"]["probability"] > told["then"]["probability"]
    assert "当时与现在的差别" in (folder / "why.html").read_text(encoding="utf-8")


WRONG = {
    "nobody": (["sales:S99", "shop:U1"], "S99"),
    "an id nobody has": (["0198f3a2-7c11-7d3e-a1b2-5a3c9d0e4f55"], "No golden record has or had"),
    "a person and a company": (["sales:S1", "erp:K1"], "never compared"),
    "twice the same": (["sales:S1", "sales:S1"], "two different ones"),
    "three": (["sales:S1", "sales:S2", "sales:S3"], "two different ones"),
}


@pytest.mark.parametrize("words, said", WRONG.values(), ids=WRONG.keys())
def test_wrong_questions(hub: Any, words: list[str], said: str) -> None:
    answer = hub("explain", *words)
    assert answer.code not in (0, 1)
    assert said in answer.err


PEOPLE = [
    ["1", "Anna Schmidt", "1970-05-11", "anna@web.de"],
    ["2", "Schmidt, Anna", "1970-05-11", "anna@web.de"],
    ["3", "Bernd Vogel", "1981-01-02", "bernd@gmx.de"],
    ["4", "Carla Neumann", "1964-07-21", "carla@neumann.de"],
]


def test_rows_of_a_file(cdm: Any, folder: Path) -> None:
    write_csv(folder / "people.csv", ["no", "name", "birth date", "email"], PEOPLE)
    for words in (["1", "2"], ["people.csv:1", "2", "--id", "no"]):
        answer = cdm("explain", *words, "--file", "people.csv")
        assert answer.code == 0, answer.err
        assert "Taken for one customer" in answer.out
        assert not any(value in answer.out for value in PERSONAL)
    assert json.loads(cdm("explain", "2", "--file", "people.csv", "--json").out)["leaves"] == [
        {"source": "people.csv", "key": "2"}
    ]
    answer = cdm("explain", "1", "9", "--file", "people.csv")
    assert answer.code == 6
    assert "'9' is no record of these files" in answer.err
