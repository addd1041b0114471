"""The proposed mapping on tables as companies have them."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mapping import propose_mapping
from schemas.errors import ModelError
from schemas.loader import builtin_model
from schemas.mapping import MIXED, Mapping
from schemas.mapping_check import validate

ROWS = 1000
SHARED = Path(os.environ.get("CDM_SHARED_DATA") or Path(__file__).parents[2] / ".." / "shared" / "data")


def cases(name: str) -> list[dict[str, Any]]:
    text = (Path(__file__).parents[1] / "cases" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # every cell is text, as a connector gives it


def text_table(columns: dict[str, Any]) -> pa.Table:
    return pa.table({name: pa.array([v or None for v in values], pa.string()) for name, values in columns.items()})


def table_of(case: dict[str, Any]) -> pa.Table:
    return text_table(dict(zip(case["columns"], zip(*case["rows"], strict=True), strict=True)))


def shared_table(place: str) -> pa.Table:
    """The first rows of a shared table as text."""
    name, _, table = place.partition("#")
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared test data absent: {path}")
    if path.suffix == ".sqlite":
        found = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(f"SELECT * FROM {table} LIMIT {ROWS}")
        names = [column[0] for column in found.description]
        rows = [["" if cell is None else str(cell) for cell in row] for row in found]
    elif path.suffix == ".xlsx":
        import python_calamine

        names, *rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        rows = [[str(cell).removesuffix(".0") for cell in row] for row in rows[:ROWS]]
    else:
        table_ = _parquet(path) if path.suffix == ".parquet" else _csv(path)
        return table_.slice(0, ROWS)
    return text_table(dict(zip(names, zip(*rows, strict=True), strict=True)))


def _parquet(path: Path) -> pa.Table:
    table = pyarrow.parquet.read_table(path).slice(0, ROWS)
    return text_table(
        {n: ["" if v is None else str(v) for v in table.column(n).to_pylist()] for n in table.schema.names}
    )


def _csv(path: Path) -> pa.Table:
    import pandas as pd

    frame = pd.read_csv(path, nrows=ROWS, dtype=str, keep_default_na=False, encoding_errors="replace")
    return text_table({name: frame[name] for name in frame.columns})


def written(mapping: Mapping) -> dict[str, str]:
    """The mapping in the writing of the case table."""
    found = {}
    for column in mapping.columns:
        if mapping.entity == MIXED and column.targets:
            both = (column.targets.get("person", "-"), column.targets.get("organization", "-"))
            found[column.column] = " / ".join(both)
        elif column.targets:
            found[column.column] = column.targets[mapping.entity]
    return found


def check(case: dict[str, Any], table: pa.Table, hint: str) -> None:
    mapping = propose_mapping(table, builtin_model(), source_hint=hint)
    assert mapping.entity == case["entity"]
    assert written(mapping) == case["expect"]
    assert sorted(c.column for c in mapping.columns) == sorted(table.column_names)
    assert mapping.key == case.get("key")
    assert mapping.updated_at == case.get("updated_at")
    assert (mapping.route.column if mapping.route else None) == case.get("route")
    validate(mapping, builtin_model(), table.column_names)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases("mapping.yaml")])
def test_a_table_is_mapped_as_a_steward_would(case: dict[str, Any]) -> None:
    check(case, table_of(case), case.get("hint", ""))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["table"]) for case in cases("mapping_shared.yaml")])
def test_real_tables(case: dict[str, Any]) -> None:
    check(case, shared_table(case["table"]), Path(case["table"].replace("#", "/")).stem)


def test_year_month_and_day_are_joined_in_that_order() -> None:
    rows = [
        (str(day), str(month), str(1950 + day), "Mc" + "abcdefg"[day % 7] * 4)
        for day in range(1, 29)
        for month in (3, 11)
    ]
    table = text_table(dict(zip(["bd", "bm", "by", "surname"], zip(*rows, strict=True), strict=True)))
    mapping = propose_mapping(table, builtin_model())
    assert mapping.fields_of("person") == {"birth_date": ["by", "bm", "bd"], "family_name": ["surname"]}


def test_the_caller_has_the_last_word() -> None:
    table = text_table({"id": ["1", "2"], "code": ["a1", "b2"], "name": ["Acme Inc", "Bolt Ltd"], "when": ["x", "y"]})
    mapping = propose_mapping(
        table, builtin_model(), entity="organization", key="code", updated_at="when", ignore=["id", "absent"]
    )
    assert (mapping.entity, mapping.key, mapping.updated_at) == ("organization", "code", "when")
    assert [c.column for c in mapping.columns] == ["code", "name", "when"]


def test_an_entity_type_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ModelError, match="no entity type 'persn'"):
        propose_mapping(text_table({"name": ["x"]}), builtin_model(), entity="persn")


def test_a_route_knows_words_the_sample_does_not_show() -> None:
    columns = {"CustomerType": ["Person"] * 3, "FirstName": ["Jon", "Ann", "Bo"], "CompanyName": ["", "", ""]}
    mapping = propose_mapping(text_table(columns), builtin_model())
    assert mapping.entity == MIXED
    assert mapping.route is not None
    assert mapping.route.values["Person"] == "person"
    assert mapping.route.values["Company"] == "organization"


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_without_rows_is_mapped_by_its_headers(rows: int) -> None:
    table = text_table({name: [""] * rows for name in ("姓名", "手机", "性别")})
    mapping = propose_mapping(table, builtin_model())
    assert written(mapping) == {"姓名": "full_name", "手机": "phone", "性别": "gender"}
    assert mapping.key is None


def test_no_columns_at_all() -> None:
    assert propose_mapping(pa.table({}), builtin_model()).columns == ()


def test_a_repeated_key_is_tolerated_only_where_it_is_rare() -> None:
    numbers = [str(n) for n in range(100)]
    for repeated, expected in ((3, "customer_id"), (30, None)):
        keys = [*numbers[:-repeated], *numbers[:repeated]]
        table = text_table({"customer_id": keys, "first_name": ["Ann"] * 100, "last_name": numbers})
        assert propose_mapping(table, builtin_model()).key == expected


def test_a_wide_table_is_proposed_in_good_time() -> None:
    columns = {f"col_{n}": [f"value {n} {row}" for row in range(ROWS)] for n in range(60)}
    started = time.perf_counter()
    propose_mapping(text_table(columns), builtin_model())
    assert time.perf_counter() - started < 5


CELLS = st.lists(st.text(max_size=20), min_size=3, max_size=3)
TABLES = st.dictionaries(st.text(max_size=15), CELLS, max_size=6)


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_no_table_is_too_strange(columns: dict[str, list[str]]) -> None:
    table = text_table(columns)
    mapping = propose_mapping(table, builtin_model())
    assert sorted(c.column for c in mapping.columns) == sorted(columns)
    validate(mapping, builtin_model(), table.column_names)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([case for case in cases("mapping.yaml") if len(case["rows"]) > 2]), st.randoms())
def test_the_order_of_rows_and_columns_does_not_matter(case: dict[str, Any], random: Random) -> None:
    table = table_of(case)
    rows, names = list(range(table.num_rows)), list(table.column_names)
    random.shuffle(rows)
    random.shuffle(names)
    hint = case.get("hint", "")
    mapping = propose_mapping(table.take(rows).select(names), builtin_model(), source_hint=hint)
    assert mapping.entity == case["entity"]
    expected = propose_mapping(table, builtin_model(), source_hint=hint)
    numbered = [name for name in names if name[-1].isdigit()]
    if not numbered:  # of 地址1 and 地址2 the first to come is kept
        assert written(mapping) == written(expected)


def test_companies_under_a_persons_header_are_organizations() -> None:
    names = ["Halvorsen Shipping AS", "De Groot Zaden B.V.", "Reinhardt Werkzeugbau GmbH", "Fenwick Castings plc"] * 5
    mapping = propose_mapping(text_table({"person_name": names, "class": ["A61N"] * 20}), builtin_model())
    assert mapping.entity == "organization"
    assert mapping.fields_of("organization")["name"] == ["person_name"]
