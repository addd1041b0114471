"""A hub from its first source to its export, by commands, on every kind of store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv, write_erp, write_workbook

GOLDEN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def hub(cdm: Any, folder: Path, hub_url: str) -> Any:
    """Run commands on a hub that has three customer sources and the orders."""
    write_workbook(folder / "sales.xlsx", SALES_HEADER, SALES)
    write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)
    erp = write_erp(folder / "erp.db")

    def run(*words: str) -> Any:
        return cdm("--hub", hub_url, *words)

    for words in (
        ["sales", "sales.xlsx", "--key", "客户编号", "--trust", "40"],
        ["shop", "shop.csv", "--key", "user_id"],
        ["erp", erp, "--table", "customer", "--trust", "80"],
        ["orders", erp, "--table", "sales_order", "--customers", "erp"],
    ):
        answer = run("source", "add", *words)
        assert answer.code == 0, answer.err
    return run


def test_from_sources_to_golden_records(hub: Any, folder: Path) -> None:
    listed = hub("source", "list")
    assert all(name in listed.out for name in ("sales", "shop", "erp", "orders"))
    run = hub("run")
    assert run.code == 0, run.err
    same, other = hub("lookup", "sales", "S1").out.strip(), hub("lookup", "shop", "U2").out.strip()
    assert GOLDEN_ID.fullmatch(same)
    assert same == hub("lookup", "shop", "U1").out.strip() != other
    shown = hub("golden", "show", same)
    text = " ".join(shown.out.split())
    for part in ("王小明", "+8613812340001", "sales S1 1 sales.xlsx#客户!2", "shop U1 1 shop.csv!2"):
        assert part in text
    golden = hub("golden", "list")
    assert len(GOLDEN_ID.findall(golden.out)) == 10
    assert len(GOLDEN_ID.findall(hub("golden", "list", "--entity", "organization").out)) == 3
    first = hub("golden", "list", "--limit", "4")
    after = GOLDEN_ID.findall(first.out)[-1]
    assert f"--after {after}" in first.out
    rest = hub("golden", "list", "--entity", "person", "--after", after, "--limit", "100")
    assert after not in rest.out


def test_orders_belong_to_the_golden_record_of_their_customer(hub: Any) -> None:
    assert hub("run").code == 0
    shown = hub("golden", "show", hub("lookup", "erp", "K1").out.strip())
    assert "服务器" in shown.out
    assert "交换机" in shown.out
    assert "电脑" not in shown.out


def test_everything_twice_changes_nothing(hub: Any) -> None:
    hub("run")
    before = hub("golden", "list", "--limit", "100").out
    shown = [hub("golden", "show", one).out for one in GOLDEN_ID.findall(before)[:3]]
    assert hub("ingest", "sales").out.strip() == "sales: 5 unchanged"
    assert hub("run").code == 0
    runs = hub("runs", "--limit", "3").out
    assert "consolidate" in runs
    assert "person: arrived 0, left 0, mode incremental" in runs
    assert hub("golden", "list", "--limit", "100").out == before
    assert [hub("golden", "show", one).out for one in GOLDEN_ID.findall(before)[:3]] == shown


def test_exports(hub: Any, folder: Path) -> None:
    hub("run")
    assert hub("golden", "export", "golden.xlsx").code == 0
    assert (folder / "golden.xlsx").stat().st_size > 5000
    for ending in ("csv", "parquet", "jsonl"):
        assert hub("golden", "export", f"golden.{ending}").code == 0
        written = {path.name for path in folder.glob(f"golden-*.{ending}")}
        assert written == {f"golden-{t}.{ending}" for t in ("person", "organization", "crosswalk", "provenance")}
    assert pyarrow.parquet.read_table(folder / "golden-crosswalk.parquet").num_rows == 11
    page = hub("report", "quality.html")
    assert page.code == 0, page.err
    text = (folder / "quality.html").read_text(encoding="utf-8")
    assert "13812340001" not in text, "contact data are masked"
    assert "138****0001" in text


def test_preview_stores_nothing_and_leaves_empty_lines_out(hub: Any, folder: Path) -> None:
    shown = hub("source", "preview", "sales", "--rows", "2")
    assert shown.code == 0
    assert "sales.xlsx#客户!2 · person" in shown.out
    assert "sales.xlsx#客户!4" not in shown.out
    assert "name_pinyin" in shown.out
    assert "+8613812340001" in shown.out
    assert "name_suffix" not in shown.out
    assert hub("lookup", "sales", "S1").code == 6


def test_preview_reads_as_the_import_will(hub: Any, folder: Path) -> None:
    days = ["03/04/2024", "25/12/2023", "30/01/2024", "28/02/2024"]
    rows = [(str(n), f"王{n}", days[n]) for n in range(4)]
    write_csv(folder / "dates.csv", ("客户编号", "姓名", "注册日期"), rows)
    assert hub("source", "add", "dates", "dates.csv").code == 0
    shown = hub("source", "preview", "dates", "--rows", "1")
    assert "2024-04-03" in shown.out, "later rows show that the day comes first"


def test_mapping_is_saved_edited_and_loaded(hub: Any, folder: Path) -> None:
    assert hub("source", "map", "sales", "--save", "sales.yaml").code == 0
    text = (folder / "sales.yaml").read_text(encoding="utf-8")
    assert "key: 客户编号" in text
    (folder / "sales.yaml").write_text(text.replace("to: email", "to: wechat"), encoding="utf-8")
    loaded = hub("source", "map", "sales", "--load", "sales.yaml")
    assert loaded.code == 0, loaded.err
    assert "person.wechat" in loaded.out
    assert "person.wechat" in hub("source", "map", "sales").out
    (folder / "sales.yaml").write_text(text.replace("to: email", "to: e_mail"), encoding="utf-8")
    wrong = hub("source", "map", "sales", "--load", "sales.yaml")
    assert wrong.code == 3
    assert "'邮箱'" in wrong.err
    assert "'e_mail'" in wrong.err
    assert "person.wechat" in hub("source", "map", "sales").out, "the former mapping stays"


def test_names_of_sources(hub: Any) -> None:
    taken = hub("source", "add", "sales", "shop.csv")
    assert taken.code == 5
    assert "'sales' already" in taken.err
    strange = hub("source", "add", "a/b", "shop.csv")
    assert strange.code == 2
    assert "'a/b'" in strange.err
    unknown = hub("ingest", "crm")
    assert unknown.code == 6
    assert "erp, orders, sales, shop" in unknown.err


def test_activities_need_their_customers(hub: Any, folder: Path) -> None:
    erp = f"sqlite:///{folder / 'erp.db'}"
    answer = hub("source", "add", "more", erp, "--table", "sales_order")
    assert answer.code == 2
    assert "--customers" in answer.err
    unknown = hub("source", "add", "more", erp, "--table", "sales_order", "--customers", "crm")
    assert unknown.code == 6
    assert "'crm'" in unknown.err


def test_passwords_are_not_shown(hub: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(folder / "geheim.csv", SHOP_HEADER, SHOP)
    monkeypatch.setenv("FOLDER", str(folder))
    assert hub("source", "add", "filled", "${FOLDER}/geheim.csv").code == 0
    monkeypatch.delenv("FOLDER")
    answer = hub("ingest", "filled")
    assert answer.code == 2
    assert "FOLDER" in answer.err
    assert "${FOLDER}/geheim.csv" in hub("source", "list").out


def test_quarantine(hub: Any, folder: Path) -> None:
    rows = [*SALES, ("", "无号", "13912349999", "", ""), ("S1", "王小明", "13812340001", "neu@firma.cn", "")]
    write_workbook(folder / "sales.xlsx", SALES_HEADER, rows)
    answer = hub("ingest", "sales")
    assert answer.code == 0, answer.err
    assert "2 put into quarantine" in answer.out
    assert hub("ingest", "sales", "--strict").code == hub("run", "--strict").code == 7
    assert hub("ingest", "shop", "--strict").code == 0
    listed = hub("quarantine", "list", "--source", "sales")
    assert "sales.xlsx#客户!7" in listed.out
    assert "key_blank" in listed.out
    assert "key_repeated" in listed.out
    assert "无号" in listed.out
    assert hub("quarantine", "retry", "sales").out.strip() == "0 rows ingested, 2 still in quarantine"
    hub("source", "map", "sales", "--save", "sales.yaml")
    text = (folder / "sales.yaml").read_text(encoding="utf-8").replace("key: 客户编号", "key: 手机")
    (folder / "sales.yaml").write_text(text, encoding="utf-8")
    assert hub("source", "map", "sales", "--load", "sales.yaml").code == 0
    assert hub("quarantine", "retry").out.strip() == "1 rows ingested, 1 still in quarantine"
    hub("run")
    assert hub("lookup", "sales", "13912349999").code == 0
    assert hub("lookup", "sales", "S2").code == 6, "its row is known by the new key"
    assert hub("quarantine", "list", "--source", "shop").out.strip() == "Nothing is in quarantine."


def test_an_empty_hub_says_what_to_do(cdm: Any, folder: Path) -> None:
    for words in (["run"], ["golden", "list"], ["source", "list"], ["report"], ["lookup", "erp", "1"]):
        answer = cdm(*words)
        assert answer.code == 6
        assert "There is no hub at cdm-data/hub.db." in answer.err
        assert "cdm source add" in answer.err
    assert not (folder / "cdm-data").exists()
