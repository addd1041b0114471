"""Hubs for the tests of the rooms above the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hub_pages import Clock

from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.sources import NewSource, add_source


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
