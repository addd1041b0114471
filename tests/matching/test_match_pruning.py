"""Blocking rules that are followed: few, and yet what all of them find; no pair hangs on one column."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.persons import generate
from matching import KeyForm, MatchColumn, MatchSettings, Plan, Rule, match
from matching.blocking import Proposed, block, choose
from matching.plan import PROOF
from matching.pruning import Likely, worthwhile
from matching.records import survey

RECORDS = 1_000
NOTHING = np.empty(0, dtype=np.int64)


def rule(*columns: str, finds: range, form: str = "=", keys: int = RECORDS) -> Proposed:
    pairs = np.array(finds, dtype=np.int64)
    return Proposed(Rule(tuple(KeyForm(c, form) for c in columns)), pairs, NOTHING, NOTHING, keys)


def likely(count: int, wrong: float = 0.1) -> Likely:
    columns = ("email", "phone", "name")
    mistaken = np.arange(count)[:, None] % 10 == np.arange(3)
    return Likely(np.arange(count), np.ones(count), mistaken & (wrong > 0), columns)


def names(kept: list[Proposed]) -> list[str]:
    return [one.rule.name for one in kept]


def test_a_rule_that_repeats_another_is_left_out() -> None:
    rules = [
        rule("email", finds=range(300)),
        rule("email", finds=range(300), form="local"),
        rule("phone", finds=range(300)),
    ]
    assert names(worthwhile(rules, likely(300), RECORDS)) == ["email", "phone"]


def test_a_second_way_is_kept_for_the_day_the_first_column_is_wrong() -> None:
    rules = [rule("email", finds=range(300)), rule("phone", finds=range(300))]
    assert names(worthwhile(rules, likely(300), RECORDS)) == ["email", "phone"]
    assert names(worthwhile(rules, likely(300, wrong=0.0), RECORDS)) == ["email", "phone"]  # never wrong so far
    dear = rule("phone", finds=range(300), keys=150 * RECORDS)
    assert names(worthwhile([rules[0], dear], likely(300, wrong=0.0), RECORDS)) == ["email"]


def test_of_two_rules_that_find_the_same_the_cheaper_is_kept() -> None:
    dear = rule("name", "email", finds=range(300), keys=8 * RECORDS)
    assert names(worthwhile([dear, rule("name", finds=range(300))], likely(300, wrong=0.0), RECORDS)) == ["name"]


def test_what_only_one_rule_finds_is_kept_and_what_finds_no_match_is_not() -> None:
    rules = [rule("email", finds=range(290)), rule("name", finds=range(290, 300)), rule("phone", finds=range(900, 990))]
    assert names(worthwhile(rules, likely(300), RECORDS)) == ["email", "name"]


def test_verified_identifiers_are_always_followed() -> None:
    proof = rule("national_id", finds=range(0), form=PROOF)
    assert worthwhile([proof], likely(300), RECORDS) == [proof]
    assert worthwhile([rule("email", finds=range(5)), proof], likely(0), RECORDS)[1] == proof


@pytest.fixture(scope="module")
def people(person_columns: list[MatchColumn]) -> tuple[int, int, float, float]:
    """Share of true pairs among the candidates and keys per record: of all rules a table can afford, of those kept."""
    table = generate(6_000, seed=7)
    columns = survey(table, person_columns, None, ())
    truth = table["person"].to_numpy()[columns.groups.first]
    result = match(table, person_columns)
    whole, found, _ = choose(survey(table, person_columns, None, ()).blocked, MatchSettings())
    lean = block(survey(table, person_columns, None, ()).blocked, result.model.plan)
    ends = [(one.pairs // len(columns), one.pairs % len(columns)) for one in (found, lean)]
    every, kept = (int((truth[a] == truth[b]).sum()) for a, b in ends)
    keys = [sum(len(k.keys) for _, k in columns.blocked.keys(p)) for p in (whole, result.model.plan)]
    assert len(lean.pairs) == result.report.pairs  # the run that learns a plan follows it
    return every, kept, keys[0] / len(columns), keys[1] / len(columns)


def test_few_rules_find_what_many_found(people: tuple[int, int, float, float]) -> None:
    every, kept, before, after = people
    assert kept >= 0.995 * every > 1_000
    assert after <= 30 < before


def test_the_plan_does_not_depend_on_the_order_of_rows(person_columns: list[MatchColumn]) -> None:
    table = generate(2_000, seed=9)
    shuffled = table.take(np.random.default_rng(1).permutation(table.num_rows))
    assert match(table, person_columns).model.plan == match(shuffled, person_columns).model.plan != Plan(())
