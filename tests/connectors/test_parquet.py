"""Parquet files."""

# ruff: noqa: DTZ001 - a column without time zone

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.errors import SourceUnreadable, WrongContent
from connectors.files.parquet import ParquetConnector


def write(tmp_path: Path, table: pa.Table, **options: object) -> ParquetConnector:
    pq.write_table(table, tmp_path / "a.parquet", **options)
    return ParquetConnector(str(tmp_path / "a.parquet"))


def test_every_type_becomes_exact_text(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 1, 2, 3, 4, 5)
    columns = {
        "text": (pa.array([" 张三 ", ""]), ["张三", None]),
        "large": (pa.array(["a", None], pa.large_string()), ["a", None]),
        "category": (pa.array(["甲", "乙"]).dictionary_encode(), ["甲", "乙"]),
        "id": (pa.array([110101199003070011, None], pa.int64()), ["110101199003070011", None]),
        "phone": (pa.array([13800138000.0, 0.5]), ["13800138000", "0.5"]),
        "amount": (pa.array([Decimal("1.20"), Decimal("0.0000001")], pa.decimal128(20, 7)), ["1.2000000", "0.0000001"]),
        "flag": (pa.array([True, False]), ["TRUE", "FALSE"]),
        "day": (pa.array([dt.date(1990, 3, 7), None]), ["1990-03-07", None]),
        "moment": (pa.array([moment, None], pa.timestamp("ns")), ["2024-01-02 03:04:05", None]),
        "zoned": (pa.array([moment, None], pa.timestamp("ms", "UTC")), ["2024-01-02 03:04:05+00:00", None]),
        "list": (pa.array([["a", "b"], []]), ['["a", "b"]', "[]"]),
        "nested": (pa.array([{"city": "北京"}, None]), ['{"city": "北京"}', None]),
        "bytes": (pa.array([b"abc", b"\xff"]), ["abc", "ff"]),
    }
    connector = write(tmp_path, pa.table({name: array for name, (array, _) in columns.items()}))
    (page,) = connector.read()
    assert page.table.to_pydict() == {name: expected for name, (_, expected) in columns.items()}
    assert page.origins == ("a.parquet!1", "a.parquet!2")


def test_resuming_skips_row_groups(tmp_path: Path) -> None:
    connector = write(tmp_path, pa.table({"n": list(range(100))}), row_group_size=30)
    pages = list(connector.read(page_size=20))
    for index, page in enumerate(pages):
        rest = [n for later in connector.read(page.cursor, page_size=7) for n in later.table["n"].to_pylist()]
        assert rest == [str(n) for n in range(20 * (index + 1), 100)]


def test_repeated_column_names(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], names=["phone", "phone"])
    assert list(write(tmp_path, table).describe().columns) == ["phone", "phone_2"]


def test_damaged_and_other_content(tmp_path: Path) -> None:
    write(tmp_path, pa.table({"n": ["x"] * 1000}))
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceUnreadable, match=r"cut\.parquet' cannot be read"):
        ParquetConnector(str(tmp_path / "cut.parquet")).describe()
    (tmp_path / "b.parquet").write_text("id,name\n")
    with pytest.raises(WrongContent, match="plain text"):
        ParquetConnector(str(tmp_path / "b.parquet")).describe()
