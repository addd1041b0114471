"""Versions of the matching model behave alike on SQLite and PostgreSQL; one body over both."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pyarrow as pa
import pytest
from alembic import command
from alembic.config import Config
from hub_pages import consolidation, day, read_all, register
from sqlalchemy import text

import cdm.store.migrate as migration
from cdm.errors import Conflict, NotFound
from cdm.store import MatchModelEntry, NewMatchModel, Store
from cdm.store.database import Database


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url, lock_timeout=5) as opened:
        yield opened


def keep(store: Store, version: str, at: int = 0, entity: str = "person") -> MatchModelEntry:
    return store.match_models.add(NewMatchModel(entity, version, version.encode(), "test", figures={"n": at}), day(at))


def statuses(store: Store) -> dict[str, str]:
    return {one.version: one.status for one in store.match_models.list()}


def test_a_model_comes_back_as_it_was_kept(store: Store) -> None:
    new = NewMatchModel("person", "aaaa1", b"\x00\xffdata", "li", "parent", {"records": 3, "名": "表"}, {"merged": 1})
    kept = store.match_models.add(new, day(1))
    assert (kept.parent, kept.status, kept.created_by) == ("parent", "candidate", "li")
    assert (kept.learned_from, kept.figures) == (new.learned_from, new.figures)
    assert store.match_models.document(kept) == new.document
    assert store.match_models.active("person") is None


def test_the_same_version_is_kept_once(store: Store) -> None:
    assert keep(store, "aaaa1", 1).id == keep(store, "aaaa1", 2).id
    assert keep(store, "aaaa1", 2, "organization").id != keep(store, "aaaa1", 3).id


def test_promoting_retires_the_version_before_and_rolling_back_returns_to_it(store: Store) -> None:
    a, b, c = (keep(store, version) for version in ("aaaa1", "bbbb1", "cccc1"))
    other = keep(store, "dddd1", 0, "organization")
    for one in (other, a, b, c):
        store.match_models.promote(one, "li", day(1))
    assert statuses(store) == {"aaaa1": "retired", "bbbb1": "retired", "cccc1": "active", "dddd1": "active"}
    assert store.match_models.rollback("person", "li", day(2)).version == "bbbb1"
    assert store.match_models.rollback("person", "li", day(2)).version == "aaaa1"
    with pytest.raises(Conflict, match="aaaa1"):
        store.match_models.rollback("person", "li", day(2))
    assert statuses(store)["aaaa1"] == "active"


def test_the_audit_trail_tells_who_changed_the_model(store: Store) -> None:
    a, b = keep(store, "aaaa1"), keep(store, "bbbb1")
    for one in (a, b, b):
        store.match_models.promote(one, "li", day(1))
    store.match_models.rollback("person", "wang", day(2))
    told = [(act.actor, act.action, act.subject) for act in store.audit.list()]
    assert told[:3] == [
        ("wang", "model rolled back", "aaaa1"),
        ("li", "model promoted", "bbbb1"),
        ("li", "model promoted", "aaaa1"),
    ]
    assert store.audit.verify().sound


def test_promoting_the_active_version_changes_nothing(store: Store) -> None:
    a, b = keep(store, "aaaa1"), keep(store, "bbbb1")
    for one in (a, b, b):
        store.match_models.promote(one, "li", day(1))
    assert store.match_models.rollback("person", "li", day(2)).version == "aaaa1"


def test_a_version_is_named_by_its_first_characters(store: Store) -> None:
    keep(store, "aaaa1")
    keep(store, "aaaa2")
    keep(store, "bbbb1")
    assert store.match_models.get("bbbb").version == "bbbb1"
    with pytest.raises(NotFound, match="begins 2"):
        store.match_models.get("aaaa")
    with pytest.raises(NotFound, match="no version 'bb'"):
        store.match_models.get("bb")
    with pytest.raises(NotFound, match="active"):
        store.match_models.rollback("person", "li", day(1))


def test_a_version_succeeds_only_the_one_it_was_made_from(store: Store) -> None:
    a, b, c = (keep(store, version) for version in ("aaaa1", "bbbb1", "cccc1"))
    assert not store.match_models.succeed(a, "bbbb1", "run", day(1))
    assert store.match_models.succeed(a, None, "run", day(1))
    store.match_models.promote(b, "li", day(2))
    assert not store.match_models.succeed(c, "aaaa1", "run", day(3))
    assert statuses(store) == {"aaaa1": "retired", "bbbb1": "active", "cccc1": "candidate"}
    assert store.match_models.succeed(c, "bbbb1", "run", day(3))
    assert statuses(store)["cccc1"] == "active"


def test_promotions_at_the_same_time_leave_one_active(store: Store, hub_url: str) -> None:
    entries = [keep(store, f"{i}{i}{i}{i}") for i in range(4)]
    store.match_models.promote(entries[0], "li", day(0))
    failures: list[Exception] = []

    def promote(entry: MatchModelEntry) -> None:
        try:
            with Store.open(hub_url, lock_timeout=10) as own:
                own.match_models.promote(entry, "li", day(1))
        except Exception as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)

    threads = [Thread(target=promote, args=(one,)) for one in entries[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(statuses(store).values()) == ["active", "retired", "retired", "retired"]


def test_candidates_name_the_model_that_found_them(store: Store) -> None:
    register(store, "crm")
    read_all(store, "crm", [[{"key": "1"}, {"key": "2"}]], 1)
    run = store.runs.begin("consolidate", day(1))
    ids = [store.records.get("crm", key).id for key in ("1", "2")]
    pairs = pa.table(
        {"left_id": ids[:1], "right_id": ids[1:], "probability": [0.5], "explanation": pa.nulls(1, pa.string())}
    )
    state = consolidation({"g1": ids[:1], "g2": ids[1:]}, candidates=pairs, model="aaaa1")
    store.write_portion(state, run.id, day(1))
    assert [one.model for one in store.candidates.list()] == ["aaaa1"]


def test_a_hub_of_the_first_release_keeps_its_data(hub_url: str) -> None:
    database = Database(hub_url)
    config = Config()
    config.set_main_option("script_location", str(migration._DIRECTORY))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO counter (name, value) VALUES ('source', 1), ('source_record', 2)"))
        connection.execute(
            text(
                "INSERT INTO source (id, name, connector, location, options, trust, created_at, changed_at) "
                "VALUES (1, 'crm', 'file', 'crm.csv', '{}', 50, 'x', 'x')"
            )
        )
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO source_record (id, source_id, key, version, entity, origin, raw, fields, findings, "
                    "content_hash, run_id, changed_at, first_run_id, first_seen_at, seen_run_id) VALUES "
                    "(:n, 1, :k, 1, 'person', 'o', '{}', '{}', '[]', 'h', 1, 'x', 1, 'x', 1)"
                ),
                {"n": number, "k": str(number)},
            )
        connection.execute(
            text(
                "INSERT INTO candidate (left_id, right_id, entity, probability, explanation, run_id) "
                "VALUES (1, 2, 'person', 0.5, NULL, 1)"
            )
        )
    database.close()
    with Store.open(hub_url) as store:
        (found,) = store.candidates.list()
        assert (found.probability, found.model) == (0.5, None)
        assert keep(store, "aaaa1").status == "candidate"
        register(store, "shop")
        assert read_all(store, "shop", [[{"key": "1"}]], 1).inserted == 1
