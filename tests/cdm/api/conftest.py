"""The API over a small company's hub, on every kind of store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_pages import Clock
from served_company import Clients, fill_company

from cdm.pipeline.hub import Hub, open_hub


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The small company, merged; the tests of one file share it."""
    folder: Path = tmp_path_factory.mktemp("company")
    url = f"sqlite:///{folder / 'hub.db'}" if request.param == "sqlite" else _database(request)
    with open_hub(url, now=Clock()) as opened:
        fill_company(opened, folder)
        yield opened


def _database(request: pytest.FixtureRequest) -> str:
    from sqlalchemy import create_engine, make_url, text

    server = make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"hub_{os.urandom(6).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def clients(hub: Hub) -> Clients:
    """Clients of every role."""
    return Clients(hub)
