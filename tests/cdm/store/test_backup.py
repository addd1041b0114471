"""A backup holds everything, is whole or is not there, and comes back on either kind of database."""

from __future__ import annotations

import errno
import sqlite3
import zipfile
from pathlib import Path

import pytest
from filled_hub import ROWS, fill
from hub_pages import day, read_all, register
from sqlalchemy import insert, text

import cdm.store.backup.writing as writing
from cdm.errors import BackupDamaged, BackupFailed, Conflict, NotFound, StoreFull, StoreTooNew
from cdm.store import Store
from cdm.store.backup import Manifest, back_up, restore, verify
from cdm.store.database import Database
from cdm.store.migrate import bring_to
from cdm.store.tables import blocking_key


@pytest.fixture
def filled(hub_url: str) -> str:
    """The URL of a hub with something in it."""
    with Store.open(hub_url) as store:
        fill(store)
        with store._database.write() as connection:
            numbers = [{"key": -(2**63), "record_id": 1, "content": 2**63 - 1}]
            connection.execute(insert(blocking_key), numbers)
    return hub_url


def backed_up(url: str, file: Path) -> Manifest:
    database = Database(url)
    manifest = back_up(database, file, day(9))[1]
    database.close()
    return manifest


def restored(url: str, file: Path) -> None:
    database = Database(url, lock_timeout=0.2)
    try:
        restore(database, file, "wang", day(10))
    finally:
        database.close()


def sums(manifest: Manifest) -> dict[str, str]:
    """The sums of the tables that a restore leaves as they were."""
    return {one.name: one.sha256 for one in manifest.tables if one.name not in ("audit", "counter")}


def test_a_hub_moves_to_the_other_database_and_back_unaltered(
    filled: str, postgres_database: str, tmp_path: Path
) -> None:
    first = backed_up(filled, tmp_path / "one.cdmbackup")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    if filled.startswith("sqlite"):
        other = postgres_database
    restored(other, tmp_path / "one.cdmbackup")
    second = backed_up(other, tmp_path / "two.cdmbackup")
    assert sums(second) == sums(first)
    assert {one.name: one.rows for one in first.tables}["blocking_key"] == 1
    with Store.open(filled) as before, Store.open(other) as after:
        assert list(after.events.since()) == list(before.events.since())
        assert after.crosswalk.resolve("b") == ["a"]
        assert after.audit.verify(before.audit.verify().head).sound
        newest = after.audit.list(limit=1)[0]
        assert (newest.actor, newest.action, newest.detail["sha256"]) == ("wang", "restore", first.digest)
        read_all(after, "crm", [[*ROWS, {"key": "9", "full_name": "Neu"}]], 11)  # numbers go on, none is given twice
        assert after.records.get("crm", "9").id == 5


def test_it_shows_one_moment_while_others_write(filled: str, tmp_path: Path) -> None:
    def meanwhile(stage: str, done: int, total: int | None = None) -> None:
        if stage == "back up" and done == 0 and not files:
            with Store.open(filled) as store:
                read_all(store, "crm", [[*ROWS, {"key": "8", "full_name": "Spät"}]], 5)
            files.append(stage)

    files: list[str] = []
    database = Database(filled)
    manifest = back_up(database, tmp_path, day(9), meanwhile)[1]
    database.close()
    rows = {one.name: one.rows for one in manifest.tables}
    assert files
    assert rows["source_record"] == len(ROWS)


def test_only_an_empty_hub_is_filled(filled: str, tmp_path: Path) -> None:
    backed_up(filled, tmp_path / "b")
    with pytest.raises(Conflict, match="not empty"):
        restored(filled, tmp_path / "b")
    other = f"sqlite:///{tmp_path / 'fresh.db'}"
    Store.open(other).close()
    restored(other, tmp_path / "b")
    with Store.open(other) as store:
        assert store.crosswalk.resolve("b") == ["a"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A backup of a small hub."""
    url = f"sqlite:///{tmp_path / 'small.db'}"
    with Store.open(url) as store:
        register(store, "crm")
    backed_up(url, tmp_path / "small.cdmbackup")
    return tmp_path / "small.cdmbackup"


def test_the_file_is_the_owners_and_none_is_overwritten(small: Path) -> None:
    assert small.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupFailed, match="already"):
        backed_up(f"sqlite:///{small.parent / 'small.db'}", small)
    assert not list(small.parent.glob("*.part"))


def test_every_damaged_byte_is_found(small: Path) -> None:
    whole = small.read_bytes()
    for place in range(0, len(whole), 211):
        small.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        try:
            digest = verify(small).digest
        except BackupDamaged:
            continue
        # What the manifest does not cover is the zip's own wrapping: the content must then be the same.
        small.write_bytes(whole)
        assert verify(small).digest == digest
    small.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupDamaged, match="no whole backup"):
        verify(small)


def test_the_damaged_part_is_named_and_nothing_is_restored(small: Path) -> None:
    with zipfile.ZipFile(small) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(small, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[::-1] if name == "source.parquet" else content)
    other = f"sqlite:///{small.parent / 'other.db'}"
    with pytest.raises(BackupDamaged, match=r"'source\.parquet'"):
        restored(other, small)
    assert sqlite3.connect(small.parent / "other.db").execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_restore_that_is_cut_off_leaves_nothing(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = f"sqlite:///{small.parent / 'other.db'}"
    with monkeypatch.context() as patched:
        patched.setattr("cdm.store.backup.restoring.log", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            restored(other, small)
    restored(other, small)


def test_a_full_disk_leaves_no_file(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(StoreFull, match="no room"):
        backed_up(f"sqlite:///{small.parent / 'small.db'}", small.parent / "new")
    assert not [*small.parent.glob("new*"), *small.parent.glob("*.part")]


def test_places_that_cannot_be_used_are_named(small: Path) -> None:
    with pytest.raises(BackupFailed, match="nowhere"):
        backed_up(f"sqlite:///{small.parent / 'small.db'}", small.parent / "nowhere" / "b")
    with pytest.raises(BackupFailed, match="absent"):
        verify(small.parent / "absent")
    with pytest.raises(BackupDamaged):
        verify(small.parent / "small.db")
    with pytest.raises(NotFound):
        backed_up(f"sqlite:///{small.parent / 'none.db'}", small.parent / "b")


def test_an_older_backup_is_carried_up_and_a_newer_one_refused(hub_url: str, tmp_path: Path) -> None:
    old = f"sqlite:///{tmp_path / 'old.db'}"
    database = Database(old)
    with database.write() as connection:
        bring_to(connection, "0001", old)
        connection.execute(text("INSERT INTO counter VALUES ('run', 7)"))
    database.close()
    backed_up(old, tmp_path / "old")  # a backup before an upgrade does not upgrade
    restored(hub_url, tmp_path / "old")
    with Store.open(hub_url) as store:
        assert store.runs.begin("ingest", day(1)).id == 8
    with sqlite3.connect(tmp_path / "old.db") as connection_:
        connection_.execute("UPDATE alembic_version SET version_num = '9999'")
    backed_up(old, tmp_path / "new")
    with pytest.raises(StoreTooNew, match="9999"):
        restored(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "new")
