"""A model is self-contained: applied to a table it decides as it did when it was learned, and needs no other table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.persons import generate
from matching import (
    KeyForm,
    MatchColumn,
    MatchModelError,
    MatchResult,
    Model,
    Plan,
    Rule,
    apply,
    blocking_keys,
    match,
    train,
)
from schemas.types import SemanticType

PERSON = [
    MatchColumn("first_name", SemanticType.GIVEN_NAME),
    MatchColumn("surname", SemanticType.FAMILY_NAME),
    MatchColumn("birth_date", SemanticType.DATE),
    MatchColumn("city", SemanticType.CITY),
    MatchColumn("postcode", SemanticType.POSTCODE),
    MatchColumn("email", SemanticType.EMAIL),
    MatchColumn("phone", SemanticType.PHONE),
]
NAMES = ["贝尔信息科技", "上海贝尔科技", "贝尔置业", "Bell Tech Ltd", "Bell Technology Ltd", "Blue Bell Coffee", None]
LINES = ["人民路 12 号", "人民路 12 号 3 室", "中山路 8 号", "12 High Street", "12 High St", None]
PHONES = ["+8613800000001", "+8613800000002", "021-55550000", None]
KNOWN = [13044681434484948104, 316364688458020201]
"""Keys are stored and joined on: what changes them breaks every hub."""
ORGANIZATION = [
    MatchColumn("name", SemanticType.ORGANIZATION_NAME),
    MatchColumn("address", SemanticType.ADDRESS),
    MatchColumn("phone", SemanticType.PHONE),
]


def same(one: MatchResult, two: MatchResult) -> None:
    np.testing.assert_array_equal(one.clusters, two.clusters)
    assert one.links.equals(two.links)
    assert one.review.equals(two.review)


@pytest.fixture(scope="module")
def people() -> tuple[pa.Table, MatchResult]:
    table = generate(3000, seed=3)
    return table, match(table, PERSON)


def test_applying_a_learned_model_repeats_the_match(people: tuple[pa.Table, MatchResult], tmp_path: Path) -> None:
    table, straight = people
    assert straight.report.learned
    straight.model.save(tmp_path / "model.json")
    loaded = Model.load(tmp_path / "model.json")
    assert loaded.to_dict() == straight.model.to_dict()
    assert loaded.version == straight.model.version
    same(straight, apply(table, loaded))
    assert train(table, PERSON).version == straight.model.version


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*map(st.sampled_from, (NAMES, LINES, PHONES))), min_size=1, max_size=14))
def test_small_tables_of_organizations_repeat_too(rows: list[tuple[str | None, ...]]) -> None:
    names = [c.name for c in ORGANIZATION]
    table = pa.table({n: pa.array([r[i] for r in rows], pa.string()) for i, n in enumerate(names)})
    straight = match(table, ORGANIZATION)
    same(straight, apply(table, Model.from_dict(straight.model.to_dict())))


def test_a_pair_has_the_same_score_in_any_table(people: tuple[pa.Table, MatchResult]) -> None:
    table, straight = people
    links = straight.links.slice(0, 60).to_pylist()
    for link in links[::6]:
        alone = apply(table.take([link["left"], link["right"]]), straight.model).links.to_pylist()
        assert [one["probability"] for one in alone] == [link["probability"]]
        assert [one["weight"] for one in alone] == [link["weight"]]


def strangers(count: int) -> pa.Table:
    """Return records that share no key with anybody, nor with each other."""
    letters = [chr(0x3400 + 7 * i) for i in range(count)]
    columns = {c.name: pa.array([None] * count, pa.string()) for c in PERSON}
    columns["surname"] = pa.array(letters)
    return pa.table(columns)


def test_unrelated_records_change_nothing(people: tuple[pa.Table, MatchResult]) -> None:
    table, straight = people
    half = table.select([c.name for c in PERSON])
    more = pa.concat_tables([strangers(40), half])
    labels = apply(more, straight.model).clusters
    assert labels[:40].tolist() == list(range(40))
    np.testing.assert_array_equal(labels[40:] - 40, straight.clusters)


def test_keys_meet_where_candidates_are(people: tuple[pa.Table, MatchResult]) -> None:
    table, straight = people
    found = blocking_keys(table, straight.model)
    again = blocking_keys(table.take(np.arange(len(table))[::-1]), straight.model)
    assert sorted(zip(found.rules.tolist(), found.keys.tolist(), strict=True)) == sorted(
        zip(again.rules.tolist(), again.keys.tolist(), strict=True)
    )
    assert found.content.tolist() == again.content.tolist()[::-1]
    mine: dict[int, set[int]] = {}
    for row, key in zip(found.rows.tolist(), found.keys.tolist(), strict=True):
        mine.setdefault(row, set()).add(key)
    merged = straight.links.filter(pa.compute.greater(straight.links["probability"], 0.99)).to_pylist()
    joined = sum(bool(mine[link["left"]] & mine[link["right"]]) for link in merged)
    assert joined > 0.99 * len(merged)  # the others were completed inside their cluster


def test_keys_are_the_same_for_ever() -> None:
    table = pa.table({c.name: ["x"] for c in PERSON})
    model = train(table, PERSON, plan=Plan.of(["surname"], ["surname", "city"]))
    assert blocking_keys(table, model).keys.tolist() == KNOWN


def test_plan_and_candidates_can_be_given() -> None:
    table = generate(1000, seed=4)
    plan = Plan.of(["email"], ["surname", "birth_date"])
    planned = match(table, PERSON, plan=plan)
    assert planned.model.plan == plan
    assert set(planned.report.pairs_by_rule) == {"email", "surname + birth_date"}
    assert planned.report.pairs <= sum(planned.report.pairs_by_rule.values())
    given_pairs = planned.links.select(["left", "right"]).to_pandas().to_numpy()
    given = apply(table, planned.model, candidates=given_pairs)
    assert given.report.pairs <= len(given_pairs)
    np.testing.assert_array_equal(given.clusters, planned.clusters)


def test_what_oversized_blocks_leave_out_is_reported() -> None:
    table = generate(600, seed=5).append_column("shop", pa.array(["one"] * 300 + ["two"] * 300))
    rule = Rule((KeyForm("shop"),), largest=100, neighbours=2)
    report = match(table, [*PERSON, MatchColumn("shop", SemanticType.CATEGORY)], plan=Plan((rule,))).report
    assert report.oversize == {"shop": (2, report.records)}
    pairs = sum(n * (n - 1) // 2 for n in (300, 300))
    assert report.unexamined["shop"] + report.pairs_by_rule["shop"] <= pairs
    assert report.unexamined["shop"] > 80_000


def test_files_of_another_format_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(MatchModelError, match="format 99"):
        Model.load(path)


def test_a_table_without_the_models_columns_is_refused(people: tuple[pa.Table, MatchResult]) -> None:
    with pytest.raises(MatchModelError, match="first_name"):
        apply(pa.table({"amount": ["1"]}), people[1].model)
    assert apply(people[0].select(["surname", "email"]), people[1].model).report.columns == tuple(
        c.name for c in PERSON
    )
