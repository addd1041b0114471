"""Laws of explanations: they add up, are symmetric, leave no field out, survive storage, and name what decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Explanation, MatchResult
from matching.explain import sentences
from matching.explain.reasons import percent
from schemas.loader import builtin_model
from schemas.model import Label

Match = Callable[..., MatchResult]
GIVEN, FAMILY = ["Anna", "Bernd", "Carla", "Dieter", "Elke"], ["Schmidt", "Vogel", "Neumann", "Krause"]
PEOPLE = [
    {
        "given_name": GIVEN[i % 5],
        "family_name": FAMILY[i % 4],
        "birth_date": f"19{50 + i % 40}-0{1 + i % 9}-1{i % 10}",
        "phone": f"+4930{4000000 + 7919 * i}" if i % 3 else None,
        "city": ["Berlin", "Hamburg"][i % 2],
    }
    for i in range(24)
]
OTHERS = list(zip("陈刘赵黄周吴徐孙", "军芳敏强婷磊静浩", strict=True))
TWICE = [*PEOPLE, {**PEOPLE[1], "birth_date": None}, {**PEOPLE[2], "family_name": "Neuman"}]


@pytest.fixture(scope="module")
def matched() -> MatchResult:
    from matching import columns_of, match
    from schemas.types import MatchRole  # noqa: F401

    entity = builtin_model()["person"]
    import pyarrow as pa

    names = ["given_name", "family_name", "birth_date", "city"]
    columns: dict[str, Any] = {name: pa.array([one[name] for one in TWICE], pa.string()) for name in names}
    columns["phone"] = pa.array([[one["phone"]] if one["phone"] else None for one in TWICE], pa.list_(pa.string()))
    table = pa.table(columns)
    return match(table, columns_of(entity, table))


def total(why: Explanation) -> float:
    return (
        why.prior
        + sum(f.weight for f in why.fields)
        + why.related
        + why.calibration
        + why.identifiers
        + why.limited
        + why.ruled
    )


@given(st.integers(0, len(TWICE) - 1), st.integers(0, len(TWICE) - 1))
@settings(deadline=None)
def test_weights_add_up_and_do_not_depend_on_the_side(matched: MatchResult, left: int, right: int) -> None:
    why, back = matched.explain(left, right), matched.explain(right, left)
    assert total(why) == pytest.approx(why.total, abs=1e-6)
    assert (why.total, why.probability, why.verdict) == (back.total, back.probability, back.verdict)
    assert [(f.left, f.right) for f in why.fields] == [(f.right, f.left) for f in back.fields]
    assert [f.field for f in why.fields] == [c.name for c in matched.model.columns]
    assert all(f.weight == 0 for f in why.fields if f.level == -1)
    assert why.model == matched.model.version


@given(st.integers(0, len(TWICE) - 1), st.integers(0, len(TWICE) - 1))
@settings(deadline=None)
def test_an_explanation_survives_storage(matched: MatchResult, left: int, right: int) -> None:
    why = matched.explain(left, right)
    assert Explanation.from_dict(json.loads(json.dumps(why.to_dict()))) == why


def test_what_older_hubs_stored_can_be_read(matched: MatchResult) -> None:
    raw = matched.explain(0, 1).to_dict()
    for name in ("calibration", "ruled", "outcome", "together", "reasons", "model", "verdict"):
        del raw[name]
    raw["competitor"] = "household"
    read = Explanation.from_dict(raw)
    assert (read.verdict, read.model, read.competitor) == ("review", "", Label("household", "household"))


def words(why: Explanation) -> tuple[str, str]:
    said = list(sentences(why, lambda field: Label(f"〈{field}〉", f"<{field}>"), lambda _, value: value[:2] + "…"))
    return " ".join(one.zh for one in said), " ".join(one.en for one in said)


def test_sentences_name_fields_and_verdict(matched: MatchResult) -> None:
    zh, en = words(matched.explain(1, 24))
    assert "<phone>" in en
    assert "〈birth_date〉" in zh
    assert "Not known on one side" in en


IDS = ["11010519491231002X", "440308199901011512"]


def test_an_identifier_conflict_is_named_and_masked(match_records: Match) -> None:
    people = [{"full_name": "王芳", "phone": "+8613800000001", "national_id": one} for one in IDS]
    why = match_records("person", people).explain(0, 1)
    assert (why.decision, why.verdict) == ("different", "different")
    assert why.probability < 1e-100
    assert total(why) == pytest.approx(why.total)
    zh, en = words(why)
    assert "Two valid, different values of <national_id> (11… and 44…)" in en
    assert "〈national_id〉都有效但不同" in zh


def test_equal_identifiers_and_decisions_are_named(match_records: Match) -> None:
    people = [{"full_name": name, "national_id": IDS[0]} for name in ("王芳", "王方")]
    assert "near proof" in words(match_records("person", people).explain(0, 1))[1]
    told = match_records("person", [*people[:1], {"full_name": "李强"}], must_link=[(0, 1)])
    assert "A steward decided: the same customer." in words(told.explain(0, 1))[1]
    told = match_records("person", [{"full_name": "王芳", "phone": "+8613800000001"}] * 2, cannot_link=[(0, 1)])
    assert "A steward decided: different customers." in words(told.explain(0, 1))[1]


def test_a_branch_is_named(match_records: Match) -> None:
    head = {"name": "北京华润科技有限公司", "name_region": "北京", "name_brand": "华润", "name_trade": "科技"}
    firms = [head, {**head, "name": "北京华润科技有限公司上海分公司", "branch": "上海分公司"}]
    why = match_records("organization", firms).explain(0, 1)
    assert why.verdict == "different"
    assert "a branch and its head office" in words(why)[1]


def test_every_reason_is_worded_in_both_languages() -> None:
    from importlib.resources import files

    told = yaml.safe_load(files("matching.explain").joinpath("reasons.yaml").read_text("utf-8"))
    assert all(set(one) == {"zh", "en"} for section in ("verdicts", "reasons") for one in told[section].values())


def test_probabilities_are_never_rounded_to_certainty() -> None:
    assert [percent(p) for p in (0.0, 1e-9, 0.5, 0.999999, 1.0)] == [
        "0.00 %",
        "< 0.01 %",
        "50.00 %",
        "> 99.99 %",
        "100.00 %",
    ]


def test_a_pair_says_which_identifiers_of_other_records_keep_their_customers_apart(match_records: Match) -> None:
    one, two = "11010519491231002X", "440524188001010014"
    wang = {"family_name": "王", "given_name": "小明", "birth_date": "1980-05-05"}
    li = {"family_name": "王", "given_name": "晓明", "birth_date": "1980-05-05"}
    here, there = {"phone": "+8613900000001"}, {"phone": "+8613900000001", "email": "wxm@example.com"}
    rows: list[Any] = [
        {**wang, **here, "national_id": one},
        {**wang, **here},
        {**li, **there, "national_id": two},
        {**li, **there},
        *({"family_name": a, "given_name": b, "phone": f"+86139{i:04d}7{i:03d}"} for i, (a, b) in enumerate(OTHERS)),
    ]
    found = match_records("person", rows)
    labels = found.clusters
    assert labels[0] == labels[1] != labels[2] == labels[3]
    why, back = found.explain(1, 3), found.explain(3, 1)
    (reason,) = (each for each in why.reasons if each.code == "identifier_apart")
    assert (reason.fields, reason.left, reason.right) == (("national_id",), one, two)
    assert (two, one) in {(each.left, each.right) for each in back.reasons if each.code == "identifier_apart"}
    assert not [each for each in found.explain(0, 2).reasons if each.code == "identifier_apart"], (
        "they say so themselves"
    )
    assert not [each for each in found.explain(0, 1).reasons if each.code == "identifier_apart"], "one customer"
    assert "有效但不同" in words(why)[0]
