"""A hub of every schema there ever was, with data in it, comes up to this release and goes on working."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv
from sqlalchemy import MetaData, Table, create_engine, delete, insert, select

import cdm.store.migrate as migration
from cdm.pipeline.doctor import Level, examine_hub
from cdm.pipeline.golden import golden_table
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import merge, undo
from cdm.stewardship.steps import By
from cdm.store.database import Database
from cdm.store.events import GONE

REVISIONS = sorted(one.revision for one in ScriptDirectory(str(migration._DIRECTORY)).walk_revisions())
NOW = datetime(2026, 5, 1, tzinfo=UTC)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two systems and a hub of this release that merged them."""
    folder = tmp_path_factory.mktemp("company")
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)
    with open_hub(str(folder / "hub.db"), now=lambda: NOW) as hub:
        add_source(hub, NewSource("sales", str(folder / "sales.csv"), options={"key": "客户编号"}))
        add_source(hub, NewSource("shop", str(folder / "shop.csv"), options={"key": "user_id"}))
        run_all(hub)
    return folder


@pytest.fixture(scope="module")
def rows(company: Path) -> dict[str, Rows]:
    """Everything in that hub, by table."""
    engine, tables = create_engine(f"sqlite:///{company / 'hub.db'}"), MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {t.name: [dict(r) for r in connection.execute(select(t)).mappings()] for t in tables.sorted_tables}


def build(url: str, revision: str, rows: dict[str, Rows]) -> None:
    """Make a hub as a release with that schema left it: tables and columns that came later are not there."""
    database = Database(url)
    tables = MetaData()
    with database.write() as connection:
        migration.bring_to(connection, revision, url)
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            connection.execute(delete(table))
            known = [
                {name: row[name] for name in row if name in table.c} for row in rows[table.name] if _known(row, table)
            ]
            if known:
                connection.execute(insert(table), known)
    database.close()


def _known(row: dict[str, Any], table: Table) -> bool:
    """Numbers were counted only of kinds of rows that existed."""
    counts = {"sealed": "audit"}.get(row.get("name", ""), row.get("name"))
    return table.name != "counter" or counts in table.metadata.tables


def customers(hub: Hub) -> Rows:
    return sorted(golden_table(hub, hub.model["person"]).to_pylist(), key=lambda row: str(row["golden_id"]))


def copy_of_the_feed(hub: Hub) -> dict[str, Any]:
    copy: dict[str, Any] = {}
    for one in hub.store.events.since():
        if one.kind in GONE:
            del copy[one.golden_id]
        else:
            copy[one.golden_id] = sorted(one.members)
    return copy


@pytest.fixture(params=REVISIONS)
def upgraded(request: pytest.FixtureRequest, hub_url: str, rows: dict[str, Rows]) -> Iterator[Hub]:
    build(hub_url, request.param, rows)
    with open_hub(hub_url, now=lambda: NOW) as hub:
        yield hub


def test_an_old_hub_goes_on(upgraded: Hub, company: Path) -> None:
    with open_hub(str(company / "hub.db")) as hub:
        before = customers(hub)
    assert customers(upgraded) == before
    assert {one.check for one in examine_hub(upgraded.settings, NOW) if one.level is Level.ERROR} == set()
    run_all(upgraded)
    assert customers(upgraded) == before  # the same values under the same ids
    lookup = upgraded.store.crosswalk.lookup
    done = merge(upgraded, [lookup("sales", "S1"), lookup("sales", "S2")], By("li"))
    assert lookup("sales", "S2") == lookup("sales", "S1")
    undo(upgraded, done.decision.id, By("li"))
    assert customers(upgraded) == before
    assert set(copy_of_the_feed(upgraded)) == {row["golden_id"] for row in before}
    assert {one.check for one in examine_hub(upgraded.settings, NOW) if one.level is Level.ERROR} == set()


def test_all_revisions_are_in_one_line() -> None:
    assert REVISIONS[0] == "0001"
    assert REVISIONS[-1] == migration.HEAD
