"""Bad input as its users meet it: what is wrong, where, what to do — and nothing half-written."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from small_company import ORDERS, SALES, SALES_HEADER, write_csv, write_erp, write_workbook


def refused(answer: Any, code: int, *said: str) -> None:
    """Assert that a command was refused as its user should see it."""
    assert answer.code == code, answer.err or answer.out
    for text in said:
        assert text in answer.err
    assert answer.err.startswith("error")
    assert "\n  → " in answer.err, "a remedy"
    assert "Traceback" not in answer.err


def hub_is_untouched(cdm: Any) -> None:
    """Assert that the refused source was not registered."""
    listed = cdm("source", "list")
    assert listed.code == 6 or listed.out.strip() == "There is no source yet."


def encrypted(path: Path) -> Path:
    """Write what a password-protected workbook begins with: a compound file that holds an encrypted package."""
    sector = 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    header += b"\xff\xff\xff\xff" * ((sector - len(header)) // 4)
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * (sector - 8)
    entries = b""
    for name, kind in (("Root Entry", 5), ("EncryptionInfo", 2), ("EncryptedPackage", 2)):
        text = name.encode("utf-16-le") + b"\0\0"
        entries += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, *[0xFFFFFFFF] * 3) + bytes(48)
    entries = entries.ljust(sector, b"\0")
    path.write_bytes(header[:sector] + fat + entries)
    return path


def zip_bomb(path: Path) -> Path:
    """Write a workbook that unpacks to a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(bytes(2**20))
    return path


def make(folder: Path, case: str) -> str:
    """Write the file of a case and return its name."""
    match case:
        case "missing":
            write_csv(folder / "kunden.csv", SALES_HEADER, SALES)
            return "kunde.csv"
        case "empty":
            (folder / "empty.csv").touch()
            return "empty.csv"
        case "headerless":
            write_workbook(folder / "bare.xlsx", ("1", "2", "3"), [("13812340001", "2020-01-01", "5")] * 5)
            return "bare.xlsx"
        case "unreadable":
            path = write_workbook(folder / "torn.xlsx", SALES_HEADER, SALES)
            path.write_bytes(path.read_bytes()[:2000])
            return "torn.xlsx"
        case "encrypted":
            return encrypted(folder / "locked.xlsx").name
        case "bomb":
            return zip_bomb(folder / "bomb.xlsx").name
        case "image":
            (folder / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
            return "photo.csv"
    raise AssertionError(case)


FILES = [
    ("missing", "source_not_found", ["kunde.csv", "Did you mean 'kunden.csv'"]),
    ("empty", "source_empty", ["empty.csv", "is empty"]),
    ("headerless", "header_missing", ["bare.xlsx", "sheet '客户'", "header_row"]),
    ("unreadable", "source_unreadable", ["torn.xlsx"]),
    ("encrypted", "source_encrypted", ["locked.xlsx", "password"]),
    ("bomb", "source_too_large", ["bomb.xlsx"]),
    ("image", "", ["photo.csv"]),
]


@pytest.mark.parametrize(("case", "code", "said"), FILES, ids=[case for case, _, _ in FILES])
def test_files(cdm: Any, folder: Path, case: str, code: str, said: list[str]) -> None:
    name = make(folder, case)
    before = {path.name for path in folder.iterdir()}
    answer = cdm("dedupe", name, "--out", "out.csv", "--report", "page.html")
    refused(answer, answer.code, *said, code)
    assert answer.code in (2, 4)
    assert {path.name for path in folder.iterdir()} == before, "nothing is written"
    answer = cdm("source", "add", "sales", name)
    refused(answer, answer.code, *said, code)
    hub_is_untouched(cdm)


def test_a_file_that_is_too_large(cdm: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"S{n}", "王小明", "13812340001", "x" * 100 + "@firma.cn", "") for n in range(9000)]
    write_csv(folder / "large.csv", SALES_HEADER, rows)
    monkeypatch.setenv("CDM_MAX_FILE_MEGABYTES", "1")
    for words in (["dedupe", "large.csv", "--out", "out.csv"], ["source", "add", "s", "large.csv"]):
        refused(cdm(*words), 4, "source_too_large", "large.csv", "1 MB", "CDM_MAX_FILE_MEGABYTES")


def test_a_file_of_another_kind_is_read_as_what_it_is(cdm: Any, folder: Path) -> None:
    write_workbook(folder / "really_a_workbook.csv", SALES_HEADER, SALES)
    answer = cdm("source", "add", "sales", "really_a_workbook.csv")
    assert answer.code == 0, answer.err
    assert "'.csv'" in answer.out
    forced = cdm("source", "add", "again", "really_a_workbook.csv", "--connector", "csv")
    refused(forced, 4, "really_a_workbook.csv", "source_content")


def test_the_wrong_encoding(cdm: Any, folder: Path) -> None:
    write_csv(folder / "gbk.csv", SALES_HEADER, SALES, encoding="gb18030")
    refused(cdm("source", "add", "sales", "gbk.csv", "--option", "encoding=utf-8"), 4, "gbk.csv", "utf-8", "encoding")
    unknown = cdm("source", "add", "sales", "gbk.csv", "--option", "encoding=klingon")
    refused(unknown, unknown.code, "klingon")
    found = cdm("source", "add", "sales", "gbk.csv")
    assert found.code == 0, found.err
    assert "person.full_name" in found.out


def test_duplicated_headers_are_renamed_and_told(cdm: Any, folder: Path) -> None:
    rows = [("1", "王小明", "13812340001", "13912340002"), ("2", "李雷", "13712340003", "")]
    write_csv(folder / "twice.csv", ("编号", "姓名", "电话", "电话"), rows)
    answer = cdm("source", "add", "sales", "twice.csv")
    assert answer.code == 0, answer.err
    assert "header '电话' stands more than once" in answer.out
    assert "电话_2" in answer.out


def test_ragged_rows_go_to_quarantine_and_the_rest_goes_on(cdm: Any, folder: Path) -> None:
    text = "编号,姓名,电话\n1,王小明,13812340001\n2,李雷,13912340002,多,余\n3,韩梅梅\n"
    (folder / "ragged.csv").write_text(text, encoding="utf-8")
    assert cdm("source", "add", "sales", "ragged.csv").code == 0
    answer = cdm("ingest", "sales")
    assert answer.code == 0
    assert answer.out.strip() == "sales: 2 new, 1 put into quarantine"
    listed = cdm("quarantine", "list").out
    assert "ragged.csv!3" in listed
    assert "5 fields where the header has 3" in listed


@pytest.mark.parametrize(
    ("location", "options", "code", "said"),
    [
        ("postgresql://reader:geheim@127.0.0.1:1/erp", ["--table", "t"], 5, ["source_unavailable", "127.0.0.1"]),
        ("nosuch://host/erp", ["--table", "t"], 4, ["driver_missing", "nosuch"]),
        ("sqlite:///{folder}/none.db", ["--table", "t"], 4, ["source_not_found", "none.db"]),
        ("sqlite:///{folder}/erp.db", ["--table", "custmer"], 4, ["source_part_missing", "'custmer'", "customer"]),
        ("sqlite:///{folder}/erp.db", [], 2, ["source_options", "customer, sales_order"]),
        ("sqlite:///{folder}/erp.db", ["--table", "customer", "--key", "nr"], 4, ["column_missing", "'nr'"]),
        ("sqlite:///{folder}/erp.db", ["--query", "SELECT nix FROM customer"], 4, ["query_failed", "nix"]),
        ("sqlite:///{folder}/erp.db", ["--query", "DELETE FROM customer"], 2, ["source_options", "SELECT"]),
        ("sqlite:///{folder}/erp.db", ["--query", "SELECT name FROM customer", "--key", "code"], 4, ["'code'"]),
        ("sqlite:///{folder}/erp.db", ["--table", "customer", "--updated-at", "when"], 4, ["'when'"]),
        ("sqlite:///{folder}/erp.db", ["--table", "customer", "--option", "speed=9"], 2, ["'speed'"]),
    ],
)
def test_databases(cdm: Any, folder: Path, location: str, options: list[str], code: int, said: list[str]) -> None:
    write_erp(folder / "erp.db")
    answer = cdm("source", "add", "erp", location.format(folder=folder), *options)
    refused(answer, code, *said)
    assert "geheim" not in answer.err + answer.out
    hub_is_untouched(cdm)


def test_a_table_that_went_away(cdm: Any, folder: Path) -> None:
    erp = write_erp(folder / "erp.db")
    assert cdm("source", "add", "erp", erp, "--table", "customer").code == 0
    assert cdm("run").code == 0
    found = cdm("golden", "list").out
    import sqlite3

    with sqlite3.connect(folder / "erp.db") as connection:
        connection.execute("DROP TABLE customer")
    connection.close()
    refused(cdm("run"), 4, "source_part_missing", "'customer'", "sales_order")
    assert cdm("golden", "list").out == found, "what was read before stays"


@pytest.mark.parametrize("option", ["--key", "--updated-at"])
def test_key_columns_of_files_must_exist(cdm: Any, folder: Path, option: str) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    answer = cdm("source", "add", "sales", "sales.csv", option, "客户号码")
    refused(answer, 3, "'客户号码'", "客户编号")
    hub_is_untouched(cdm)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["source", "add", "s", "sales.csv", "--trust", "101"], "'--trust'"),
        (["--lang", "fr", "run"], "fr"),
        (["golden", "list", "--limit", "0"], "'--limit'"),
        (["source", "add", "s", "sales.csv", "--option", "delimiter"], "'delimiter' is not NAME=VALUE"),
        (["source", "ad"], "ad"),
        (["dedupe", "sales.csv"], "--out"),
    ],
)
def test_words_that_cannot_be_meant(cdm: Any, folder: Path, words: list[str], said: str) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    answer = cdm(*words)
    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_an_entity_the_model_does_not_have(cdm: Any, folder: Path) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    refused(cdm("source", "add", "s", "sales.csv", "--entity", "animal"), 3, "'animal'", "person")
    hub_is_untouched(cdm)


def test_values_out_of_range_are_kept_with_a_finding(cdm: Any, folder: Path) -> None:
    rows = [("1", "王小明", "1850-13-45", "138"), ("2", "李雷", "2999-01-01", "13912340002")]
    write_csv(folder / "p.csv", ("编号", "姓名", "出生日期", "手机"), rows)
    assert cdm("source", "add", "s", "p.csv").code == 0
    shown = cdm("source", "preview", "s").out
    assert "1850-13-45" in shown
    findings = [line for line in shown.splitlines() if "birth_date" in line or "phone" in line]
    assert all(len(line.split()) > 4 for line in findings[:2]), findings
    assert cdm("run").code == 0


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("CDM_PAGE_SIZE", "0", 2, "CDM_PAGE_SIZE"),
        ("CDM_MERGE_THRESHOLD", "1.5", 2, "CDM_MERGE_THRESHOLD"),
        ("CDM_COUNTRY", "china", 2, "CDM_COUNTRY"),
        ("CDM_MODEL_DIRECTORY", "nowhere", 3, "nowhere"),
        ("CDM_HUB_URL", "mysql://host/db", 5, "mysql"),
        ("CDM_HUB_URL", "postgresql://hub:geheim@127.0.0.1:1/hub", 5, "127.0.0.1"),
    ],
)
def test_settings(
    cdm: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: int, said: str
) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    monkeypatch.setenv(variable, value)
    answer = cdm("source", "add", "s", "sales.csv")
    refused(answer, code, said)
    assert "geheim" not in answer.err


def test_a_wrong_model_names_file_field_and_remedy(cdm: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    (folder / "model").mkdir()
    field = "{label: {zh: 会员, en: Card}, type: identifer, privacy: personal}"
    (folder / "model" / "person.yaml").write_text(f"entity: person\nfields:\n  card: {field}\n", encoding="utf-8")
    monkeypatch.setenv("CDM_MODEL_DIRECTORY", "model")
    refused(cdm("source", "add", "s", "sales.csv"), 3, "person.yaml", "card", "identifer", "identifier")


def test_a_hub_that_is_none(cdm: Any, folder: Path) -> None:
    erp = write_erp(folder / "erp.db")
    before = (folder / "erp.db").read_bytes()
    refused(cdm("--hub", erp, "source", "list"), 5, "store_damaged", "customer")
    assert (folder / "erp.db").read_bytes() == before
    (folder / "text.db").write_text("no database " * 100, encoding="utf-8")
    refused(cdm("--hub", "text.db", "source", "list"), 5, "text.db")


def test_outputs_that_cannot_be_written(cdm: Any, folder: Path) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    assert cdm("source", "add", "s", "sales.csv").code == 0
    assert cdm("run").code == 0
    refused(cdm("golden", "export", "nowhere/golden.xlsx"), 2, "nowhere/golden.xlsx")
    refused(cdm("golden", "export", "golden.pdf"), 2, "golden.pdf", ".parquet")
    refused(cdm("report", "nowhere/page.html"), 2, "nowhere/page.html")
    refused(cdm("source", "map", "s", "--save", "nowhere/map.yaml"), 3, "nowhere/map.yaml")
    refused(cdm("source", "map", "s", "--load", "none.yaml"), 3, "none.yaml")
    assert {path.name for path in folder.iterdir()} == {"sales.csv", "cdm-data"}


def test_what_is_not_there(cdm: Any, folder: Path) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    assert cdm("source", "add", "s", "sales.csv", "--key", "客户编号").code == 0
    refused(cdm("lookup", "s", "S9"), 6, "'S9'")
    cdm("ingest", "s")
    refused(cdm("lookup", "s", "S1"), 6, "'S1'", "cdm run")
    refused(cdm("golden", "show", "0190"), 6, "'0190'", "cdm lookup")
    refused(cdm("golden", "list", "--entity", "transaction"), 6, "transaction", "person")
    refused(cdm("golden", "list", "--entity", "animal"), 3, "animal")
    refused(cdm("quarantine", "list", "--source", "x"), 6, "'x'")


def test_an_order_of_an_unknown_customer_is_kept(cdm: Any, folder: Path) -> None:
    erp = write_erp(folder / "erp.db", orders=[*ORDERS, ("O5", "", "2026-04-01", "线", "1")])
    cdm("source", "add", "erp", erp, "--table", "customer")
    assert cdm("source", "add", "orders", erp, "--table", "sales_order", "--customers", "erp").code == 0
    answer = cdm("run")
    assert answer.code == 0
    assert " 5 " in next(line for line in answer.lines() if line.strip().startswith("orders"))
