"""An open hub: its store, model, settings and clock — what every pipeline function works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cdm.pipeline.models import model_of
from schemas.model import Model
from schemas.source import SourceSpec

if TYPE_CHECKING:
    from cdm.settings import Settings
    from cdm.store import Store


def utc_now() -> datetime:
    """The hub's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Hub:
    """One open hub."""

    store: Store
    model: Model
    settings: Settings
    now: Callable[[], datetime] = utc_now

    def source(self, name: str) -> SourceSpec:
        """Return a registered source; raises ``NotFound`` naming the sources there are."""
        return self.store.sources.get(name)

    def sources(self) -> list[SourceSpec]:
        """Return all sources in the order in which they were registered."""
        return self.store.sources.list()


@contextmanager
def open_hub(url: str | None = None, *, now: Callable[[], datetime] = utc_now) -> Iterator[Hub]:
    """Open the hub at ``url`` (a path or an SQLAlchemy URL), or the one the settings name; create it where it is new.

    Raises:
        SettingsError: a setting cannot be used.
        ModelError: the model directory is wrong.
        StoreError: the database cannot be opened.
    """
    from cdm.settings import load_settings
    from cdm.store import Store

    settings = load_settings(**({"hub_url": as_url(url)} if url else {}))
    model = model_of(settings)
    store = Store.open(settings.url, lock_timeout=settings.lock_timeout)
    try:
        yield Hub(store, model, settings, now)
    finally:
        store.close()


def as_url(place: str) -> str:
    """Return an SQLAlchemy URL for a URL or a plain path."""
    return place if "://" in place else f"sqlite:///{place}"
