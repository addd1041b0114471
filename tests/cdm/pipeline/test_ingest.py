"""Reading sources again and again: nothing twice, nothing lost, every change a version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_company import COMPANIES, SALES, SALES_HEADER, write_csv, write_erp

from cdm.errors import NotFound
from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import CHANGES, WHOLE, ingest_source
from cdm.pipeline.run import run_all

KEY = "客户编号"


def sales(folder: Path, rows: Any = SALES) -> Path:
    return write_csv(folder / "sales.csv", SALES_HEADER, rows)


def golden_state(hub: Hub) -> list[dict[str, Any]]:
    """The golden records with their versions."""
    return [row for e in ("person", "organization") for row in hub.store.golden.read(hub.model[e]).index.to_pylist()]


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(folder / "erp.db")
    with connection:
        yield connection
    connection.close()


def test_twice_is_once(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("sales", sales(tmp_path), key=KEY)
    first = ingest_source(hub, "sales")
    assert (first.rows.inserted, first.rows.quarantined) == (5, 0)
    run_all(hub)
    before = golden_state(hub)
    again = ingest_source(hub, "sales")
    assert (again.rows.unchanged, again.rows.inserted, again.rows.updated, again.deleted) == (5, 0, 0, 0)
    run_all(hub)
    assert golden_state(hub) == before


def test_a_changed_row_is_a_version_and_the_golden_record_keeps_its_id(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("sales", sales(tmp_path), key=KEY)
    run_all(hub)
    golden = hub.store.crosswalk.lookup("sales", "S2")
    version = hub.store.golden.get(golden).version
    sales(tmp_path, [SALES[0], (*SALES[1][:3], "li.lei@neu.cn", SALES[1][4]), *SALES[2:]])
    counts = ingest_source(hub, "sales")
    assert (counts.rows.updated, counts.rows.unchanged) == (1, 4)
    run_all(hub)
    assert [record.fields["email"] for record in hub.store.records.history("sales", "S2")] == [
        ["lilei@firma.cn"],
        ["li.lei@neu.cn"],
    ]
    assert hub.store.crosswalk.lookup("sales", "S2") == golden
    now = hub.store.golden.get(golden)
    assert now.fields["email"] == ["li.lei@neu.cn"]
    assert now.version == version + 1


def test_a_vanished_row_is_marked_and_revived_when_it_is_there_again(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("sales", sales(tmp_path), key=KEY)
    run_all(hub)
    golden = hub.store.crosswalk.lookup("sales", "S3")
    sales(tmp_path, [row for row in SALES if row[0] != "S3"])
    assert ingest_source(hub, "sales").deleted == 1
    run_all(hub)
    with pytest.raises(NotFound, match="deleted at source"):
        hub.store.crosswalk.lookup("sales", "S3")
    assert hub.store.crosswalk.resolve(golden) == []
    sales(tmp_path)
    assert ingest_source(hub, "sales").rows.revived == 1
    run_all(hub)
    assert hub.store.crosswalk.lookup("sales", "S3") == golden
    assert len(golden_state(hub)) == 5


def test_merging_retires_an_id_that_still_leads_to_the_customer(hub: Hub, add: Any, tmp_path: Path) -> None:
    twin = ("S6", "周杰", "13812349876", "", "")
    add("sales", sales(tmp_path, [*SALES, twin]), key=KEY)
    run_all(hub)
    kept, other = (hub.store.crosswalk.lookup("sales", key) for key in ("S1", "S6"))
    assert kept != other
    sales(tmp_path, [*SALES, ("S6", *SALES[0][1:])])
    run_all(hub)
    merged = {hub.store.crosswalk.lookup("sales", key) for key in ("S1", "S6")}
    assert len(merged) == 1
    assert {tuple(hub.store.crosswalk.resolve(old)) for old in (kept, other)} == {tuple(merged)}
    sales(tmp_path, [*SALES, twin])
    run_all(hub)
    assert [hub.store.crosswalk.lookup("sales", key) for key in ("S1", "S6")] == [kept, other]


class PulledPlug(BaseException):
    """Ends the process's work at once, as a kill would: nothing may catch it."""


def read_pages(hub: Hub, name: str, pages: int) -> None:
    """Read some pages of a source, then stop as if killed."""

    def stop(stage: str, done: int, total: int | None = None) -> None:
        nonlocal pages
        pages -= 1
        if not pages:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        ingest_source(hub, name, stop)


def test_an_interrupted_reading_goes_on_behind_the_last_page(hub: Hub, add: Any, tmp_path: Path) -> None:
    rows = [(f"S{n}", f"王{n}", f"138{n:08d}", "", "") for n in range(11)]
    add("sales", sales(tmp_path, rows), key=KEY, entity="person")
    read_pages(hub, "sales", 2)
    counts = ingest_source(hub, "sales")
    assert counts.resumed
    assert (counts.rows.inserted, counts.rows.unchanged, counts.deleted) == (5, 0, 0)
    assert len(hub.store.runs.list(kind=WHOLE)) == 1, "it is one run"
    assert ingest_source(hub, "sales").rows.unchanged == 11


def test_a_file_that_changed_meanwhile_is_read_from_its_start(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("sales", sales(tmp_path), key=KEY)
    read_pages(hub, "sales", 1)
    sales(tmp_path, [*reversed(SALES), ("S9", "新客户", "13912340009", "", "")])
    counts = ingest_source(hub, "sales")
    assert (counts.rows.inserted, counts.rows.unchanged) == (3, 3)
    assert counts.deleted == 0


def test_a_failed_reading_keeps_its_pages_and_says_so(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("sales", sales(tmp_path), key=KEY)
    path = tmp_path / "sales.csv"
    path.rename(tmp_path / "away.csv")
    with pytest.raises(Exception, match="does not exist"):
        ingest_source(hub, "sales")
    assert hub.store.runs.list(1)[0].status == "failed"
    (tmp_path / "away.csv").rename(path)
    assert ingest_source(hub, "sales").rows.inserted == 5


def erp(folder: Path, count: int = 8) -> str:
    companies = [
        (f"K{n}", f"第{n}贸易有限公司", f"010-6666{n:04d}", "", f"2026-01-0{n} 10:00:00") for n in range(1, count)
    ]
    return write_erp(folder / "erp.db", companies)


def test_only_changes_are_read_where_the_database_tells_them(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("erp", erp(tmp_path), table="customer", updated_at="changed")
    assert ingest_source(hub, "erp").rows.inserted == 7
    with database(tmp_path) as connection:
        connection.execute("UPDATE customer SET email = 'neu@k3.cn', changed = '2026-02-01 00:00:00' WHERE code = 'K3'")
        connection.execute("INSERT INTO customer VALUES ('K9', '新客户有限公司', '', '', '2026-02-02 00:00:00')")
        connection.execute("DELETE FROM customer WHERE code = 'K1'")
    counts = ingest_source(hub, "erp")
    assert (counts.rows.updated, counts.rows.inserted, counts.deleted) == (1, 1, 0)
    assert counts.rows.unchanged <= 1, "at most the row at the last time stamp is read again"
    counts = ingest_source(hub, "erp", full=True)
    assert (counts.rows.unchanged, counts.deleted) == (7, 1)


def test_an_interrupted_reading_of_changes_deletes_nothing(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("erp", erp(tmp_path), table="customer", updated_at="changed")
    ingest_source(hub, "erp")
    with database(tmp_path) as connection:
        connection.execute("UPDATE customer SET email = code || '@neu.cn', changed = '2026-03-0' || substr(code, 2)")
        connection.execute("INSERT INTO customer VALUES ('K9', '新客户有限公司', '', '', '2026-04-02 00:00:00')")
        connection.execute("UPDATE customer SET changed = '2026-01-01' WHERE code IN ('K1', 'K2')")
    read_pages(hub, "erp", 1)
    counts = ingest_source(hub, "erp")
    assert counts.resumed
    assert counts.deleted == 0, "K1 and K2 did not change, and are not gone"
    assert counts.rows.inserted == 1
    assert {run.status for run in hub.store.runs.list(kind=CHANGES)} == {"finished"}


def test_an_interrupted_first_reading_of_a_database_goes_on_as_such(hub: Hub, add: Any, tmp_path: Path) -> None:
    add("erp", erp(tmp_path), table="customer", updated_at="changed")
    read_pages(hub, "erp", 1)
    counts = ingest_source(hub, "erp")
    assert counts.resumed
    assert (counts.rows.inserted, counts.deleted) == (4, 0)
    assert hub.store.runs.list(kind=CHANGES) == []
    assert ingest_source(hub, "erp").rows.inserted == 0


def test_repeated_and_blank_keys(hub: Hub, add: Any, tmp_path: Path) -> None:
    later = ("S1", "王小明", "13812340001", "later@firma.cn", "")
    add("sales", sales(tmp_path, [*SALES, later, ("", "无号", "13912340009", "", "")]), key=KEY)
    counts = ingest_source(hub, "sales")
    assert (counts.rows.inserted, counts.rows.quarantined) == (5, 2)
    assert hub.store.records.get("sales", "S1").fields["email"] == ["later@firma.cn"]
    assert {row.code for row in hub.store.quarantine.list("sales")} == {"key_repeated", "key_blank"}
    again = ingest_source(hub, "sales")
    assert (again.rows.unchanged, again.rows.updated, again.rows.quarantined) == (5, 0, 0)
    sales(tmp_path)
    ingest_source(hub, "sales")
    assert hub.store.quarantine.list("sales") == [], "rows that are gone from the file are no more trouble"
    assert hub.store.records.get("sales", "S1").fields["email"] == ["wang@firma.cn"]


def test_a_database_without_keys_is_read_by_the_key_that_was_found(hub: Hub, add: Any, tmp_path: Path) -> None:
    with database(tmp_path) as connection:
        connection.execute("CREATE TABLE kunden (kundennummer TEXT, name TEXT, phone TEXT)")
        rows = [(f"K{n}", f"第{n}贸易有限公司", f"010-6666{n:04d}") for n in range(200)]
        connection.executemany(
            "INSERT INTO kunden VALUES (?, ?, ?)", [*rows, ("K3", "第3商贸有限公司", ""), (None, "无", "")]
        )
    add("erp", f"sqlite:///{tmp_path / 'erp.db'}", table="kunden")
    assert hub.source("erp").options["key"] == "kundennummer"
    read_pages(hub, "erp", 2)
    assert ingest_source(hub, "erp").resumed
    assert sum(live for live, _ in hub.store.records.count().values()) == 200
    assert hub.store.records.get("erp", "K5").origin.startswith("erp.kunden[kundennummer=K5]")
    assert {row.code for row in hub.store.quarantine.list("erp")} == {"key_blank", "key_repeated"}


def test_rows_without_a_key_are_known_by_their_content(hub: Hub, add: Any, tmp_path: Path) -> None:
    rows = [("王小明", "13812340001"), ("李雷", "13912340002"), ("王小明", "13812340001")]
    add("list", write_csv(tmp_path / "list.csv", ("姓名", "手机"), rows))
    assert ingest_source(hub, "list").rows.inserted == 3, "two equal rows of a page are two rows"
    assert ingest_source(hub, "list").rows.unchanged == 3
    write_csv(tmp_path / "list.csv", ("姓名", "手机"), [("李雷", "13912340002"), ("王小明", "13812340008")])
    counts = ingest_source(hub, "list")
    assert (counts.rows.inserted, counts.rows.unchanged, counts.deleted) == (1, 1, 2)


def test_persons_and_companies_of_one_table_go_their_ways(hub: Hub, add: Any, tmp_path: Path) -> None:
    rows = [("1", "王小明", "13812340001"), ("2", COMPANIES[0][1], COMPANIES[0][2]), ("3", "李雷", "13912340002")]
    rows += [("4", COMPANIES[1][1], COMPANIES[1][2])]
    add("all", write_csv(tmp_path / "all.csv", ("客户编号", "客户名称", "电话"), rows), key=KEY)
    assert hub.source("all").mapping.entity == "mixed"  # type: ignore[union-attr]
    run_all(hub)
    entities = {key: hub.store.records.get("all", key).entity for key in "1234"}
    assert entities == {"1": "person", "2": "organization", "3": "person", "4": "organization"}
    assert len(golden_state(hub)) == 4


def test_equal_rows_of_a_source_without_a_key_are_all_kept(hub: Hub, add: Any, tmp_path: Path) -> None:
    line = ("张三", "13812340001", "")
    rows = [line, ("李四", "13812340002", ""), line, ("王五", "13812340003", ""), line]
    file = write_csv(tmp_path / "lines.csv", ("姓名", "手机", "备注"), rows)
    small = replace(hub, settings=hub.settings.model_copy(update={"page_size": 2}))
    add("lines", file)
    assert small.source("lines").mapping.key is None
    assert ingest_source(small, "lines").rows.inserted == 5
    again = ingest_source(small, "lines")
    assert (again.rows.unchanged, again.deleted) == (5, 0)
    write_csv(file, ("姓名", "手机", "备注"), rows[:-1])
    assert ingest_source(small, "lines").deleted == 1
