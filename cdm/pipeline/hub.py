"""An open hub: its store, model, settings and clock — what every pipeline function works on."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cdm.errors import NotFound
from cdm.pipeline.models import model_of
from schemas.model import Model
from schemas.source import SourceSpec

if TYPE_CHECKING:
    from cdm.settings import Settings
    from cdm.store import Store


def utc_now() -> datetime:
    """The hub's clock."""
    return datetime.now(UTC)


def current_user() -> str:
    """Return who works with the hub here: ``CDM_USER``, or else the user of this computer."""
    return os.environ.get("CDM_USER") or getpass.getuser()


@dataclass(frozen=True)
class Hub:
    """One open hub."""

    store: Store
    model: Model
    settings: Settings
    now: Callable[[], datetime] = utc_now
    flow_run: str | None = None
    """What the orchestrator calls the run that works with the hub now."""

    def source(self, name: str) -> SourceSpec:
        """Return a registered source; raises ``NotFound`` naming the sources there are."""
        return self.store.sources.get(name)

    def sources(self) -> list[SourceSpec]:
        """Return all sources in the order in which they were registered."""
        return self.store.sources.list()


@contextmanager
def open_hub(
    url: str | None = None,
    *,
    create: bool = True,
    now: Callable[[], datetime] = utc_now,
    flow_run: str | None = None,
) -> Iterator[Hub]:
    """Open the hub at ``url`` (a path or an SQLAlchemy URL), or the one the settings name.

    Args:
        url: where the hub is; empty for the one the settings name.
        create: make the hub where there is none; else a mistyped name would be answered by an empty hub.
        now: the clock.
        flow_run: what the orchestrator calls the run that opens it; kept with the hub's runs.

    Raises:
        NotFound: there is no hub and none is to be made.
        SettingsError: a setting cannot be used.
        ModelError: the model directory is wrong.
        StoreError: the database cannot be opened.
    """
    from cdm.store import Store

    settings = settings_of(url, create=create)
    model = model_of(settings)
    store = Store.open(settings.url, lock_timeout=settings.lock_timeout)
    try:
        yield Hub(store, model, settings, now, flow_run)
    finally:
        store.close()


def settings_of(url: str | None = None, *, create: bool = True) -> Settings:
    """Return the settings with the hub at ``url``, where one is named.

    Raises:
        NotFound: there is no hub and none is to be made.
        SettingsError: a setting cannot be used.
    """
    from cdm.settings import load_settings

    settings = load_settings(**({"hub_url": as_url(url)} if url else {}))
    if not create:
        _must_exist(settings.url)
    return settings


def _must_exist(url: str) -> None:
    """Refuse an SQLite hub whose file is not there; a server answers for itself."""
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        raise NotFound(
            f"There is no hub at {path}.",
            remedy="Name it with --hub or CDM_HUB_URL, or begin one: cdm source add NAME LOCATION.",
            hub=str(path),
        )


def as_url(place: str) -> str:
    """Return an SQLAlchemy URL for a URL or a plain path."""
    return place if "://" in place else f"sqlite:///{place}"
