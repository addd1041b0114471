"""The shipped suite over every built-in connector."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.conformance import ConnectorConformance, Opened
from connectors.contract import Connector, Cursor, Dataset, Page
from connectors.registry import open_connector

HEADER = ["编号", "姓名", "证件", "备注"]
ROWS = [
    ["001", "张三", "110101199003070011", ""],
    ["002", " 李四 ", "", "第一行\n第二行"],
    ["003", "Ann, Lee", "11010119900307002x", "a"],
    ["004", "王五", "110101199003070054", "　"],
    ["005", 'O\'Neil "Bob"', "007", "0"],
    ["006", "赵六", "110101199003070070", ""],
    ["007", "钱七", "110101199003070089", "末"],
]


def opener(connector: str, location: object, **options: str) -> Opened:
    return lambda: open_connector(connector, str(location), options)


class FileConformance(ConnectorConformance):
    """What cannot be read is the same for every file: missing, empty, of another kind, and an option that is wrong."""

    kind = ""
    other = b"%PDF-1.7 is none of these"

    @pytest.fixture
    def broken(self, tmp_path: Path) -> Sequence[Opened]:
        (tmp_path / "empty").touch()
        (tmp_path / "other").write_bytes(self.other)
        return [opener(self.kind, tmp_path / name) for name in ("missing", "empty", "other", ".")]


class TestExcel(FileConformance):
    kind = "excel"

    @pytest.fixture
    def opened(self, write_xlsx: Callable[..., Path]) -> Opened:
        return opener("excel", write_xlsx({"华东": [["客户表"], HEADER, *ROWS[:4]], "华南": [HEADER, [], *ROWS[4:]]}))


class TestBinaryWorkbook(FileConformance):
    kind = "excel"

    @pytest.fixture
    def opened(self, write_xlsb: Callable[..., Path]) -> Opened:
        return opener("excel", write_xlsb([HEADER, *ROWS]))


class TestCsv(FileConformance):
    kind = "csv"

    @pytest.fixture(params=["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def opened(self, tmp_path: Path, request: pytest.FixtureRequest) -> Opened:
        import csv

        with (tmp_path / "a.csv").open("w", encoding=request.param, newline="") as stream:
            stream.write("客户资料导出\n\n")
            csv.writer(stream).writerows([HEADER, *ROWS[:3], [*ROWS[3], "多"], [], ["005"], *ROWS[5:]])
        return opener("csv", tmp_path / "a.csv")


class TestJsonLines(FileConformance):
    kind = "jsonl"

    @pytest.fixture(params=["\n", "array"])
    def opened(self, tmp_path: Path, request: pytest.FixtureRequest) -> Opened:
        import json

        records: list[Any] = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
        records[2] = {"编号": "003", "地址": {"城市": "北京"}, "标签": ["a", "b"]}
        records.insert(4, ["no object"])
        texts = [json.dumps(record, ensure_ascii=False) for record in records]
        text = "\n\n".join(texts) if request.param == "\n" else "[" + ", ".join(texts) + "]"
        (tmp_path / "a.jsonl").write_text(text, "utf-8")
        return opener("jsonl", tmp_path / "a.jsonl")


class TestParquet(FileConformance):
    kind = "parquet"

    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        columns = dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))
        pq.write_table(pa.table(columns), tmp_path / "a.parquet", row_group_size=3)
        return opener("parquet", tmp_path / "a.parquet")


class TestDatabase(ConnectorConformance):
    @pytest.fixture(
        params=[
            {"table": "客户"},
            {"table": "客户", "key": "编号"},
            {"table": "客户", "key": "备注"},
            {"table": "客户", "updated_at": "备注"},
            {"table": "客户", "key": "编号", "updated_at": "备注"},
            {"query": "SELECT 编号, 姓名 || '?' AS 名 FROM 客户", "key": "编号"},
            {"query": "SELECT 姓名, 备注 FROM 客户"},
        ],
        ids=str,
    )
    def opened(self, tmp_path: Path, request: pytest.FixtureRequest) -> Opened:
        with sqlite3.connect(tmp_path / "erp.db") as connection:
            connection.execute("CREATE TABLE 客户 (编号, 姓名, 证件, 备注)")
            values = [[value or None for value in row] for row in ROWS]
            connection.executemany("INSERT INTO 客户 VALUES (?, ?, ?, ?)", values)
        connection.close()
        return opener("sql", f"sqlite:///{tmp_path}/erp.db", **request.param)

    @pytest.fixture
    def broken(self, tmp_path: Path, opened: Opened) -> Sequence[Opened]:
        here = f"sqlite:///{tmp_path}/erp.db"
        return [
            opener("sql", f"sqlite:///{tmp_path}/gone.db", table="客户"),
            opener("sql", here, table="客户表"),
            opener("sql", here, query="SELECT 姓名 FROM 客户", key="编号"),
            opener("sql", "postgresql://u@127.0.0.1:1/x", table="客户"),
        ]


class Faulty:
    """A connector with one fault, to see that the suite finds it."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def describe(self, sample_rows: int = 1000) -> Dataset:
        table = pa.table({"a": ["1", "2", "3"]}).slice(0, sample_rows)
        return Dataset(["a"], table, 4 if self.fault == "rows" else 3)

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Any:
        start = int(str(cursor["row"])) if cursor and self.fault != "cursor" else 0
        for row in range(start, 3, page_size):
            end = min(3, row + page_size)
            if self.fault == "lost" and page_size == 2 and row > 0:
                return
            values = [
                n if self.fault == "type" else " x " if self.fault == "space" else str(n + 1) for n in range(row, end)
            ]
            origins = ["same" if self.fault == "origin" else f"r{n}" for n in range(row, end)]
            yield Page(pa.table({"a": values}), origins, {"row": end})


@pytest.mark.parametrize(
    ("fault", "test"),
    [
        ("rows", "description_agrees_with_reading"),
        ("cursor", "every_cursor_resumes_with_exactly_the_rest"),
        ("lost", "every_page_size_gives_the_same_records_once"),
        ("type", "tables_are_text_with_the_described_columns"),
        ("space", "tables_are_text_with_the_described_columns"),
        ("origin", "origins_are_aligned_and_unique"),
    ],
)
def test_the_suite_finds_faults(fault: str, test: str) -> None:
    def opened() -> Connector:
        return Faulty(fault)

    with pytest.raises((AssertionError, pa.ArrowException)):
        getattr(ConnectorConformance(), f"test_{test}")(opened)
    sound = Faulty("")
    getattr(ConnectorConformance(), f"test_{test}")(lambda: sound)


def test_the_suite_wants_understandable_errors() -> None:
    with pytest.raises(AssertionError, match="was read"):
        ConnectorConformance().test_errors_are_understandable([lambda: Faulty("")])
