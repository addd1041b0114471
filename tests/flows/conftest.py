"""A Prefect server for the tests of the flows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """One Prefect server for all of them: it takes long to start."""
    from prefect.testing.utilities import prefect_test_harness

    import flows  # noqa: F401 - nothing is told to anybody

    with prefect_test_harness(server_startup_timeout=180):
        yield
