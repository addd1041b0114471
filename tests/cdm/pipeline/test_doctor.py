"""The doctor finds what is broken, says what to do, and leaves the hub as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_hub import fill
from hub_pages import day
from sqlalchemy import text

import cdm.pipeline.doctor as doctor
from cdm.pipeline.doctor import Finding, Level, examine_hub
from cdm.settings import Settings
from cdm.store import Store
from cdm.store.migrate import bring_to
from cdm.store.server import Room


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url, lock_timeout=0.2) as opened:
        fill(opened)
        yield opened


def findings(store: Store) -> dict[str, Finding]:
    url = store._database.url.render_as_string(hide_password=False)
    return {one.check: one for one in examine_hub(Settings(hub_url=url, lock_timeout=0.2), day(5))}


def wrong(store: Store) -> dict[str, str]:
    return {name: one.text.en for name, one in findings(store).items() if one.level is not Level.OK}


def test_a_sound_hub_is_told_to_be_sound(store: Store) -> None:
    found = findings(store)
    assert {name: one.text.en for name, one in found.items() if one.level is not Level.OK} == {}
    assert list(found) == ["versions", "settings", "disk", "schema", "writer", "integrity", "audit"]


BREAKS = {
    "record_without_golden": "DELETE FROM pending",
    "gone_record_in_golden": "UPDATE source_record SET deleted_at = 'x' WHERE id = 3; DELETE FROM pending",
    "retired_golden_in_use": "UPDATE crosswalk SET golden_id = 'b' WHERE record_id = 1",
    "golden_members": "UPDATE golden SET members = 5 WHERE id = 'a'",
    "live_golden_redirected": "UPDATE golden_redirect SET old_id = 'c'",
    "redirect_to_nowhere": "UPDATE golden_redirect SET new_id = 'b'",
    "golden_versions": "DELETE FROM golden_version WHERE id = 'a'",
    "record_versions": "UPDATE source_record SET version = 9 WHERE id = 1",
    "feed_gaps": "DELETE FROM event WHERE seq = 2",
    "feed_behind": "UPDATE event SET version = 7 WHERE seq = (SELECT max(seq) FROM event WHERE golden_id = 'a')",
    "numbers_given_twice": "UPDATE counter SET value = 1 WHERE name = 'source_record'",
    "audit": "UPDATE audit SET actor = 'wang'",
}


@pytest.mark.parametrize("rule", BREAKS)
def test_what_is_broken_is_found(store: Store, rule: str) -> None:
    with store._database.write() as connection:
        for statement in BREAKS[rule].split(";"):
            connection.execute(text(statement))
    found = findings(store)
    assert found[rule].level is Level.ERROR
    assert "cdm restore" in found[rule].remedy.en
    assert all(one.text.zh and one.text.en for one in found.values())


def test_who_is_writing_and_what_was_cut_off(store: Store) -> None:
    run = store.runs.begin("consolidate", day(5))
    assert wrong(store) == {"runs": f"run {run.id} (consolidate, 2026-03-06T00:00:00.000000Z) was cut off"}
    with store.writer():
        found = findings(store)
    assert "runs" not in found
    assert found["writer"].text.en.startswith("a job is writing: cdm ")
    store.runs.finish(run.id, day(5), {})
    long = store.runs.begin("ingest", day(3), "crm")
    with store.writer():
        assert "more than 6 hours" in wrong(store)["runs"]
    assert f"run {long.id} " in wrong(store)["runs"]


def test_a_damaged_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    with Store.open(f"sqlite:///{path}") as store:
        fill(store)
        with store._database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'event'").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    whole = bytearray(path.read_bytes())
    whole[(page - 1) * size : page * size] = b"\x0d" + b"\xff" * (size - 1)
    path.write_bytes(whole)
    found = {one.check: one for one in examine_hub(Settings(hub_url=f"sqlite:///{path}"), day(5))}
    assert {name for name, one in found.items() if one.level is Level.ERROR} <= {"database", "references"}
    assert Level.ERROR in {one.level for one in found.values()}


def test_an_older_schema_is_left_as_it_is(hub_url: str) -> None:
    from cdm.store.database import Database

    database = Database(hub_url)
    with database.write() as connection:
        bring_to(connection, "0002", hub_url)
    for _ in range(2):
        found = {one.check: one for one in examine_hub(Settings(hub_url=hub_url), day(1))}
        assert found["schema"].level is Level.WARNING
        assert "0002" in found["schema"].text.en
        assert "integrity" not in found
    database.close()


def test_little_room_and_settings_without_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    Store.open(url).close()
    monkeypatch.setattr(doctor.server, "room", lambda _: Room(10, 1000))
    found = {one.check: one for one in examine_hub(Settings(hub_url=url, page_size=7), day(1))}
    assert found["disk"].level is Level.WARNING
    assert "page_size 7" in found["settings"].text.en
