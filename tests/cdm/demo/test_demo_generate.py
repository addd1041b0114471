"""The demo company: three systems, the dirt of real life, and the truth about all of it."""

from __future__ import annotations

import csv
import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cdm.demo import DemoTruth, demo_sources, generate_demo

TODAY = date(2026, 3, 1)
RECORDS = 3_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoTruth]:
    directory = tmp_path_factory.mktemp("demo") / "made" / "here"
    return directory, generate_demo(directory, records=RECORDS, seed=11, today=TODAY)


@pytest.fixture(scope="module")
def sales(demo: tuple[Path, DemoTruth]) -> list[dict[str, object]]:
    book = CalamineWorkbook.from_path(str(demo[0] / "sales_customers.xlsx"))
    rows: list[dict[str, object]] = []
    for name in book.sheet_names[1:]:
        lines = book.get_sheet_by_name(name).to_python()
        top = next(place for place, line in enumerate(lines) if "客户编号" in line)
        rows += [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]
    return rows


@pytest.fixture(scope="module")
def shop(demo: tuple[Path, DemoTruth]) -> list[dict[str, str]]:
    with (demo[0] / "shop_export.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def erp(demo: tuple[Path, DemoTruth]) -> list[dict[str, str]]:
    with sqlite3.connect(demo[0] / "erp.db") as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("select * from bd_customer")]


def test_every_record_has_its_truth_and_no_other(demo, sales, shop, erp):
    _, truth = demo
    keys = [("sales", row["客户编号"]) for row in sales]
    keys += [("erp", row["FNUMBER"]) for row in erp] + [("shop", row["user_id"]) for row in shop]
    assert len(keys) == len(set(keys)) == len(truth.records) == RECORDS
    assert set(keys) == set(truth.by_record)
    assert truth.per_source == {"sales": len(sales), "erp": len(erp), "shop": len(shop)}


def test_truth_file_reads_back(demo):
    directory, truth = demo
    assert DemoTruth.read(directory) == truth
    assert truth.customers == len({record.truth_id for record in truth.records}) < RECORDS * 0.75


def test_customers_appear_in_one_to_three_systems_and_twice_in_one(demo):
    systems = defaultdict(list)
    for record in demo[1].records:
        systems[record.truth_id].append(record.source)
    spread = Counter(len(set(found)) for found in systems.values())
    assert all(spread[n] > 10 for n in (1, 2, 3)), spread
    assert sum(len(found) > len(set(found)) for found in systems.values()) > 50


def test_same_seed_same_bytes_other_seed_other_customers(demo, tmp_path):
    directory, _ = demo
    generate_demo(tmp_path / "again", records=RECORDS, seed=11, today=TODAY)
    for name in ("sales_customers.xlsx", "erp.db", "shop_export.csv", "truth.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (directory / name).read_bytes(), name
    generate_demo(tmp_path / "other", records=RECORDS, seed=12, today=TODAY)
    assert (tmp_path / "other" / "shop_export.csv").read_bytes() != (directory / "shop_export.csv").read_bytes()


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        ("客户名称", r"[（(].总|[（(]..?先生"),
        ("客户名称", "[廣東國華電張陳劉]"),
        ("客户名称", r"^[A-Z]+ [A-Z]+$"),
        ("客户名称", "分公司"),
        ("客户名称", r"GmbH|Inc|Ltd"),
        ("联系电话", r"^1\.\d\dE\+10$"),
        ("联系电话", r"[/，;、]"),
        ("联系电话", "[０-９]{3}"),
        ("联系电话", "13800000000|13888888888"),
        ("身份证号", r"x$"),
        ("身份证号", r"X$"),
        ("身份证号", r"^\d{15}$"),
        ("行业", "^(无|待补充|暂无)$"),
        ("建档日期", "年"),
        ("地址", "[號縣區]"),
    ],
)
def test_the_sales_list_has_the_dirt_of_real_life(sales, column, pattern):
    texts = [str(row[column]) for row in sales]
    assert sum(bool(re.search(pattern, text)) for text in texts) >= 2, f"{column} has no {pattern}"


def test_phones_in_the_workbook_are_numbers_and_dates_are_dates(sales):
    assert sum(isinstance(row["联系电话"], float) for row in sales) > 50
    assert sum(isinstance(row["建档日期"], date) for row in sales) > 200


def test_test_mails_masked_phones_and_hidden_companies_in_the_shop(shop, demo):
    truth = demo[1].by_record
    assert any(row["email"] == "test@test.com" for row in shop)
    assert any("****" in row["mobile"] for row in shop)
    hidden = [row for row in shop if truth["shop", row["user_id"]].startswith("C")]
    assert len(hidden) > 30
    assert any(not row["name"].endswith("公司") for row in hidden)


def test_notes_title_rows_and_other_column_order(demo):
    book = CalamineWorkbook.from_path(str(demo[0] / "sales_customers.xlsx"))
    assert book.sheet_names == ["说明", "华东", "华南", "华北", "中西部", "海外"]
    assert book.get_sheet_by_name("华南").to_python()[0][0] == "华南区客户资料表"
    orders = {tuple(book.get_sheet_by_name(name).to_python()[0]) for name in ("华东", "华北")}
    assert len(orders) == 2
    assert len({frozenset(order) for order in orders}) == 1
    assert len(book.get_sheet_by_name("华东").merged_cell_ranges or []) > 5


def test_identifiers_carry_the_check_digits_of_the_real_ones(sales, erp):
    from stdnum.cn import ric, uscc

    ids = [str(row["身份证号"]).upper() for row in sales if len(str(row["身份证号"])) == 18]
    valid = sum(ric.is_valid(number) for number in ids)
    assert valid >= 0.93 * len(ids) > 0
    assert valid < len(ids), "a wrong digit belongs to the dirt"
    chinese = [
        row["FTAXREGISTERCODE"] for row in erp if row["FCOUNTRY"] == "CN" and len(row["FTAXREGISTERCODE"] or "") == 18
    ]
    assert sum(uscc.is_valid(number) for number in chinese) >= 0.97 * len(chinese) > 0


def test_foreign_tax_ids_and_leis_are_valid(erp):
    from stdnum import lei
    from stdnum.de import vat as german
    from stdnum.fr import tva
    from stdnum.gb import vat as british

    checks = {"DE": german.is_valid, "FR": tva.is_valid, "GB": british.is_valid}
    found = [row for row in erp if row["FCOUNTRY"] in checks and (row["FTAXREGISTERCODE"] or "无") != "无"]
    assert len(found) > 20
    assert sum(checks[row["FCOUNTRY"]](row["FTAXREGISTERCODE"]) for row in found) >= 0.95 * len(found)
    assert all(lei.is_valid(row["FLEI"]) for row in erp if row["FLEI"])


def test_one_tax_id_is_one_customer(erp, demo):
    truth = demo[1].by_record
    owners = defaultdict(set)
    for row in erp:
        if len(row["FTAXREGISTERCODE"] or "") >= 9:
            owners[row["FTAXREGISTERCODE"]].add(truth["erp", row["FNUMBER"]])
    assert len(owners) > 200
    assert all(len(customers) == 1 for customers in owners.values())


def test_different_customers_share_names_and_phones(shop, demo):
    truth = demo[1].by_record
    for column, least in (("name", 20), ("mobile", 5)):
        owners = defaultdict(set)
        for row in shop:
            if row[column] and "0000000" not in row[column]:
                owners[row[column]].add(truth["shop", row["user_id"]])
        assert sum(len(customers) > 1 for customers in owners.values()) >= least, column


def test_orders_belong_to_customers_of_the_erp(demo, erp):
    with sqlite3.connect(demo[0] / "erp.db") as connection:
        orders = connection.execute("select FCUSTNO, FAMOUNT, FDATE from sal_order").fetchall()
    assert len(orders) > len(erp)
    assert {number for number, _, _ in orders} <= {row["FNUMBER"] for row in erp}
    assert all(amount > 0 and when[:10] <= TODAY.isoformat() for _, amount, when in orders)


def test_most_duplicates_can_be_told_by_a_careful_human(demo, sales, shop, erp):
    """Two records of one customer mostly share a phone, e-mail address, tax id or name; the rest needs a look."""

    def marks(*values: object) -> set[str]:
        digits = [re.sub(r"\.0$|\D", "", unicodedata.normalize("NFKC", str(value or ""))) for value in values]
        return {text[place : place + 8] for text in digits for place in range(len(text) - 7)}

    known = {}
    for row in sales:
        known["sales", row["客户编号"]] = (
            marks(row["联系电话"], row["税号"]),
            str(row["电子邮箱"]).lower(),
            row["客户名称"],
        )
    for row in erp:
        known["erp", row["FNUMBER"]] = (
            marks(row["FTEL"], row["FTAXREGISTERCODE"]),
            str(row["FEMAIL"]).lower(),
            row["FNAME"],
        )
    for row in shop:
        known["shop", row["user_id"]] = (marks(row["mobile"], row["invoice_tax_no"]), row["email"].lower(), row["name"])
    groups = defaultdict(list)
    for place, truth_id in demo[1].by_record.items():
        groups[truth_id].append(known[place])
    pairs = [(a, b) for group in groups.values() for i, a in enumerate(group) for b in group[i + 1 :]]
    told = sum(bool(a[0] & b[0]) or (a[1] == b[1] and "@" in a[1]) or a[2] == b[2] for a, b in pairs)
    assert told >= 0.85 * len(pairs), told / len(pairs)


def test_connectors_read_every_record_and_find_its_key(demo):
    """No mapping is written by hand: the sources open as described and the proposal finds what identifies a row."""
    from connectors.mapping import propose_mapping
    from connectors.registry import open_source
    from schemas.loader import builtin_model

    directory, truth = demo
    keys = {"sales": "客户编号", "erp": "FNUMBER", "shop": "user_id", "orders": "FBILLNO"}
    assert [spec.name for spec in demo_sources(directory)] == list(keys)
    for spec in demo_sources(directory):
        connector = open_source(spec)
        dataset = connector.describe()
        assert spec.mapping is None
        assert propose_mapping(dataset.sample, builtin_model(), key=dataset.key).key == keys[spec.name]
        pages = list(connector.read())
        assert not [reject for page in pages for reject in page.rejects]
        found = {(spec.name, key) for page in pages for key in page.table[keys[spec.name]].to_pylist()}
        assert spec.name == "orders" or found == {place for place in truth.by_record if place[0] == spec.name}
