"""Hubs for the pipeline's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.sources import NewSource, add_source


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def hub(hub_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """An empty hub on every kind of store, with small pages."""
    monkeypatch.setenv("CDM_PAGE_SIZE", "3")
    with open_hub(hub_url, now=Clock()) as opened:
        yield opened


Add = Callable[..., None]


@pytest.fixture
def add(hub: Hub) -> Add:
    """Register a source."""

    def register(name: str, location: Path | str, *, customers: str = "", entity: str = "auto", **options: str) -> None:
        add_source(hub, NewSource(name, str(location), options=options, entity=entity, customers=customers))

    return register
