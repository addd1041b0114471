"""The runs: what each did and how it ended; live while one is going on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from cdm.security import Right
from cdm.ui.dialogs import Asking, Entry
from cdm.ui.elements import button, tag
from cdm.ui.figures import duration, when
from cdm.ui.layout import page
from cdm.ui.present import Part, empty
from cdm.ui.run_lines import figures_line, progress_line, run_name, status_chip
from cdm.ui.session import Session
from cdm.ui.tables import table

if TYPE_CHECKING:
    from cdm.service import Desk, Service
    from cdm.service.overview_shapes import RunView

AT_A_TIME = 50
LIVE = 3.0
"""Seconds between two looks while the page is open."""
HELD = "held"
COLUMNS = ("run", "status", "begun", "took", "done")


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/runs", "runs")
    async def runs(session: Session, request: Request) -> None:
        with tag("div", css="head"), tag("div"):
            tag("h1", session.words("runs.title"))
            tag("p", session.words("runs.lead"), "lead")
        await Runs(session).build()


class Runs:
    """The list of one page that is open.

    Args:
        session: whose page it is.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._words = session, session.words
        self._may = session.principal.may(Right.RUN)
        self._seen: list[RunView] | None = None

    async def build(self) -> None:
        """Show the runs, and look again while the page is open."""
        self._part = Part(self._session, lines=8)
        await self._part.show(_asked, self._show)
        ui.timer(LIVE, self._look)

    async def _look(self) -> None:
        await self._part.refresh(_asked, self._show, unless=lambda found: found == self._seen)

    def _show(self, found: list[RunView]) -> None:
        self._seen, words = found, self._words
        with tag("div", css="card flush"):
            if not found:
                empty("sync", words("runs.empty"), words("runs.empty_remedy"))
                return
            with table(words("runs.title"), [words(f"runs.columns.{name}") for name in COLUMNS], numeric=(3,)):
                for one in found:
                    self._row(one)

    def _row(self, one: RunView) -> None:
        words = self._words
        with tag("tr", id=f"run-{one.id}", data_status=one.status):
            with tag("td", css="nowrap"):
                tag("span", run_name(one, words), "strong")
                tag("span", f" #{one.id}", "soft small")
            with tag("td"):
                status_chip(one.status, words)
            with tag("td", css="soft nowrap"):
                when(one.started_at, words)
            tag("td", duration(one.started_at, one.finished_at, words), "num soft")
            with tag("td", css="wrap-any"):
                if one.progress is not None:
                    progress_line(one.progress, words)
                else:
                    tag("div", one.error or figures_line(one, words), "bad-text" if one.error else "soft")
                if one.held is not None:
                    tag("div", one.held.text(words.language), "warn-text small")
                if one.status == HELD:
                    self._judge(one)

    def _judge(self, one: RunView) -> None:
        """Offer to let a held run through or to refuse it; tell who can where the reader may not."""
        words = self._words
        if not self._may:
            tag("div", words("runs.held.ask"), "soft small")
            return
        with tag("div", css="line close judge"):
            for step, kind in (("release", "primary small"), ("reject", "danger small")):
                place = button(words(f"runs.held.{step}"), kind, data_judge=step)
                place.on("click", partial(self._ask, one.id, step))

    def _ask(self, run: int, step: str) -> None:
        words = self._words
        title, lead = words(f"runs.held.{step}_title", run=run), words(f"runs.held.{step}_lead")
        asking = Asking(self._session, title, lead, words(f"runs.held.{step}"))
        with asking.body:
            reason = Entry(words("runs.held.reason"), maxlength="500")

        def judged(desk: Desk) -> bool:
            (desk.jobs.release if step == "release" else desk.jobs.reject)(run, reason.value)
            return True

        async def act() -> None:
            if await asking.carry_out(judged):
                asking.close()
                await self._look()

        asking.open(act)


def _asked(desk: Desk) -> list[RunView]:
    return desk.overview.runs(AT_A_TIME)
