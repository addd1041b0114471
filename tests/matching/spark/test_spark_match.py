"""On Spark a table gives the same clusters, links and questions as in one process, to the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from matching import MatchResult, apply, columns_of, match
from matching.spark.engine import SparkResult, apply_on_spark
from schemas.loader import builtin_model
from schemas.types import MatchRole

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]
Rows = list[dict[str, Any]]

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建文志国春雷宇浩凯健俊帆雪荣爱慧佳嘉琳晨"
PLACEHOLDER = "+8613800138000"
SHARED = "110101199001010015"


def persons(count: int) -> Rows:
    """Return persons with namesakes, copies, errors, placeholders, a shared number and empty rows."""
    rng = np.random.default_rng(7)
    rows: Rows = []
    for _ in range(count):
        kind = rng.random()
        if rows and kind < 0.3:
            row = dict(rows[int(rng.integers(len(rows)))])
            if kind < 0.25:
                row[str(rng.choice(["phone", "birth_date", "city", "given_name"]))] = None
            if kind < 0.08 and row["phone"]:
                row["phone"] = [*row["phone"], f"+86139{rng.integers(10**8):08d}"]
        else:
            row = {
                "family_name": str(rng.choice(list(FAMILY))),
                "given_name": "".join(rng.choice(list(GIVEN), rng.integers(1, 3))),
                "birth_date": str(np.datetime64("1950-01-01") + int(rng.integers(20_000))),
                "city": str(rng.choice(["北京市", "上海市", "广州市", "成都市", "西安市"])),
                "phone": [PLACEHOLDER if kind > 0.8 else f"+86139{rng.integers(10**8):08d}"],
                "national_id": SHARED if kind > 0.97 else f"{rng.integers(10**17):017d}X" if kind > 0.7 else None,
            }
        rows.append(row if kind < 0.995 else {})
    return rows


def companies(count: int) -> Rows:
    """Return companies with branches, siblings, and several at one telephone."""
    rng = np.random.default_rng(8)
    brands = ["".join(rng.choice(list("华信安达中恒宏远博瑞泰盛东方金海天宇"), 2)) for _ in range(count // 4)]
    rows: Rows = []
    for _ in range(count):
        brand, trade = str(rng.choice(brands)), str(rng.choice(["科技", "贸易", "置业"]))
        region = str(rng.choice(["上海", "北京", ""]))
        branch = str(rng.choice(["苏州分公司", "", "", ""]))
        row = {"name": f"{region}{brand}{trade}有限公司{branch}", "name_brand": brand, "name_trade": trade}
        row |= {"name_region": region or None, "branch": branch or None, "city": region or "杭州"}
        row["phone"] = [f"+8621{(hash_of(brand + region) + int(rng.integers(2))) % 10**8:08d}"]
        rows.append({**row, "tax_id": f"91{hash_of(brand + trade) % 10**16:016d}" if rng.random() < 0.3 else None})
    return rows


def hash_of(text: str) -> int:
    """Return a number that follows from a text."""
    return int.from_bytes(text.encode(), "big") % (10**9 + 7)


def tables(entity: str, rows: Rows) -> tuple[pa.Table, pa.Table]:
    """Return the fields of the model, and the identifiers."""
    columns, identifiers = {}, {}
    for name, field in builtin_model()[entity].fields.items():
        values = pa.array([row.get(name) for row in rows], pa.list_(pa.string()) if field.multi else pa.string())
        if values.null_count < len(rows):
            columns[name] = values
            if field.match is MatchRole.IDENTIFIER:
                identifiers[name] = values
    return pa.table(columns), pa.table(identifiers)


def on_spark(spark: SparkSession, table: pa.Table, identifiers: pa.Table, pieces: int, **more: Any) -> SparkResult:
    """Match a table on Spark, its rows in disorder."""
    from pyspark.sql import functions as f

    for name in identifiers.column_names:
        table = table.append_column(f"proven:{name}", identifiers.column(name))
    rows = spark.createDataFrame(table.append_column("row", pa.array(np.arange(table.num_rows))))
    return apply_on_spark(rows.orderBy(f.hash("row")).repartition(pieces), **more)


def assert_same(found: SparkResult, expected: MatchResult) -> None:
    """Compare everything that is returned."""
    clusters = found.clusters.orderBy("row").toArrow()
    assert clusters.column("row").to_pylist() == list(range(len(expected.clusters)))
    assert clusters.column("cluster").to_pylist() == expected.clusters.tolist()
    assert found.links.toArrow().equals(expected.links)
    assert found.review.toArrow().equals(expected.review)
    assert found.records == expected.report.records
    assert found.pairs == expected.report.pairs


def test_persons_with_placeholders_and_decisions(spark: SparkSession) -> None:
    table, identifiers = tables("person", persons(900))
    model = match(table, columns_of(builtin_model()["person"], table), identifiers=identifiers).model
    told = {"must_link": [(3, 800), (800, 850), (17, 18), (4, 4)], "cannot_link": [(5, 6), (800, 801)]}
    expected = apply(table, model, identifiers=identifiers, **told)
    assert expected.report.oversize
    assert expected.report.shared_identifiers
    assert 0 < expected.report.clusters < 900
    assert expected.review.num_rows
    assert_same(on_spark(spark, table, identifiers, 5, model=model, **told), expected)


def test_companies_with_branches(spark: SparkSession) -> None:
    table, identifiers = tables("organization", companies(700))
    model = match(table, columns_of(builtin_model()["organization"], table), identifiers=identifiers).model
    expected = apply(table, model, identifiers=identifiers)
    assert expected.links.num_rows
    assert_same(on_spark(spark, table, identifiers, 3, model=model), expected)


def test_a_table_small_enough_for_all_pairs(spark: SparkSession) -> None:
    table, identifiers = tables("person", persons(60))
    model = match(table, columns_of(builtin_model()["person"], table), identifiers=identifiers).model
    expected = apply(table, model, identifiers=identifiers)
    assert expected.report.pairs == expected.report.possible
    assert_same(on_spark(spark, table, identifiers, 2, model=model), expected)
