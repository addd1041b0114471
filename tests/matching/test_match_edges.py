"""Tables that break matchers: empty, tiny, empty columns, placeholders in every row."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from matching import MatchColumn, MatchModelError, MatchSettings, Model, match
from schemas.types import SemanticType

COLUMNS = [
    MatchColumn("family_name", SemanticType.FAMILY_NAME),
    MatchColumn("given_name", SemanticType.GIVEN_NAME),
    MatchColumn("phone", SemanticType.PHONE),
]
Row = tuple[str | None, str | None, list[str] | None]


def table_of(rows: list[Row]) -> pa.Table:
    types = (pa.string(), pa.string(), pa.list_(pa.string()))
    names = [c.name for c in COLUMNS]
    return pa.table({n: pa.array([r[i] for r in rows], types[i]) for i, n in enumerate(names)})


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([], []),
        ([("王", "伟", ["13800000001"])], [0]),
        ([("欧阳", "修文", ["13812345678"])] * 2, [0, 0]),
        ([("王", "伟", None)] * 2, [0, 1]),
        ([(None, None, None)] * 3, [0, 1, 2]),
        ([(None, None, ["13812345678"])] * 2, [0, 1]),
    ],
)
def test_tiny_tables(rows: list[Row], labels: list[int]) -> None:
    result = match(table_of(rows), COLUMNS)
    assert result.clusters.tolist() == labels
    assert result.report.rows == len(rows)


def test_no_columns_and_one_column() -> None:
    table = pa.table({"x": ["ab", "ab", "cd"]})
    assert match(table, []).clusters.tolist() == [0, 1, 2]
    assert match(table, [MatchColumn("x")]).clusters.tolist() == [0, 1, 2]


def test_company_names_alone_merge_where_equal() -> None:
    table = pa.table({"name": ["Blue Mountain Coffee Inc", "Blue Mountain Coffee Inc", "Northwind Traders Ltd"]})
    labels = match(table, [MatchColumn("name", SemanticType.ORGANIZATION_NAME)]).clusters
    assert labels.tolist() == [0, 0, 2]


def test_all_null_columns_in_a_larger_table() -> None:
    table = table_of([(None, None, None)] * 1000)
    result = match(table, COLUMNS)
    assert len(set(result.clusters.tolist())) == 1000
    with pytest.raises(IndexError, match="1000"):
        result.explain(0, 1000)


def names(count: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    family, given = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"), list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平")
    return [
        (str(f), f"{a}{b}")
        for f, a, b in zip(
            rng.choice(family, count), rng.choice(given, count), rng.choice([*given, ""], count), strict=True
        )
    ]


def test_a_placeholder_in_every_row_merges_nobody_and_stays_cheap() -> None:
    rng = np.random.default_rng(5)
    rows: list[Row] = [(f, g, ["+8613800000000"]) for f, g in names(100_000, rng)]
    table = table_of(rows).append_column(
        "birth_date", pa.array(np.datetime_as_string(np.datetime64("1950-01-01") + rng.integers(0, 20_000, len(rows))))
    )
    begin = time.perf_counter()
    result = match(table, [*COLUMNS, MatchColumn("birth_date", SemanticType.DATE)])
    assert time.perf_counter() - begin < 30
    assert "phone" in result.report.dropped
    assert len(rows) - len(set(result.clusters.tolist())) <= 5
    assert result.report.oversize


def test_equal_names_without_more_are_chance_not_customers() -> None:
    rows: list[Row] = [(f, g, None) for f, g in names(20_000, np.random.default_rng(6))]
    result = match(table_of(rows), COLUMNS)
    assert len(set(result.clusters.tolist())) == len(rows)


def test_order_of_rows_does_not_matter_in_a_learned_table() -> None:
    rng = np.random.default_rng(7)
    rows: list[Row] = [(f, g, [f"138{rng.integers(10**8):08d}"]) for f, g in names(900, rng)]
    rows += [(f, g if k % 3 else None, p) for k, (f, g, p) in enumerate(rows[:250])]
    order = rng.permutation(len(rows))
    straight = match(table_of(rows), COLUMNS)
    shuffled = match(table_of([rows[i] for i in order]), COLUMNS)
    back = np.empty(len(rows), dtype=np.int64)
    back[order] = np.arange(len(rows))
    assert straight.report.learned
    labels = order[shuffled.clusters[back]]
    same = {}
    for mine, other in zip(straight.clusters.tolist(), labels.tolist(), strict=True):
        assert same.setdefault(mine, other) == other
    assert len(set(labels.tolist())) == len(set(straight.clusters.tolist())) < len(rows)


def test_model_is_saved_and_used_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    rows: list[Row] = [(f, g, [f"138{rng.integers(10**8):08d}"]) for f, g in names(600, rng)]
    rows += [(f, None, p) for f, g, p in rows[:200]]
    first = match(table_of(rows), COLUMNS, settings=MatchSettings(resamples=0))
    path = tmp_path / "model.json"
    first.model.save(path)
    again = match(table_of(rows), COLUMNS, model=Model.load(path))
    np.testing.assert_array_equal(first.clusters, again.clusters)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(MatchModelError, match="no matching model"):
        Model.load(path)


def test_report_counts_what_was_done() -> None:
    rows: list[Row] = [("王", "伟", ["13800000001"]), ("王", "伟", ["13800000001"]), ("李", "娜", ["13900000002"])]
    result = match(table_of(rows), COLUMNS, source=pa.array(["erp", "shop", "erp"]))
    report = result.report
    assert (report.rows, report.records, report.clusters, report.merged_rows) == (3, 2, 2, 2)
    assert report.links_across == 1
    assert set(report.seconds) == {"profile", "block", "compare", "learn", "score", "cluster"}
    assert report.to_dict()["pairs"] == 1
