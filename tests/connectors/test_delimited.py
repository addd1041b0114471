"""Delimited text in every state in which customers send it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import (
    HeaderMissing,
    OptionsInvalid,
    SourceEmpty,
    SourceTooLarge,
    WrongContent,
    WrongEncoding,
)
from connectors.files.delimited import CsvConnector, CsvOptions
from connectors.limits import MAX_LINE_BYTES

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "connectors" / "delimited.yaml").read_text("utf-8"))


def connect(path: Path, **options: Any) -> CsvConnector:
    return CsvConnector(str(path), CsvOptions(**options))


def write(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    connector = connect(write(tmp_path, case["text"], case.get("encoding", "utf-8")))
    pages = list(connector.read())
    columns = pages[0].table.column_names
    rows = [list(row.values()) for page in pages for row in page.table.to_pylist()]
    assert [columns, *rows] == case["rows"]
    assert [reject.code for page in pages for reject in page.rejects] == case.get("rejects", [])
    assert connector.describe().rows == len(rows)


def test_origins_are_line_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, 'title\n\na,b,c\n1,"x\ny",2\n\n3,z,4\n5,6,7,8\n')
    (page,) = connect(path).read()
    assert page.origins == ("a.csv!4", "a.csv!7")
    assert page.rejects[0].origin == "a.csv!8"
    assert page.rejects[0].raw == {"a": "5", "b": "6", "c": "7", "column 4": "8"}
    assert "4 fields where the header has 3" in page.rejects[0].reason


def test_irregular_rows_are_noted(tmp_path: Path) -> None:
    notes = "\n".join(connect(write(tmp_path, "a;b\n1\n2;3\n4;5;6\n")).describe().notes)
    assert "separated by ';'" in notes
    assert "1 row(s) have fewer fields than the header (first in line 2)" in notes
    assert "1 row(s) cannot be read and go to quarantine (first in line 4)" in notes


def test_one_broken_byte_costs_one_row(tmp_path: Path) -> None:
    lines = ["姓名,电话", *(f"张三{n},{n}" for n in range(50))]
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(lines).encode().replace("张三7,".encode(), b"\xe5\xbc,"))
    (page,) = connect(path).read()
    assert page.table.num_rows == 49
    assert page.rejects[0].origin == "a.csv!9"
    assert page.rejects[0].code == "row_undecodable"
    assert "byte 0xE5 at position 1" in page.rejects[0].reason


@pytest.mark.parametrize(("written", "told"), [("gb18030", "utf-8"), ("utf-8", "gb18030"), ("utf-16", "utf-8")])
def test_wrong_encoding_told(tmp_path: Path, written: str, told: str) -> None:
    text = "姓名,地址\n" + "".join(f"张敏{n},北京市朝阳区建国路{n}号楼李家\n" for n in range(20))
    with pytest.raises(WrongEncoding, match=r"a\.csv.*is not written in .*encoding"):
        connect(write(tmp_path, text, written), encoding=told).describe()


def test_unknown_encoding(tmp_path: Path) -> None:
    with pytest.raises(OptionsInvalid, match="'klingon' is no known encoding"):
        connect(write(tmp_path, "a,b\n1,2\n"), encoding="klingon").describe()


@pytest.mark.parametrize("text", ["\n\n\n", " \n,,\n"])
def test_nothing_but_blank_lines(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceEmpty, match=r"a\.csv"):
        connect(write(tmp_path, text)).describe()


def test_header_without_rows_is_an_empty_source(tmp_path: Path) -> None:
    connector = connect(write(tmp_path, "姓名,电话\n"))
    assert list(connector.read()) == []
    assert (connector.describe().rows, list(connector.describe().columns)) == (0, ["姓名", "电话"])


@pytest.mark.parametrize(
    "text",
    [
        "张三,13800138000,a@b.cn\n李四,13900139000,c@d.cn\n",
        "1,Ann,1990-01-02\n2,Bob,1991-02-03\n",
        "北京,男,会员\n上海,女,会员\n北京,男,会员\n广州,男,普通\n",
    ],
)
def test_no_header(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(HeaderMissing, match=r"No row of .*a\.csv.* looks like a header.*header=none"):
        connect(path).describe()
    (page,) = connect(path, header="none").read()
    assert page.table.column_names == ["column 1", "column 2", "column 3"]
    assert page.table.num_rows == text.count("\n")
    (page,) = connect(path, header_row=1).read()
    assert page.table.num_rows == text.count("\n") - 1


def test_files_glued_together_keep_their_first_header(tmp_path: Path) -> None:
    (page,) = connect(write(tmp_path, "name,city\nAnn,Bonn\nname,city\nBob,Rome\n")).read()
    assert page.table.column_names == ["name", "city"]
    assert page.table.num_rows == 3


def test_header_row_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HeaderMissing, match="no row of fields in line 7"):
        connect(write(tmp_path, "a,b\n1,2\n"), header_row=7).describe()


@pytest.mark.parametrize(
    "options", [{"delimiter": "ab"}, {"quote": ""}, {"header": "perhaps"}, {"header_row": 0}], ids=str
)
def test_impossible_options(options: dict[str, Any]) -> None:
    with pytest.raises(OptionsInvalid, match="Option '"):
        CsvConnector("a.csv", CsvOptions(**options))


def test_delimiter_by_name_and_quote(tmp_path: Path) -> None:
    (page,) = connect(write(tmp_path, "a\tb\n'x\ty'\t1\n"), delimiter="tab", quote="'").read()
    assert page.table.to_pylist() == [{"a": "x\ty", "b": "1"}]


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"PK\x03\x04rest", "zip archive"),
        (b"SQLite format 3\0", "SQLite"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "HTML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "binary"),
        (b"PAR1", "Parquet"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_other_content(tmp_path: Path, head: bytes, what: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(head)
    with pytest.raises(WrongContent, match=what):
        connect(path).describe()


def test_endless_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"x" * (MAX_LINE_BYTES + 5))
    with pytest.raises(SourceTooLarge, match="Line 2"):
        connect(path).describe()


def test_text_under_another_name_is_noted(tmp_path: Path) -> None:
    notes = connect(write(tmp_path, "a\tb\n1\t2\n", name="export.xls")).describe().notes
    assert any("the name ends in '.xls', the content is plain text" in note for note in notes)


VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t"), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=8), size=st.integers(1, 4))
def test_whatever_is_written_is_read(tmp_path: Path, rows: list[list[str]], size: int) -> None:
    """Any properly quoted table comes back, stripped, whatever the page size and wherever reading resumed."""
    import csv

    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["name", "city", "note"], *rows])
    kept = [[value.strip() or None for value in row] for row in rows if any(value.strip() for value in row)]
    connector = connect(path, encoding="utf-8", delimiter=",", header_row=1)
    pages = list(connector.read(page_size=size))
    assert [list(row.values()) for page in pages for row in page.table.to_pylist()] == kept
    for number, page in enumerate(pages):
        rest = [row for later in connector.read(page.cursor, page_size=size) for row in later.table.to_pylist()]
        assert [list(row.values()) for row in rest] == kept[(number + 1) * size :]


def test_a_hundred_thousand_rows_take_about_a_second(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    row = 'C{0:07},客户{0},138{0:08},11010119900307{1:04},"北京市朝阳区, 建国路{1}号",u{0}@example.com,VIP\n'
    with path.open("w", encoding="utf-8") as stream:
        stream.write("编号,姓名,电话,身份证号,地址,邮箱,等级\n")
        stream.writelines(row.format(n, n % 9999) for n in range(100_000))
    started = time.perf_counter()
    assert sum(page.table.num_rows for page in connect(path).read()) == 100_000
    assert time.perf_counter() - started < 5  # about 0.5 s alone; the machine may be busy
