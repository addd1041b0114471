"""A disk that fills up, a server that dies in a run: a clear error, nothing half-written, and the next run goes on."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from os import kill
from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv
from sqlalchemy import event

from cdm.errors import StoreFull, StoreUnavailable
from cdm.pipeline.doctor import Level, examine_hub
from cdm.pipeline.golden import golden_table
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CDM_PAGE_SIZE", "3")
    write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    write_csv(tmp_path / "shop.csv", SHOP_HEADER, SHOP)
    return tmp_path


def add(hub: Hub, folder: Path, name: str, key: str) -> None:
    add_source(hub, NewSource(name, str(folder / f"{name}.csv"), options={"key": key}))


def sound(hub: Hub) -> bool:
    return all(one.level is not Level.ERROR for one in examine_hub(hub.settings, NOW))


def members(hub: Hub) -> list[list[tuple[str, str]]]:
    """Who is who, without the ids, which differ from hub to hub."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in hub.store.crosswalk.table("person").to_pylist():
        found.setdefault(row["golden_id"], []).append((row["source"], row["key"]))
    assert found.keys() == {row["golden_id"] for row in golden_table(hub, hub.model["person"]).to_pylist()}
    return sorted(sorted(keys) for keys in found.values())


@pytest.fixture
def expected(folder: Path) -> list[list[tuple[str, str]]]:
    """What an undisturbed run makes of both systems."""
    with open_hub(str(folder / "undisturbed.db"), now=lambda: NOW) as hub:
        add(hub, folder, "sales", "客户编号")
        run_all(hub)
        add(hub, folder, "shop", "user_id")
        run_all(hub)
        return members(hub)


@contextmanager
def disk_of(hub: Hub, pages: int) -> Iterator[None]:
    """Leave room for so many pages more in the hub's file."""
    engine = hub.store._database.engine
    with engine.connect() as connection:
        most = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + pages

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={most}")

    engine.dispose()
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


def test_a_run_whose_disk_fills_up_goes_on_when_there_is_room(folder: Path, expected: Any) -> None:
    failures = 0
    with open_hub(str(folder / "hub.db"), now=lambda: NOW) as hub:
        add(hub, folder, "sales", "客户编号")
        run_all(hub)
        before = members(hub)
        add(hub, folder, "shop", "user_id")
        for pages in range(0, 40, 2):
            try:
                with disk_of(hub, pages):
                    run_all(hub)
            except StoreFull as error:
                failures += 1
                assert "Free space" in error.remedy
                assert sound(hub)
                assert members(hub) in (before, expected)
        run_all(hub)
        assert (sound(hub), members(hub)) == (True, expected)
    assert failures


STOPS = (0, 3, 6, 9)
"""At which of a run's reports the server is stopped."""


@pytest.mark.slow
def test_a_server_that_dies_in_the_middle_of_a_run(folder: Path, expected: Any) -> None:
    import pgserver

    with tempfile.TemporaryDirectory(prefix="cdm-outage-", ignore_cleanup_errors=True) as place:
        server = pgserver.get_server(place, cleanup_mode="stop")
        try:
            _outages(server, folder, expected)
        finally:
            server.cleanup()


def _outages(server: Any, folder: Path, expected: Any) -> None:
    reported: list[str] = []
    stopped: list[str] = []
    with open_hub(server.get_uri(), now=lambda: NOW) as hub:
        add(hub, folder, "sales", "客户编号")
        run_all(hub)
        before = members(hub)
        add(hub, folder, "shop", "user_id")
        for at in STOPS:
            reported.clear()
            try:
                run_all(hub, _stopping(server, at, reported), full=True)
            except StoreUnavailable as error:
                assert error.retryable
                stopped.append(reported[-1])
                server.ensure_postgres_running()
                assert sound(hub)
                assert members(hub) in (before, expected)
        run_all(hub)
        assert (sound(hub), members(hub)) == (True, expected)
    assert len(set(stopped)) > 1, "stopped while reading as well as while matching or writing"


def _stopping(server: Any, at: int, reported: list[str]) -> Callable[..., None]:
    """Return a progress that stops the server at its n-th report, without a farewell to anybody."""

    def progress(stage: str, done: int, total: int | None = None) -> None:
        if len(reported) == at:
            postmaster = server._postmaster_info.process
            kill(postmaster.pid, signal.SIGQUIT)
            postmaster.wait(20)
        reported.append(stage)

    return progress
