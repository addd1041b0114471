"""Scores: each dimension on records made for it, sums by source, fields, agreement, and what holds for all of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.cleanse.findings import SCHEMA
from quality.score import (
    DIMENSIONS,
    ScoreSettings,
    agreement_between_sources,
    describe_reason,
    field_scores,
    score_records,
    summarize,
)
from schemas.loader import builtin_model
from schemas.model import EntityType, Field, Label
from schemas.types import EntityKind, SemanticType

NOW = datetime(2026, 1, 15, tzinfo=UTC)
PERSON = builtin_model()["person"]
LABEL = Label("名称", "name")
THING = EntityType(
    "thing",
    LABEL,
    EntityKind.PARTY,
    {
        "name": Field("name", Label("名称", "Name"), SemanticType.TEXT, weight=2),
        "phone": Field("phone", Label("电话", "Phone"), SemanticType.PHONE, multi=True, weight=1),
        "note": Field("note", Label("备注", "Note"), SemanticType.TEXT, weight=0),
        "city": Field("city", Label("城市", "City"), SemanticType.CITY, weight=1),
    },
)


def things(names, phones=None, cities=None):
    columns = {"name": pa.array(names, pa.string())}
    if phones is not None:
        columns["phone"] = pa.array(phones, pa.list_(pa.string()))
    if cities is not None:
        columns["city"] = pa.array(cities, pa.string())
    return pa.table(columns)


def findings(*rows):
    names = SCHEMA.names
    return pa.Table.from_pylist([dict(zip(names, (*row, ""), strict=True)) for row in rows], schema=SCHEMA)


def test_completeness_is_the_weighted_share_of_filled_fields():
    scores = score_records(things(["a", "b", None], [["1"], [], None], ["x", None, None]), findings(), THING, now=NOW)
    assert scores.column("completeness").to_pylist() == [100, 50, 0]
    assert scores.column("reasons").to_pylist() == [
        [],
        ["missing:phone", "missing:city"],
        ["missing:name", "missing:phone", "missing:city"],
    ]


def test_validity_judges_filled_fields_only_and_a_doubt_counts_half():
    found = findings(
        (0, "name", "bad", "error"),
        (1, "phone", "doubt", "warning"),
        (2, "phone", "placeholder", "warning"),
        (2, "city", "fine", "info"),
        (3, "name", "required_missing", "error"),
        (0, "note", "bad", "error"),
    )
    scores = score_records(things(["a", "b", "c", None], [["1"]] * 4, ["x", "y", "z", None]), found, THING, now=NOW)
    assert scores.column("validity").to_pylist() == [50, 87.5, 100, 100]
    assert scores.column("reasons").to_pylist()[:3] == [["invalid:name"], ["doubtful:phone"], []]


def test_uniqueness_falls_with_the_number_of_duplicates():
    scores = score_records(things(["a"] * 3), findings(), THING, now=NOW, duplicates=pa.array([1, 4, None]))
    assert scores.column("uniqueness").to_pylist() == [100, 25, None]
    assert "duplicate:4" in scores.column("reasons")[1].as_py()


def test_timeliness_halves_with_every_half_life():
    at = pa.array(["2026-01-15", "2025-12-16T00:00:00+00:00", "2025-11-16", "2027-01-01", "soon", None])
    scores = score_records(
        things(["a"] * 6), findings(), THING, now=NOW, updated_at=at, settings=ScoreSettings(half_life_days=30)
    )
    assert scores.column("timeliness").to_pylist() == [100, 50, 25, 100, None, None]
    assert "stale:60" in scores.column("reasons")[2].as_py()


def test_the_total_leaves_out_what_was_not_judged():
    weights = {"completeness": 1.0, "uniqueness": 3.0}
    options = {"now": NOW, "settings": ScoreSettings(weights=weights)}
    with_both = score_records(things(["a"]), findings(), THING, duplicates=pa.array([2]), **options)
    only_one = score_records(things(["a"]), findings(), THING, **options)
    assert with_both.column("total").to_pylist() == [50.0]
    assert only_one.column("total").to_pylist() == [50.0] == only_one.column("completeness").to_pylist()


BASE = {
    "full_name": "张三",
    "family_name": "张",
    "given_name": "三",
    "gender": "female",
    "birth_date": "1949-12-31",
    "national_id": "11010519491231002X",
    "postcode": "215000",
    "province": "江苏省",
    "city": "苏州市",
    "address": "江苏省苏州市人民路88号",
    "country": "CN",
    "registered_on": "2020-01-01",
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"birth_date": "1949-12-30"}, "inconsistent:birth_date:national_id"),
        ({"birth_date": "1949"}, None),
        ({"gender": "male"}, "inconsistent:gender:national_id"),
        ({"national_id": "123"}, None),
        ({"salutation": "先生"}, "inconsistent:gender:salutation"),
        ({"salutation": "Dr."}, None),
        ({"family_name": "李"}, "inconsistent:full_name:family_name"),
        ({"postcode": "100000"}, "inconsistent:postcode:province"),
        ({"phone": ["+8651265201234"]}, None),
        ({"phone": ["+861062331234"]}, "inconsistent:phone:province"),
        ({"phone": ["+8613951234876"]}, None),
        ({"phone": ["+4930123456"]}, "inconsistent:phone:country"),
        ({"phone": ["+4930123456", "+8613951234876"]}, None),
        ({"country": "DE"}, "inconsistent:province:country"),
        ({"city": "无锡市"}, "inconsistent:city:address"),
        ({"city": "无锡市", "address": "人民路88号"}, None),
        ({"registered_on": "1940-01-01"}, "inconsistent:registered_on:birth_date"),
    ],
)
def test_rules_between_fields(change, reason):
    record = BASE | change
    table = pa.table({name: pa.array([value]) for name, value in record.items()})
    scores = score_records(table, findings(), PERSON, now=NOW)
    broken = [r for r in scores.column("reasons")[0].as_py() if r.startswith("inconsistent")]
    assert broken == ([reason] if reason else [])
    assert (scores.column("consistency")[0].as_py() == 100) is (reason is None)


def test_consistency_is_null_where_no_rule_applies():
    table = pa.table({"full_name": ["张三"]})
    assert score_records(table, findings(), PERSON, now=NOW).column("consistency").to_pylist() == [None]


def test_sources_that_agree():
    table = things(["a", "a", "b", "c", None], None, ["x", "x", "x", "y", "y"])
    agreement = agreement_between_sources(table, pa.array([0, 0, 0, 1, None]), THING, 3)
    assert agreement.to_pylist() == [pytest.approx((2 * 2 / 3 + 1) / 3), None, None]
    golden = score_records(things(["a", "c", "d"]), findings(), THING, now=NOW, agreement=agreement)
    assert golden.column("consistency").to_pylist() == [pytest.approx(77.78, abs=0.01), None, None]
    assert "sources_disagree:78" in golden.column("reasons")[0].as_py()


def test_sums_by_source():
    scores = score_records(things(["a", None, "c"]), findings(), THING, now=NOW, duplicates=pa.array([1, 2, None]))
    by_source = summarize(scores, pa.array(["shop", "erp", "shop"])).to_pylist()
    assert [(row["group"], row["records"]) for row in by_source] == [("erp", 1), ("shop", 2)]
    assert by_source[1]["completeness"] == 50
    assert by_source[1]["uniqueness"] == 100
    assert by_source[0]["timeliness"] is None
    assert summarize(scores).to_pylist()[0]["group"] == "all"


def test_fields():
    table = things(["a", "a", None, "b"], [["1", "2"], ["1"], None, None])
    found = findings((0, "name", "bad", "error"), (0, "name", "doubt", "warning"), (3, "name", "doubt", "warning"))
    rows = {row["field"]: row for row in field_scores(table, found, THING).to_pylist()}
    name, phone, city = rows["name"], rows["phone"], rows["city"]
    assert (name["filled"], name["distinct"], name["errors"], name["warnings"]) == (3, 2, 1, 1)
    assert name["completeness"] == 75
    assert name["validity"] == 50
    assert phone["uniqueness"] == pytest.approx(66.67, abs=0.01)
    assert (city["completeness"], city["validity"], city["uniqueness"]) == (0, None, None)


def test_reasons_are_put_into_words():
    assert describe_reason("missing:phone", PERSON, "zh") == "缺少电话"
    assert describe_reason("inconsistent:birth_date:national_id", PERSON, "en") == (
        "Date of birth and National ID number contradict each other"
    )
    assert describe_reason("duplicate:3", PERSON, "zh") == "共有 3 条记录是同一客户"
    assert describe_reason("sources_disagree:78", PERSON, "en") == "Sources agree on 78 % only"
    assert describe_reason("from_a_newer_version:x", PERSON, "en") == "from_a_newer_version:x"


def test_no_records():
    scores = score_records(things([]), findings(), THING, now=NOW, duplicates=pa.array([], pa.int64()))
    assert scores.num_rows == 0
    assert summarize(scores).num_rows == 0
    assert field_scores(things([]), findings(), THING).num_rows == len(THING.fields)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", None]),
            st.sampled_from([["1"], ["1", "2"], [], None]),
            st.sampled_from([1, 2, 30, None]),
            st.sampled_from(["error", "warning", "info", None]),
        ),
        max_size=15,
    )
)
def test_scores_stay_between_0_and_100_and_more_faults_never_score_better(rows):
    table = things([r[0] for r in rows], [r[1] for r in rows])
    found = findings(*((i, "name", "x", r[3]) for i, r in enumerate(rows) if r[3]))
    sizes = pa.array([r[2] for r in rows], pa.int64())
    scores = score_records(table, found, THING, now=NOW, duplicates=sizes)
    clean = score_records(table, findings(), THING, now=NOW, duplicates=sizes)
    for name in (*DIMENSIONS, "total"):
        assert all(value is None or 0 <= value <= 100 for value in scores.column(name).to_pylist())
    for dirty, good in zip(scores.column("total").to_pylist(), clean.column("total").to_pylist(), strict=True):
        assert dirty <= good + 1e-6
