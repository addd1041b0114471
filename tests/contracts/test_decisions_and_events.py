"""Decisions, the change feed and the audit trail do alike on every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hub_pages import consolidation, day, read_all, register
from sqlalchemy import text

from cdm.errors import Conflict, NotFound
from cdm.store import Store
from cdm.store.audit import Act, log
from cdm.store.decisions import NewDecision, Verdict, record_decision, withdraw
from cdm.store.events import GONE, Change, Event
from cdm.store.said import Withdrawal

ROWS = [{"key": str(number), "full_name": f"Person {number}"} for number in range(1, 5)]


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url, lock_timeout=0.2) as opened:
        register(opened, "crm")
        read_all(opened, "crm", [ROWS], 1)
        yield opened


def consolidate(store: Store, at: int, groups: Mapping[str, Sequence[int]], **more: Any) -> None:
    run = store.runs.begin("consolidate", day(at))
    store.write_portion(consolidation(groups, **more), run.id, day(at))
    store.runs.finish(run.id, day(at), {})


def told(store: Store, seq: int = 0) -> list[tuple[str, str, list[str]]]:
    return [(one.kind.value, one.golden_id, list(one.related)) for one in store.events.since(seq)]


def replay(events: Iterator[Event]) -> dict[str, tuple[Mapping[str, Any], Sequence[tuple[str, str]]]]:
    copy: dict[str, tuple[Mapping[str, Any], Sequence[tuple[str, str]]]] = {}
    for one in events:
        if one.kind in GONE:
            del copy[one.golden_id]
        else:
            copy[one.golden_id] = (one.fields, one.members)
    return copy


# The change feed


def test_every_change_is_told_once_and_in_order(store: Store) -> None:
    consolidate(store, 2, {"a": [1], "b": [2], "c": [3, 4]})
    assert told(store) == [("created", "a", []), ("created", "b", []), ("created", "c", [])]
    consolidate(store, 3, {"a": [1], "b": [2], "c": [3, 4]})
    assert store.events.last() == 3
    consolidate(store, 4, {"a": [1, 2], "c": [3], "d": [4]}, retired=["b"], redirects=[("b", "a")])
    assert told(store, 3) == [
        ("created", "d", ["c"]),
        ("updated", "a", ["b"]),
        ("split", "c", ["d"]),
        ("merged", "b", ["a"]),
    ]
    consolidate(store, 5, {"a": [1], "b": [2], "c": [3], "d": [4]})
    assert told(store, 7) == [("restored", "b", ["a"]), ("split", "a", ["b"])]
    consolidate(store, 6, {"a": [1], "b": [2], "c": [3]}, released=[4], retired=["d"])
    assert told(store, 9) == [("retired", "d", [])]
    assert [one.seq for one in store.events.since()] == list(range(1, 11))


def test_a_copy_made_from_the_feed_is_the_hub(store: Store) -> None:
    consolidate(store, 2, {"a": [1], "b": [2], "c": [3, 4]})
    consolidate(store, 3, {"a": [1, 2], "c": [3], "d": [4]}, retired=["b"], redirects=[("b", "a")])
    expected = {one: (store.golden.get(one).fields, members(store, one)) for one in ("a", "c", "d")}
    assert replay(store.events.since()) == expected


def members(store: Store, golden_id: str) -> list[tuple[str, str]]:
    return [(one.source, one.key) for one in store.records.of_golden(golden_id)]


def test_a_change_of_members_alone_is_a_change(store: Store) -> None:
    consolidate(store, 2, {"a": [1, 2], "b": [3, 4]})
    state = consolidation({"a": [1, 3], "b": [2, 4]})
    before = consolidation({"a": [1, 2], "b": [3, 4]})
    run = store.runs.begin("consolidate", day(3))
    store.write_portion(type(state)(state.entity, before.golden, state.members), run.id, day(3))
    assert told(store, 2) == [("split", "a", ["b"]), ("split", "b", ["a"])]
    assert [list(one.members) for one in store.events.since(2)] == [
        [("crm", "1"), ("crm", "3")],
        [("crm", "2"), ("crm", "4")],
    ]


def test_the_feed_can_be_read_in_pieces(store: Store) -> None:
    consolidate(store, 2, {"a": [1], "b": [2], "c": [3, 4]})
    assert [one.golden_id for one in store.events.since(1, limit=1)] == ["b"]
    assert [one.golden_id for one in store.events.since(0, limit=2)] == ["a", "b"]
    assert list(store.events.since(0, entity="organization")) == []


def test_an_event_names_the_fields_that_changed(store: Store) -> None:
    consolidate(store, 2, {"a": [1], "b": [2], "c": [3, 4]})
    consolidate(store, 3, {"a": [1, 2], "c": [3, 4]}, retired=["b"], redirects=[("b", "a")])
    updated = next(one for one in store.events.since(3) if one.kind is Change.UPDATED)
    assert (updated.changed, updated.fields) == (["full_name"], {"full_name": "1+2"})


# Decisions


def decide(store: Store, kind: Verdict, *parts: Sequence[int], **more: Any) -> int:
    with store._database.write() as connection:
        return record_decision(connection, NewDecision("person", kind, parts, "li", **more), 1, day(2)).id


def test_a_decision_is_kept_as_it_was_made(store: Store) -> None:
    number = decide(store, Verdict.SAME, [2, 1], reason="同一电话", evidence={"total": 3.5})
    kept = store.decisions.get(number)
    assert (kept.parts, kept.made_by, kept.reason, kept.evidence) == ([[1, 2]], "li", "同一电话", {"total": 3.5})
    assert (kept.must_link(), kept.cannot_link(), kept.binding) == ([(1, 2)], [], True)


def test_different_says_nothing_inside_a_part_and_split_says_both(store: Store) -> None:
    different = store.decisions.get(decide(store, Verdict.DIFFERENT, [1, 2], [3]))
    assert (different.must_link(), different.cannot_link()) == ([], [(1, 3), (2, 3)])
    split = store.decisions.get(decide(store, Verdict.SPLIT, [1, 2], [3]))
    assert (split.must_link(), split.cannot_link()) == ([(1, 2)], [(1, 3), (2, 3)])


def test_a_withdrawn_decision_binds_no_more_and_stays_on_record(store: Store) -> None:
    number = decide(store, Verdict.SAME, [1, 2])
    with store._database.write() as connection:
        withdraw(connection, Withdrawal(number, "wang", "mistaken"), 2, day(3))
    assert store.decisions.binding("person") == []
    kept = store.decisions.get(number)
    assert (kept.withdrawn_by, kept.withdrawn_reason) == ("wang", "mistaken")
    assert [one.id for one in store.decisions.of_records([2])] == [number]
    with pytest.raises(Conflict, match="wang"), store._database.write() as connection:
        withdraw(connection, Withdrawal(number, "zhao"), 3, day(4))


def test_an_unknown_decision_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no decision 9"):
        store.decisions.get(9)


# The audit trail


@pytest.fixture
def empty(hub_url: str) -> Iterator[Store]:
    """A hub to which nothing has happened yet."""
    with Store.open(hub_url) as opened:
        yield opened


def act(store: Store, count: int) -> None:
    for number in range(count):
        with store._database.write() as connection:
            log(connection, Act("li", "merge", f"golden {number}", {"n": number}), day(number))


def test_a_whole_trail_is_sound(empty: Store) -> None:
    act(empty, 3)
    proof = empty.audit.verify()
    assert (proof.sound, proof.entries) == (True, 3)
    assert empty.audit.verify(head=empty.audit.list()[-1].hash).sound
    assert empty.audit.verify(head="f" * 64).why == "head unknown"
    assert [one.subject for one in empty.audit.list(limit=2)] == ["golden 2", "golden 1"]


@pytest.mark.parametrize(
    ("damage", "at", "why"),
    [
        ("UPDATE audit SET actor = 'zhao' WHERE seq = 2", 2, "edited"),
        ("UPDATE audit SET detail = '{}' WHERE seq = 3", 3, "edited"),
        ("DELETE FROM audit WHERE seq = 2", 2, "missing"),
        ("DELETE FROM audit WHERE seq = 3", 3, "cut off"),
        ("UPDATE audit SET seq = CASE seq WHEN 1 THEN -2 WHEN 2 THEN -1 END WHERE seq < 3; ", 1, "missing"),
    ],
)
def test_damage_is_found(empty: Store, damage: str, at: int, why: str) -> None:
    act(empty, 3)
    with empty._database.write() as connection:
        connection.execute(text(damage.strip("; ")))
    proof = empty.audit.verify()
    assert (proof.broken_at, proof.why) == (at, why)


def test_the_trail_tells_what_runs_and_sources_did_and_seals_the_feed(store: Store) -> None:
    consolidate(store, 2, {"a": [1], "b": [2]})
    consolidate(store, 3, {"a": [1], "b": [2]})
    consolidate(store, 4, {"a": [1, 2]}, retired=["b"], redirects=[("b", "a")])
    told = [(one.action, one.subject, one.detail.get("feed", {}).get("last")) for one in store.audit.list()]
    assert told == [
        ("consolidate", "run 4", 4),
        ("consolidate", "run 3", None),
        ("consolidate", "run 2", 2),
        ("ingest", "run 1", None),
        ("source added", "crm", None),
    ]
    assert store.audit.verify().sound


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET related = '[\"b\"]' WHERE seq = 1",
        "UPDATE event SET decision_id = 1 WHERE seq = 2",
        "DELETE FROM event WHERE seq = 2",
        "UPDATE event SET seq = 9 WHERE seq = 1",
    ],
)
def test_an_altered_event_is_found(store: Store, damage: str) -> None:
    consolidate(store, 2, {"a": [1], "b": [2]})
    with store._database.write() as connection:
        connection.execute(text(damage.replace(":", r"\:")))
    proof = store.audit.verify()
    assert (proof.broken_at, proof.why) == (3, "feed altered")
