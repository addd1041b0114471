"""Which connector a location gets, options, and connectors of other packages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors import registry
from connectors.errors import OptionsInvalid, SourceNotFound, UnknownConnector
from connectors.files.delimited import CsvConnector, CsvOptions
from connectors.options import parse_options
from connectors.registry import (
    ConnectorType,
    connector_names,
    connector_options,
    guess_connector,
    open_connector,
    open_source,
)
from schemas.source import SourceSpec


@pytest.mark.parametrize(
    ("name", "content", "connector"),
    [
        ("a.csv", b"a,b\n1,2\n", "csv"),
        ("a.txt", b"a\tb\n1\t2\n", "csv"),
        ("a.xls", b"a\tb\n1\t2\n", "csv"),
        ("a.jsonl", b'{"a": 1}\n', "jsonl"),
        ("a.json", b'[{"a": 1}]', "jsonl"),
        ("export", b'{"a": 1}\n', "jsonl"),
        ("a.csv", b"[note],b\n1,2\n", "csv"),
        ("a.xlsx", b"PK\x03\x04 cut off", "excel"),
    ],
)
def test_files_by_content_then_name(tmp_path: Path, name: str, content: bytes, connector: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert guess_connector(str(tmp_path / name)) == connector


def test_workbooks_and_parquet_under_any_name(tmp_path: Path, write_xlsx: Callable[..., Path]) -> None:
    assert guess_connector(str(write_xlsx({"S": [["a"], ["x"]]}, name="a.csv"))) == "excel"
    pq.write_table(pa.table({"a": [1]}), tmp_path / "b.csv")
    assert guess_connector(str(tmp_path / "b.csv")) == "parquet"


def test_workbook_named_csv_is_read_with_a_note(write_xlsx: Callable[..., Path]) -> None:
    dataset = open_connector("auto", str(write_xlsx({"S": [["name"], ["Ann"]]}, name="a.csv"))).describe()
    assert dataset.sample.to_pylist() == [{"name": "Ann"}]
    assert any("the name ends in '.csv', the content is an Excel workbook" in note for note in dataset.notes)


@pytest.mark.parametrize("url", ["postgresql://h/x", "sqlite:///x.db", "mysql+pymysql://h/x", "oracle://h/x"])
def test_urls_are_databases(url: str) -> None:
    assert guess_connector(url) == "sql"


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"SQLite format 3\0" + bytes(100), "sqlite:///"),
        (b"<html><table></table>", "save it as .xlsx"),
        (b"\x1f\x8b\x08 gzip", "Unpack it"),
        (b"%PDF-1.7", "Known connectors: excel, csv, jsonl, parquet, tryton, vendure, sql"),
    ],
)
def test_nothing_fits(tmp_path: Path, content: bytes, remedy: str) -> None:
    (tmp_path / "a.dat").write_bytes(content)
    with pytest.raises(UnknownConnector, match=remedy):
        guess_connector(str(tmp_path / "a.dat"))


def test_unknown_names_and_options(tmp_path: Path) -> None:
    with pytest.raises(UnknownConnector, match=r"no connector 'exel'\. Did you mean 'excel'"):
        open_connector("exel", "a.xlsx")
    with pytest.raises(OptionsInvalid, match=r"'csv' has no option 'seperator'.*delimiter, encoding, quote"):
        open_connector("csv", "a.csv", {"seperator": ";"})
    with pytest.raises(OptionsInvalid, match=r"'header_row' of the connector 'excel' is 'drei'\. Give a whole number"):
        open_connector("excel", "a.xlsx", {"header_row": "drei"})
    with pytest.raises(SourceNotFound):
        open_connector("auto", str(tmp_path / "a.csv"))


def test_nothing_is_opened_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "k")
    servers = {
        "sql": "sqlite:///nowhere.db",
        "tryton": "tryton://:${KEY}@nowhere/erp",
        "vendure": "vendure://:${KEY}@nowhere",
    }
    for name in connector_names():
        assert open_connector(name, servers.get(name, "nowhere")) is not None


def test_source_with_placeholder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    spec = SourceSpec("shop", "csv", "${INBOX}/a.csv", {"delimiter": ";"})
    with pytest.raises(OptionsInvalid, match="no variable 'INBOX'"):
        open_source(spec).describe()
    monkeypatch.setenv("INBOX", str(tmp_path))
    assert open_source(spec).describe().columns == ("a", "b")


def test_every_option_has_a_line_of_help() -> None:
    for name in connector_names():
        for option in connector_options(name):
            assert option.help and "\n" not in option.help and option.kind in ("str", "int", "bool", "float")


def test_options_are_converted() -> None:
    assert parse_options("csv", CsvOptions, {"header_row": "3", "quote": "'"}) == CsvOptions(header_row=3, quote="'")


def test_connectors_of_other_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    point = EntryPoint("kingdee", "tests_connector:KINGDEE", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == registry.GROUP else [])
    kind = ConnectorType("kingdee", "金蝶", CsvOptions, CsvConnector)
    monkeypatch.setattr(EntryPoint, "load", lambda self: kind)
    assert connector_names()[-1] == "kingdee"
    assert guess_connector("kingdee://server") == "kingdee"
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    assert open_connector("kingdee", str(tmp_path / "a.csv"), {"delimiter": ";"}).describe().rows == 1


def test_the_registry_loads_no_heavy_library() -> None:
    code = (
        "import sys, connectors.registry; connectors.registry.connector_names();"
        "print([m for m in ('sqlalchemy', 'pandas', 'python_calamine', 'charset_normalizer') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
