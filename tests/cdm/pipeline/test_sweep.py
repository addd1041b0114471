"""A source that can say what changed is read whole again after some days, which alone finds what is gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hub_pages import Clock
from small_company import write_erp

from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import CHANGES, WHOLE, ingest_source
from connectors.errors import SourceError
from connectors.registry import change_reading

Add = Callable[..., None]


def read(hub: Hub) -> tuple[str, int]:
    """Read the ERP; return what kind of reading it was, and how many records it found deleted."""
    counts = ingest_source(hub, "erp")
    return hub.store.runs.list(1, source_name="erp")[0].kind, counts.deleted


def delete(path: Path, key: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM customer WHERE code = ?", (key,))


@pytest.fixture
def erp(hub: Hub, add: Add, tmp_path: Path) -> Path:
    add("erp", write_erp(tmp_path / "erp.db"), table="customer", key="code", updated_at="changed", sweep_days="7")
    return tmp_path / "erp.db"


def pass_days(hub: Hub, days: int) -> None:
    assert isinstance(hub.now, Clock)
    hub.now.time += timedelta(days=days)


def test_deletes_come_to_light_when_a_whole_reading_is_due(hub: Hub, erp: Path) -> None:
    assert read(hub) == (WHOLE, 0)
    delete(erp, "K2")
    pass_days(hub, 3)
    assert read(hub) == (CHANGES, 0)
    pass_days(hub, 3)
    assert read(hub) == (CHANGES, 0)
    pass_days(hub, 2)
    assert read(hub) == (WHOLE, 1)
    pass_days(hub, 6)
    assert read(hub) == (CHANGES, 0)


def test_whole_reading_that_failed_is_gone_on_with_and_then_due(
    hub: Hub, erp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.sql.database import SqlConnector

    pages = SqlConnector.read

    def broken(self: SqlConnector, *args: object) -> object:
        yield next(pages(self, None, 1))
        raise SourceError("cut off", remedy="none")

    with monkeypatch.context() as patch:
        patch.setattr(SqlConnector, "read", broken)
        with pytest.raises(SourceError):
            read(hub)
    assert read(hub) == (CHANGES, 0)
    assert hub.store.records.get("erp", "K3").key == "K3"
    assert read(hub)[0] == WHOLE


def test_only_sources_that_say_what_changed_have_changes(hub: Hub, erp: Path, add: Add, tmp_path: Path) -> None:
    assert (change_reading(hub.source("erp")).possible, change_reading(hub.source("erp")).sweep_days) == (True, 7)
    add("again", f"sqlite:///{erp}", table="customer", key="code")
    assert not change_reading(hub.source("again")).possible
