"""A small demo company whose queue has cases of two and of more golden records."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cdm.demo.generate import generate_demo
from cdm.demo.run import CUSTOMERS
from cdm.demo.truth import demo_sources
from cdm.pipeline.hub import open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source

RECORDS, SEED, DAY = 900, 7, date(2026, 5, 1)


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def make(folder: Path) -> Path:
    """Make the company's hub and return its file."""
    generate_demo(folder, records=RECORDS, seed=SEED, today=DAY)
    with open_hub(str(folder / "hub.db"), now=Clock()) as hub:
        for spec in demo_sources(folder):
            customers = CUSTOMERS.get(spec.name, "")
            request = NewSource(
                spec.name, spec.location, spec.connector, spec.options, trust=spec.trust, customers=customers
            )
            add_source(hub, request)
        run_all(hub)
    return folder / "hub.db"


def copy(hub: Path, folder: Path) -> Path:
    """Return a copy of a hub that is closed."""
    return Path(shutil.copy(hub, folder / "hub.db"))
