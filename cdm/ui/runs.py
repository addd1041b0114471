"""The runs: what each did and how it ended; live while one is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from cdm.ui.elements import tag
from cdm.ui.figures import duration, when
from cdm.ui.layout import page
from cdm.ui.present import Part, empty
from cdm.ui.run_lines import figures_line, run_name, status_chip
from cdm.ui.session import Session
from cdm.ui.tables import table

if TYPE_CHECKING:
    from cdm.service import Service
    from cdm.service.overview_shapes import RunView

AT_A_TIME = 50
LIVE = 3.0
"""Seconds between two looks while the page is open."""
COLUMNS = ("run", "status", "begun", "took", "done")


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/runs", "runs")
    async def runs(session: Session, request: Request) -> None:
        words = session.words
        with tag("div", css="head"), tag("div"):
            tag("h1", words("runs.title"))
            tag("p", words("runs.lead"), "lead")
        part = Part(session, lines=8)
        seen: list[list[RunView]] = []

        def build(found: list[RunView]) -> None:
            seen[:] = [found]
            _shown(session, found)

        await part.show(lambda desk: desk.overview.runs(AT_A_TIME), build)

        async def look() -> None:
            await part.refresh(lambda desk: desk.overview.runs(AT_A_TIME), build, unless=lambda found: seen == [found])

        ui.timer(LIVE, look)


def _shown(session: Session, found: list[RunView]) -> None:
    words = session.words
    with tag("div", css="card flush"):
        if not found:
            empty("sync", words("runs.empty"), words("runs.empty_remedy"))
            return
        with table(words("runs.title"), [words(f"runs.columns.{name}") for name in COLUMNS], numeric=(3,)):
            for one in found:
                _row(session, one)


def _row(session: Session, one: RunView) -> None:
    words = session.words
    with tag("tr", id=f"run-{one.id}"):
        with tag("td"):
            tag("span", run_name(one, words), "strong")
            tag("span", f"  #{one.id}", "soft small")
        with tag("td"):
            status_chip(one.status, words)
        with tag("td", css="soft nowrap"):
            when(one.started_at, words)
        tag("td", duration(one.started_at, one.finished_at, words), "num soft")
        tag("td", one.error or figures_line(one, words), "wrap-any" + (" bad-text" if one.error else " soft"))
