"""The review queue does alike on every store: cases are components, kept up with every change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from hub_pages import consolidation, day, read_all, register
from sqlalchemy import delete

from cdm.errors import Conflict
from cdm.store import Store
from cdm.store.deferrals import NewDeferral
from cdm.store.documents import dump
from cdm.store.review_queue import Order, QueuedCase, Wanted
from cdm.store.tables import review_case, review_member

ROWS = [{"key": str(number), "full_name": f"Person {number}"} for number in range(1, 10)]
Pair = tuple[int, int, float]


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url, lock_timeout=0.2) as opened:
        register(opened, "crm", "shop")
        read_all(opened, "crm", [ROWS[:6]], 1)
        read_all(opened, "shop", [ROWS[6:]], 1)
        yield opened


def pairs(*found: Pair, code: str = "narrow") -> pa.Table:
    said = dump({"reasons": [{"code": "agree"}, {"code": code}], "verdict": "review"})
    left, right, probability = zip(*found, strict=True) if found else ((), (), ())
    return pa.table(
        {
            "left_id": pa.array(left, pa.int64()),
            "right_id": pa.array(right, pa.int64()),
            "probability": pa.array(probability, pa.float64()),
            "explanation": pa.array([said] * len(found), pa.string()),
        }
    )


def consolidate(store: Store, at: int, groups: Mapping[str, Sequence[int]], *found: Pair, **more: Any) -> None:
    run = store.runs.begin("consolidate", day(at))
    scope = [record for group in groups.values() for record in group]
    state = consolidation(groups, candidates=pairs(*found), scope=scope, **more)
    assert store.write_portion(state, run.id, day(at))
    store.runs.finish(run.id, day(at), {})


ALONE = {name: [number] for number, name in enumerate("abcdefghi", start=1)}


def queue(store: Store, **wanted: Any) -> list[QueuedCase]:
    return store.review.page(Wanted(**wanted), day(20))


def cases(store: Store, **wanted: Any) -> dict[int, Sequence[str]]:
    return {one.id: one.golden for one in queue(store, **wanted)}


def test_candidates_that_hang_together_are_one_case(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (2, 3, 0.3), (5, 7, 0.4))
    assert cases(store) == {1: ["a", "b", "c"], 5: ["e", "g"]}
    first = queue(store)[0]
    assert (first.id, first.pairs, first.records, first.probability, first.reason) == (1, 2, 3, 0.6, "narrow")
    assert store.review.count(Wanted(), day(20)) == 2
    held = store.review.find(3, day(20))
    assert held is not None and held.id == 1
    assert store.review.find(4, day(20)) is None


def test_a_case_falls_apart_and_grows_with_its_golden_records(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (2, 3, 0.3), (3, 4, 0.4))
    # b and c are merged, and nothing is left to ask between them and a
    consolidate(store, 3, {"b": [2, 3]}, (3, 4, 0.4), retired=["c"], redirects=[("c", "b")])
    assert cases(store) == {2: ["b", "d"]}
    consolidate(store, 4, {"a": [1], "b": [2, 3], "d": [4]})
    assert cases(store) == {}


def test_two_cases_become_one(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (5, 6, 0.4))
    since = {one.id: one.since for one in queue(store)}
    consolidate(store, 3, {"b": [2], "e": [5]}, (1, 2, 0.6), (2, 5, 0.5), (5, 6, 0.4))
    assert cases(store) == {1: ["a", "b", "e", "f"]}
    assert queue(store)[0].since == since[1], "it has waited since it first came up"


def test_cases_that_a_former_release_did_not_know_are_made_at_the_first_look(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (5, 7, 0.4))
    for look in (lambda: cases(store), lambda: consolidate(store, 3, {"i": [9]})):
        with store._database.write() as connection:
            connection.execute(delete(review_member))
            connection.execute(delete(review_case))
        look()
        assert cases(store) == {1: ["a", "b"], 5: ["e", "g"]}


def test_filters(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (5, 7, 0.3))
    assert cases(store, entity="organization") == {}
    assert set(cases(store, entity="person")) == {1, 5}
    assert set(cases(store, source="shop")) == {5}
    assert set(cases(store, reason="narrow")) == {1, 5}
    assert cases(store, reason="misnamed") == {}
    assert set(cases(store, likely_from=0.5)) == {1}
    assert set(cases(store, likely_to=0.5)) == {5}
    assert set(cases(store, waiting_since=day(3))) == {1, 5}
    assert cases(store, waiting_since=day(1)) == {}


def test_what_identifiers_contradict_waits_behind_everything_open(store: Store) -> None:
    never = pairs((1, 2, 0.5), (5, 6, 0.9), code="identifier_apart")
    asked = pa.concat_tables([never, pairs((6, 7, 0.3), (8, 9, 0.97))])
    run = store.runs.begin("consolidate", day(2))
    state = replace(consolidation(ALONE, scope=list(range(1, 10))), candidates=asked)
    assert store.write_portion(state, run.id, day(2))
    store.runs.finish(run.id, day(2), {})
    likeliest = [(one.id, one.probability, one.reason) for one in queue(store, order=Order.LIKELIEST)]
    assert likeliest == [(8, 0.97, "narrow"), (5, 0.3, "narrow"), (1, 0.0, "identifier_apart")]
    assert [one.id for one in queue(store)] == [5, 8, 1], "the half open case is asked for what is open in it"
    assert queue(store)[-1].priority == 0
    assert set(cases(store, reason="identifier_apart")) == {1}


@pytest.mark.parametrize("order", list(Order))
def test_pages_follow_each_other_without_gap_or_repetition(store: Store, order: Order) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.5), (3, 4, 0.5), (5, 6, 0.3), (7, 8, 0.7))
    whole = [one.id for one in queue(store, order=order)]
    seen: list[int] = []
    while page := store.review.page(Wanted(order=order), day(20), after=seen[-1] if seen else None, limit=1):
        seen += [one.id for one in page]
    assert seen == whole
    assert sorted(whole) == [1, 3, 5, 7]


def test_a_case_put_off_waits_until_its_time_or_until_it_changes(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (5, 6, 0.4))
    store.deferrals.put_off(NewDeferral(1, ["a", "b"], day(30), "ann", "ask the shop"), day(19))
    assert set(cases(store)) == {5}
    (off,) = queue(store, deferred=True)
    assert (off.id, off.deferred_by, off.deferred_reason) == (1, "ann", "ask the shop")
    assert [one.id for one in store.review.page(Wanted(), day(31))] == [1, 5]
    consolidate(store, 3, {"b": [2]}, (1, 2, 0.6), (2, 3, 0.5))
    assert set(cases(store)) == {1, 5}, "another golden record joined it"


def test_putting_off_is_taken_back_once(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6))
    made = store.deferrals.put_off(NewDeferral(1, ["a", "b"], day(30), "ann"), day(19))
    assert store.deferrals.page(by="ann") == [made]
    store.deferrals.take_back(made.id, "bob", day(19))
    assert set(cases(store)) == {1}
    with pytest.raises(Conflict, match="taken back already"):
        store.deferrals.take_back(made.id, "bob", day(19))
    assert [(one.actor, one.action) for one in store.audit.list(limit=2)] == [("bob", "undo"), ("ann", "defer")]
    assert store.audit.verify().sound


def test_a_case_that_changed_is_not_put_off(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6))
    with pytest.raises(Conflict, match="has changed"):
        store.deferrals.put_off(NewDeferral(1, ["a", "b", "c"], day(30), "ann"), day(19))
    assert "defer" not in {one.action for one in store.audit.list()}


def test_progress_counts_what_holds(store: Store) -> None:
    consolidate(store, 2, ALONE, (1, 2, 0.6), (5, 6, 0.4))
    made = store.deferrals.put_off(NewDeferral(1, ["a", "b"], day(30), "ann"), day(19))
    found = store.review.progress("ann", day(19) - timedelta(hours=1), day(20))
    assert (found.left, found.deferred, found.mine, found.everybody) == (1, 1, 1, 1)
    assert store.review.progress("bob", day(19), day(20)).mine == 0
    store.deferrals.take_back(made.id, "ann", day(19))
    assert store.review.progress("ann", day(19), day(20)).mine == 0
