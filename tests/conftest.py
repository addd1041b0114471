"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# CI tries the same examples every time, so that a red run can be had again; a developer's runs search further.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_TESTS = Path(__file__).resolve().parent
# The packages come first: tests/cdm mirrors cdm and must not be taken for it. Tools of the tests (kill_harness,
# hub_pages) are imported by name, whatever import mode pytest runs in.
sys.path[:] = [str(_TESTS.parent), *(p for p in sys.path if p != str(_TESTS)), str(_TESTS)]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test session (an empty database ``postgres``)."""
    import pgserver

    # Not under pytest's own temporary folder: every session closes that to other users, and the server runs as one.
    with tempfile.TemporaryDirectory(prefix="cdm-postgres-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    from sqlalchemy import create_engine, make_url, text

    server = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"hub_{os.urandom(6).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def hub_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a hub that does not exist yet; a test that takes it runs on every kind of store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hub.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference and test data; tests that need it are skipped where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("CDM_SHARED_DATA", default))
    if not path.is_dir():
        pytest.skip(f"needs the shared data folder ({path}); set CDM_SHARED_DATA")
    return path
