"""What a store says when it cannot work; nothing of a driver's own exceptions comes through."""

from __future__ import annotations

import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from hub_pages import day, page, read_all, register
from sqlalchemy import event, text

from cdm.errors import StoreDamaged, StoreError, StoreFull, StoreLocked, StoreUnavailable
from cdm.store import Store


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'hub.db'}") as store:
        register(store, "crm")
        read_all(store, "crm", [[{"key": "1", "full_name": "Alice"}]], 1)
        run = store.runs.begin("ingest", day(2), "crm")
        store._database.engine.dispose()
        event.listen(store._database.engine, "connect", lambda c, _: c.execute("PRAGMA max_page_count=60"))
        rows = [{"key": str(i), "full_name": "x" * 500} for i in range(2000)]
        with pytest.raises(StoreFull, match="disk is full") as caught:
            store.records.upsert_page("crm", page(rows), {"page": 1}, run.id, day(2))
        assert "Free space" in caught.value.remedy
        assert store.records.count() == {("crm", "person"): (1, 0)}
        position = store.records.position("crm")
        assert position is not None
        assert position.cursor == {"page": 0}


def test_a_write_waits_for_another_and_then_says_so(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'hub.db'}", lock_timeout=0.1) as store:
        other = sqlite3.connect(tmp_path / "hub.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked) as caught:
            register(store, "crm")
        assert caught.value.retryable
        assert store.sources.list() == []  # readers are not kept out
        other.close()


def test_a_postgres_write_waits_for_another_and_then_says_so(postgres_database: str) -> None:
    with Store.open(postgres_database, lock_timeout=0.1) as store:
        with store._database.write() as connection:
            connection.execute(text("LOCK TABLE source IN EXCLUSIVE MODE"))
            with pytest.raises(StoreLocked):
                register(store, "crm")
        register(store, "crm")


def test_a_database_that_is_down_can_be_tried_again() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        Store.open("postgresql://somebody:secret-word@127.0.0.1:1/hub")
    assert caught.value.retryable
    assert "secret-word" not in str(caught.value)


def test_a_server_that_stops_in_the_middle_is_unavailable(postgres_database: str) -> None:
    with Store.open(postgres_database) as store:
        register(store, "crm")
        with pytest.raises(StoreUnavailable), store._database.write() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert len(store.sources.list()) == 1


def test_a_missing_database_is_named(postgres_database: str) -> None:
    with pytest.raises(StoreUnavailable, match="no_such_hub"):
        Store.open(postgres_database.replace("/hub_", "/no_such_hub_"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_text("姓名,电话\n" * 1000, encoding="utf-8")
    with pytest.raises(StoreDamaged):
        Store.open(f"sqlite:///{tmp_path / 'hub.db'}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="file"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'deep' / 'hub.db'}")


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:hidden@h/db", "sqlite://", "oracle://x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="hub") as caught:
        Store.open(url)
    assert "hidden" not in str(caught.value)


def test_two_first_openings_at_once_make_one_hub(hub_url: str) -> None:
    failures: list[StoreError] = []

    def open_it() -> None:
        try:
            Store.open(hub_url).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_package_loads_without_alembic_and_pandas() -> None:
    import subprocess

    code = "import sys, cdm.store; print([m for m in ('alembic', 'pandas', 'psycopg') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert out.stdout.strip() == "[]"
