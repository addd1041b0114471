"""What every store does alike; one body over SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hub_pages import consolidation, day, page, read_all, register
from sqlalchemy import text

import cdm.store.migrate as migration
from cdm.errors import Conflict, NotFound, StoreDamaged, StoreLocked, StoreTooNew
from cdm.store import Store
from cdm.store.quarantine import DISMISSED, GONE
from cdm.store.tables import HEAD, metadata
from connectors.contract import Reject
from schemas.mapping import ColumnMapping, Mapping, PartyReference, Route
from schemas.model import EntityType, Field, Label
from schemas.source import SourceSpec
from schemas.types import EntityKind, SemanticType

_LABEL = Label("字段", "field")
PERSON = EntityType(
    "person",
    _LABEL,
    EntityKind.PARTY,
    {
        "full_name": Field("full_name", _LABEL, SemanticType.PERSON_NAME),
        "phone": Field("phone", _LABEL, SemanticType.PHONE, multi=True),
    },
)
ALICE = {"key": "1", "full_name": "Alice"}
BOB = {"key": "2", "full_name": "李雷", "phone": ["+8613800138001", "+8613800138002"]}


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url, lock_timeout=0.2) as opened:
        register(opened, "crm", "shop")
        yield opened


def names(store: Store) -> dict[str, str]:
    records = store.records.read(PERSON)
    if not records.index.num_rows:
        return {}
    return dict(zip(records.index["key"].to_pylist(), records.fields["full_name"].to_pylist(), strict=True))


# Schema


def test_the_tables_are_those_of_the_migrations(store: Store) -> None:
    with store._database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert ScriptDirectory(str(migration._DIRECTORY)).get_heads() == [HEAD]


def test_a_hub_opens_again_with_what_it_holds(store: Store, hub_url: str) -> None:
    read_all(store, "crm", [[ALICE]], 1)
    with Store.open(hub_url) as again:
        assert names(again) == {"1": "Alice"}


def test_a_newer_schema_is_refused(store: Store, hub_url: str) -> None:
    with store._database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="9999"):
        Store.open(hub_url)


def test_a_database_of_someone_else_is_refused(store: Store, hub_url: str) -> None:
    with store._database.write() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(StoreDamaged, match="no hub"):
        Store.open(hub_url)


# Sources and runs


def test_a_source_keeps_everything_it_was_registered_with(store: Store) -> None:
    mapping = Mapping(
        "mixed",
        (ColumnMapping("名称", {"person": "full_name", "organization": "name"}, 0.9, "header"), ColumnMapping("备注")),
        key="编号",
        updated_at="更新时间",
        route=Route("类型", {"公司": "organization"}),
        party=PartyReference("客户号", "crm"),
    )
    spec = SourceSpec("erp", "sql", "sqlite:///${ERP}", {"table": "客户"}, 80, mapping)
    store.sources.add(spec, day(0))
    assert store.sources.get("erp") == spec
    assert [s.name for s in store.sources.list()] == ["crm", "shop", "erp"]
    store.sources.update(replace(store.sources.get("crm"), mapping=mapping), day(1))
    assert store.sources.get("crm").mapping == mapping


def test_a_source_name_is_taken_once_and_a_missing_one_is_told(store: Store) -> None:
    with pytest.raises(Conflict, match="'crm'"):
        register(store, "crm")
    with pytest.raises(NotFound, match=r"crm, shop"):
        store.sources.get("crn")


def test_a_run_that_was_cut_off_goes_on_and_an_ended_one_does_not(store: Store) -> None:
    first = store.runs.begin("ingest", day(1), "crm")
    assert not first.resumed
    assert store.runs.begin("ingest", day(2), "shop").id != first.id
    assert store.runs.begin("consolidate", day(2)).id != first.id
    again = store.runs.begin("ingest", day(2), "crm")
    assert (again.id, again.resumed, again.started_at) == (first.id, True, first.started_at)
    store.runs.finish(first.id, day(3), {"rows": 7})
    assert store.runs.get(first.id).stats == {"rows": 7}
    assert store.runs.get(first.id).status == "finished"
    assert store.runs.begin("ingest", day(4), "crm").id > first.id
    assert [r.id for r in store.runs.list(source_name="crm")] == sorted(
        (r.id for r in store.runs.list(source_name="crm")), reverse=True
    )
    with pytest.raises(NotFound, match="no run 999"):
        store.runs.finish(999, day(3), {})


# Ingest


def test_what_is_stored_comes_back(store: Store) -> None:
    finding = {"field": "phone", "code": "phone_short", "severity": "error", "value": "138"}
    row = {**BOB, "extra:备注": "VIP 😀\x00", "updated_at": "2026-01-02", "findings": [finding]}
    counts = read_all(store, "crm", [[ALICE, row]], 1)
    assert (counts.inserted, counts.updated, counts.unchanged, counts.quarantined) == (2, 0, 0, 0)
    records = store.records.read(PERSON)
    assert records.fields.schema.names == ["full_name", "phone", "extra:备注"]
    assert records.fields.to_pylist()[1] == {"full_name": "李雷", "phone": BOB["phone"], "extra:备注": "VIP 😀\x00"}
    assert records.index["invalid"].to_pylist() == [[], ["phone"]]
    assert records.index["updated_at"].to_pylist() == [None, "2026-01-02"]
    one = store.records.get("crm", "2")
    assert (one.version, one.origin, one.findings, one.deleted_at) == (1, "file.csv#3", [finding], None)


def test_reading_the_same_again_changes_nothing(store: Store) -> None:
    read_all(store, "crm", [[ALICE], [BOB]], 1)
    counts = read_all(store, "crm", [[ALICE, BOB]], 2)
    assert (counts.inserted, counts.updated, counts.unchanged) == (0, 0, 2)
    assert len(store.records.history("crm", "1")) == 1


def test_a_change_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    read_all(store, "crm", [[ALICE]], 1)
    read_all(store, "crm", [[{**ALICE, "full_name": "Alicia"}]], 2)
    before, now = store.records.history("crm", "1")
    assert (before.version, before.fields["full_name"], now.version, now.fields["full_name"]) == (
        1,
        "Alice",
        2,
        "Alicia",
    )
    assert before.changed_at < now.changed_at


def test_a_record_that_only_moved_in_its_file_is_unchanged_and_found_where_it_is(store: Store) -> None:
    read_all(store, "crm", [[ALICE]], 1)
    counts = read_all(store, "crm", [[{**ALICE, "origin": "file.csv#99"}]], 2)
    assert (counts.unchanged, store.records.get("crm", "1").origin) == (1, "file.csv#99")


def test_the_cursor_stands_behind_the_last_page(store: Store) -> None:
    assert store.records.position("crm") is None
    run = store.runs.begin("ingest", day(1), "crm")
    store.records.upsert_page("crm", page([ALICE]), {"row": 1}, run.id, day(1))
    store.records.upsert_page("crm", page([BOB]), {"row": 2, "单": "a"}, run.id, day(1))
    position = store.records.position("crm")
    assert position is not None
    assert (position.cursor, position.run_id) == ({"row": 2, "单": "a"}, run.id)
    store.records.upsert_page("crm", page([]), None, run.id, day(1))
    assert store.records.position("crm") == position


def test_a_page_that_fails_leaves_neither_rows_nor_cursor(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    run = store.runs.begin("ingest", day(1), "crm")
    monkeypatch.setattr("cdm.store.records._move_cursor", fail)
    with pytest.raises(KeyboardInterrupt):
        store.records.upsert_page("crm", page([ALICE]), {"row": 1}, run.id, day(1))
    assert store.records.count() == {}
    assert store.records.position("crm") is None


def test_a_record_gone_from_its_source_is_marked_and_comes_back(store: Store) -> None:
    read_all(store, "crm", [[ALICE, BOB]], 1)
    read_all(store, "crm", [[ALICE]], 2)
    assert names(store) == {"1": "Alice"}
    assert store.records.count() == {("crm", "person"): (1, 1)}
    assert store.records.get("crm", "2").deleted_at is not None
    counts = read_all(store, "crm", [[ALICE, BOB]], 3)
    assert (counts.revived, counts.unchanged) == (1, 1)
    assert [v.deleted_at is None for v in store.records.history("crm", "2")] == [True, False, True]


def test_a_partial_read_marks_nothing_as_gone(store: Store) -> None:
    read_all(store, "crm", [[ALICE, BOB]], 1)
    read_all(store, "crm", [[ALICE]], 2, full=False)
    assert len(names(store)) == 2


def test_a_record_may_turn_into_another_entity(store: Store) -> None:
    read_all(store, "crm", [[ALICE]], 1)
    read_all(store, "crm", [[{**ALICE, "entity": "organization"}]], 2)
    assert names(store) == {}
    assert store.records.get("crm", "1").entity == "organization"


# Quarantine


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, "key_blank"), ("  ", "key_blank"), ("a\x00b", "key_unprintable"), ("x" * 501, "key_too_long")],
)
def test_a_row_without_a_usable_key_is_put_aside(store: Store, key: str | None, code: str) -> None:
    counts = read_all(store, "crm", [[{"key": key, "full_name": "Nobody"}, ALICE]], 1)
    assert (counts.inserted, counts.quarantined) == (1, 1)
    (row,) = store.quarantine.list("crm")
    assert (row.code, row.origin, row.raw) == (code, "file.csv#2", {"full_name": "Nobody"})
    assert store.quarantine.count() == {"crm": {code: 1}}
    assert (row.excerpt(), row.excerpt(10)) == ("full_name=Nobody", "full_name…")


def test_a_bad_row_stands_in_quarantine_once_until_the_source_loses_it(store: Store) -> None:
    reject = Reject("file.csv#9", "row_too_long", "12 cells, 10 columns", {"a": "1"})
    first = read_all(store, "crm", [[ALICE]], 1, rejects=[reject])
    second = read_all(store, "crm", [[ALICE]], 2, rejects=[reject])
    assert (first.quarantined, second.quarantined, len(store.quarantine.list())) == (1, 0, 1)
    read_all(store, "crm", [[ALICE]], 3)
    (row,) = store.quarantine.list(resolved=True)
    assert (store.quarantine.list(), row.resolution) == ([], GONE)
    read_all(store, "crm", [[ALICE]], 4, rejects=[reject])
    assert len(store.quarantine.list()) == 1


def test_a_dismissed_row_is_not_told_again(store: Store) -> None:
    reject = Reject("file.csv#9", "row_too_long", "12 cells, 10 columns", {"a": "1"})
    read_all(store, "crm", [[ALICE]], 1, rejects=[reject])
    assert store.quarantine.resolve([store.quarantine.list()[0].id], DISMISSED, day(2)) == 1
    read_all(store, "crm", [[ALICE]], 2, rejects=[reject])
    assert store.quarantine.list() == []


OLD, NEW = {**ALICE, "full_name": "old"}, {**ALICE, "full_name": "new"}


@pytest.mark.parametrize("pages", [[[OLD, NEW]], [[OLD], [NEW]], [[BOB, OLD], [NEW]]])
def test_of_rows_with_one_key_the_later_wins_and_the_other_stands_aside(
    store: Store, pages: list[list[dict[str, Any]]]
) -> None:
    counts = read_all(store, "crm", pages, 1)
    assert (names(store)["1"], counts.repeated, counts.quarantined) == ("new", 1, 1)
    (row,) = store.quarantine.list()
    assert (row.code, row.key, row.raw) == ("key_repeated", "1", {"full_name": "old"})
    versions = len(store.records.history("crm", "1"))
    again = read_all(store, "crm", pages, 2)
    assert (again.inserted, again.updated, again.quarantined) == (0, 0, 0)
    assert (names(store)["1"], len(store.records.history("crm", "1"))) == ("new", versions)


@pytest.mark.parametrize("split", [True, False])
def test_of_rows_with_one_key_the_one_changed_last_wins(store: Store, *, split: bool) -> None:
    new, old = {**NEW, "updated_at": "2026-02-01"}, {**OLD, "updated_at": "2025-01-01"}
    pages = [[new], [old]] if split else [[new, old]]
    for at in (1, 2):
        read_all(store, "crm", pages, at)
        assert names(store) == {"1": "new"}
    assert len(store.records.history("crm", "1")) == 1


def test_a_row_that_stood_aside_moves_up_when_the_later_one_is_gone(store: Store) -> None:
    read_all(store, "crm", [[OLD], [NEW]], 1)
    read_all(store, "crm", [[OLD]], 2)
    assert names(store) == {"1": "old"}
    assert store.quarantine.list() == []
    assert read_all(store, "crm", [[OLD]], 3).unchanged == 1


def test_identical_rows_are_one_record(store: Store) -> None:
    counts = read_all(store, "crm", [[ALICE, ALICE], [ALICE]], 1)
    assert (counts.inserted, counts.repeated, counts.quarantined, store.quarantine.list()) == (1, 1, 0, [])


# Golden records


def consolidate(store: Store, at: int, groups: dict[str, list[int]], **more: Any) -> Any:
    run = store.runs.begin("consolidate", day(at))
    counts = store.write_portion(consolidation(groups, **more), run.id, day(at))
    store.runs.finish(run.id, day(at), {})
    return counts


@pytest.fixture
def four(store: Store) -> Store:
    read_all(store, "crm", [[{"key": str(i), "full_name": f"n{i}"} for i in (1, 2)]], 1)
    read_all(store, "shop", [[{"key": str(i), "full_name": f"n{i}"} for i in (3, 4)]], 1)
    return store


def test_a_consolidation_is_stored_and_the_same_one_changes_nothing(four: Store) -> None:
    first = consolidate(four, 2, {"a": [1, 3], "b": [2], "c": [4]})
    again = consolidate(four, 3, {"a": [1, 3], "b": [2], "c": [4]})
    assert (first.created, again.created, again.unchanged, again.changed, again.moved) == (3, 0, 3, 0, 0)
    assert four.crosswalk.lookup("shop", "3") == "a"
    record = four.golden.get("a")
    assert (record.fields, record.members, record.version) == ({"full_name": "1+3"}, 2, 1)
    (provenance,) = record.provenance["full_name"]
    assert (provenance.source, provenance.key, provenance.origin, provenance.why) == ("crm", "1", "file.csv#2", "only")
    assert [r.key for r in four.records.of_golden("a")] == ["1", "3"]
    assert four.golden.page(PERSON, after="a", limit=1).index["golden_id"].to_pylist() == ["b"]
    assert four.golden.read(PERSON).fields["full_name"].to_pylist() == ["1+3", "2", "4"]
    assert four.golden.provenance(PERSON).num_rows == 3
    assert four.crosswalk.table("person").to_pylist()[1] == {
        "golden_id": "a",
        "source": "shop",
        "key": "3",
        "record_id": 3,
    }


def test_merged_ids_lead_on_and_split_ones_live_again(four: Store) -> None:
    consolidate(four, 2, {"a": [1], "b": [2], "c": [3, 4]})
    counts = consolidate(four, 3, {"a": [1, 2], "c": [3, 4]}, retired=["b"], redirects=[("b", "a")])
    assert (counts.retired, counts.changed, counts.moved) == (1, 1, 1)
    assert four.crosswalk.resolve("b") == ["a"]
    gone = four.golden.get("b")
    assert (gone.successors, gone.fields, gone.retired_at is not None) == (("a",), {"full_name": "2"}, True)
    assert four.crosswalk.former("person").to_pylist() == [{"record_id": 2, "golden_id": "b", "until_run_id": 4}]
    consolidate(four, 4, {"c": [1, 2, 3, 4]}, retired=["a"], redirects=[("a", "c")])
    assert four.crosswalk.resolve("b") == four.crosswalk.resolve("a") == ["c"]
    counts = consolidate(four, 5, {"a": [1], "b": [2], "c": [3, 4]})
    assert (counts.revived, four.crosswalk.resolve("b"), four.golden.count()) == (2, ["b"], {"person": (3, 0)})
    assert [g.retired_at is None for g in four.golden.history("b")] == [True, False, True]
    assert four.crosswalk.live_ids("person").to_pylist() == ["a", "b", "c"]


def test_a_retired_id_leads_to_all_who_hold_its_records(four: Store) -> None:
    consolidate(four, 2, {"a": [1, 2], "c": [3], "d": [4]})
    consolidate(four, 3, {"c": [1, 3], "d": [2, 4]}, retired=["a"], redirects=[("a", "c"), ("a", "d")])
    assert four.crosswalk.resolve("a") == ["c", "d"]
    consolidate(four, 4, {"d": [1, 2, 3, 4]}, retired=["c"], redirects=[("c", "d")])
    assert four.crosswalk.resolve("a") == ["d"]


def test_an_id_whose_records_are_all_gone_leads_nowhere_or_on_with_those_it_joined(four: Store) -> None:
    consolidate(four, 2, {"a": [1], "b": [2], "c": [3, 4]})
    consolidate(four, 3, {"b": [1, 2], "c": [3, 4]}, retired=["a"], redirects=[("a", "b")])
    consolidate(four, 4, {"b": [2], "c": [3, 4]}, released=[1])
    assert four.crosswalk.resolve("a") == ["b"]
    consolidate(four, 5, {"c": [3, 4]}, released=[2], retired=["b"])
    assert four.crosswalk.resolve("a") == four.crosswalk.resolve("b") == []
    assert four.crosswalk.current("person").num_rows == 2


def test_a_lookup_says_why_there_is_nothing(four: Store) -> None:
    with pytest.raises(NotFound, match="belongs to no golden record yet"):
        four.crosswalk.lookup("crm", "1")
    with pytest.raises(NotFound, match="is not in the hub"):
        four.crosswalk.lookup("crm", "77")
    read_all(four, "crm", [[{"key": "1", "full_name": "n1"}]], 2)
    with pytest.raises(NotFound, match="deleted at source"):
        four.crosswalk.lookup("crm", "2")
    with pytest.raises(NotFound, match="No golden record"):
        four.crosswalk.resolve("zzz")


def test_a_new_score_alone_is_no_new_version(four: Store) -> None:
    consolidate(four, 2, {"a": [1]})
    run = four.runs.begin("consolidate", day(3))
    state = consolidation({"a": [1]})
    scored = state.golden.set_column(3, "score", pa.array(['{"total":88}'])).set_column(
        4, "score_total", pa.array([88.0])
    )
    counts = four.write_portion(type(state)("person", scored, state.members), run.id, day(3))
    record = four.golden.get("a")
    assert (counts.changed, record.version, record.score) == (0, 1, {"total": 88})
    assert four.golden.read(PERSON).index["score_total"].to_pylist() == [88.0]


def test_candidates_are_replaced_and_shown_with_both_sides(four: Store) -> None:
    pairs = pa.table(
        {"left_id": [1, 2], "right_id": [3, 4], "probability": [0.6, 0.8], "explanation": ['{"bits":3}', None]}
    )
    consolidate(four, 2, {"a": [1], "b": [2], "c": [3], "d": [4]}, candidates=pairs)
    best, other = four.candidates.list("person")
    assert (best.left.key, best.right.key, best.right.source, best.right.golden_id, best.explanation) == (
        "2",
        "4",
        "shop",
        "d",
        None,
    )
    assert (other.explanation, other.left.fields) == ({"bits": 3}, {"full_name": "n1"})
    ids = best.left.record_id, best.right.record_id
    assert four.candidates.between(*ids) == four.candidates.between(*reversed(ids)) == best
    assert four.candidates.between(ids[0], 10**9) is None
    assert four.candidates.count() == {"person": 2}
    consolidate(four, 3, {"a": [1]}, candidates=pairs.slice(0, 1))
    assert four.candidates.count() == {"person": 1}


def test_activities_follow_their_customer(four: Store) -> None:
    orders = [
        {"key": f"o{i}", "entity": "transaction", "amount": "9", "party_key": party, "occurred_at": f"2026-01-0{i}"}
        for i, party in [(1, "1"), (2, "1"), (3, "77")]
    ]
    register(four, "orders")
    read_all(four, "orders", [orders], 2, party_source="crm")
    assert four.activities.count() == {"transaction": (0, 3)}
    consolidate(four, 3, {"a": [1], "b": [2, 3, 4]})
    assert [a.key for a in four.activities.of_golden("a")] == ["o2", "o1"]
    consolidate(four, 4, {"b": [1, 2, 3, 4]}, retired=["a"], redirects=[("a", "b")])
    assert [a.key for a in four.activities.of_golden("b")] == ["o2", "o1"]
    assert four.activities.links("transaction")["golden_id"].to_pylist() == ["b", "b", None]
    orders[1]["party_key"] = "2"
    assert read_all(four, "orders", [orders], 5, party_source="crm").updated == 1
    assert four.activities.count() == {"transaction": (2, 1)}


# Writers


def test_one_run_writes_at_a_time(store: Store, hub_url: str) -> None:
    with Store.open(hub_url, lock_timeout=0.1) as other:
        with store.writer(), pytest.raises(StoreLocked, match="Another run"), other.writer():
            pass
        with other.writer():
            read_all(store, "crm", [[ALICE]], 1)  # short transactions of others go through


def test_a_contradiction_is_refused_and_nothing_is_written(four: Store) -> None:
    run = four.runs.begin("consolidate", day(2))
    with pytest.raises(Conflict):
        four.write_portion(consolidation({"a": [999]}), run.id, day(2))
    assert four.golden.count() == {}
