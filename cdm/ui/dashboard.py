"""The dashboard: what the hub holds, what waits, how good the data are, what ran last."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from cdm.errors import CdmError
from cdm.security import Right
from cdm.ui import scores
from cdm.ui.charts import grade, legend, score_ring, sparkline, trend
from cdm.ui.check_lines import show_checks
from cdm.ui.elements import chip, tag
from cdm.ui.figures import number, percent, score, when
from cdm.ui.layout import page
from cdm.ui.present import Part, empty
from cdm.ui.run_lines import run_line, status_chip
from cdm.ui.session import Session
from cdm.ui.tables import card, table

if TYPE_CHECKING:
    from cdm.service import Desk, Service
    from cdm.service.checks import CheckView
    from cdm.service.overview_shapes import Dashboard, RunView

LIVE = 5.0
"""Seconds between two looks for a run while the page is open."""


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/", "dashboard")
    async def dashboard(session: Session, request: Request) -> None:
        with tag("div", css="head"), tag("div"):
            tag("h1", session.words("dashboard.title"))
            tag("p", session.words("dashboard.lead"), "lead")
        part = Part(session, lines=8)
        seen: list[RunView] = []

        def show(found: tuple[Dashboard, list[CheckView]]) -> None:
            seen[:] = [_ended(one) for one in found[0].runs[:1]]
            Shown(session, *found).build()

        await part.show(_asked, show)

        async def look() -> None:
            """Show everything anew where a run began or ended meanwhile."""
            with suppress(CdmError):  # the next look tries again
                if [_ended(one) for one in await session.ask(lambda desk: desk.overview.runs(1))] != seen:
                    await part.refresh(_asked, show, unless=lambda _: False)

        ui.timer(LIVE, look)


def _ended(one: RunView) -> RunView:
    """Return a run without how far it has come, which changes nothing here."""
    return one.model_copy(update={"progress": None})


def _asked(desk: Desk) -> tuple[Dashboard, list[CheckView]]:
    return desk.overview.dashboard(), desk.checks.latest()


class Shown:
    """The dashboard of one moment.

    Args:
        session: whose page it is.
        found: the figures.
        checks: what was found when the data were checked.
    """

    def __init__(self, session: Session, found: Dashboard, checks: Sequence[CheckView]) -> None:
        self._session, self._words, self._found, self._checks = session, session.words, found, checks

    def build(self) -> None:
        """Show everything, or how to begin where there is nothing."""
        if not self._found.sources:
            with tag("div", css="card"):
                empty("rocket_launch", self._words("dashboard.empty"), self._words("dashboard.empty_remedy"))
            return
        self._tiles()
        with tag("div", css="columns uneven"):
            with tag("div", css="stack"):
                self._trend()
                self._by_source()
                if self._checks:
                    show_checks(self._session, self._checks)
            with tag("div", css="stack"):
                self._runs()
                self._sources()

    def _tiles(self) -> None:
        found, words = self._found, self._words
        with tag("div", css="tiles"):
            self._tile("records", found.records, words("dashboard.tiles.from", count=len(found.sources)), "/runs")
            kinds = " · ".join(f"{one.label.text(words.language)} {number(one.golden)}" for one in found.entities)
            self._tile("golden", found.golden, kinds, "/customers")
            share = found.duplicates / found.records if found.records else None
            self._tile("duplicates", found.duplicates, words("dashboard.tiles.share", share=percent(share, 1)))
            may = self._session.principal.may(Right.REVIEW)
            note = words("dashboard.tiles.pairs" if found.candidates else "dashboard.tiles.all_done")
            self._tile("waiting", found.candidates, note, "/review" if may else None)
            self._quality_tile()

    def _tile(self, name: str, figure: int, more: str, href: str | None = None) -> None:
        with tag("a" if href else "div", css="tile", href=href, data_tile=name):
            tag("span", self._words(f"dashboard.tiles.{name}"), "name")
            tag("span", number(figure), "figure")
            tag("span", more, "more")

    def _quality_tile(self) -> None:
        golden = self._golden()
        with tag("div", css="tile beside", data_tile="quality"):
            score_ring(golden.get(scores.TOTAL))
            with tag("div"):
                tag("span", self._words("dashboard.tiles.quality"), "name")
                moved = scores.change(scores.over_time(self._found.trend).get(scores.TOTAL, []))
                if moved is not None and abs(moved) >= 0.05:
                    css = "good-text" if moved > 0 else "bad-text"
                    tag("div", self._words("dashboard.tiles.moved", change=f"{moved:+.1f}"), f"more {css}")
                else:
                    tag("div", self._words("dashboard.tiles.of_golden"), "more")

    def _as_of(self) -> None:
        """Say when the scores were worked out: runs that change little leave them as they are."""
        if (found := self._found.scores) is not None:
            with tag("span", css="line close soft small nowrap end", data_as_of=True):
                tag("span", self._words("dashboard.scores.as_of"))
                when(found.at, self._words)

    def _golden(self) -> dict[str, float | None]:
        found = self._found.scores
        return scores.by_subject(found.scores).get(scores.GOLDEN, {}) if found else {}

    def _trend(self) -> None:
        words, runs = self._words, self._found.trend
        lines = {name: v for name, v in scores.over_time(runs).items() if any(one is not None for one in v)}
        names = scores.labels(lines, words.language, words("dashboard.total"))
        with card(words("dashboard.trend.title"), lead=words("dashboard.trend.lead")):
            if len(runs) < 2:
                tag("p", words("dashboard.trend.empty"), "soft")
            else:
                same_day = len({one.at[:10] for one in runs}) == 1
                days = [one.at[11:16] if same_day else one.at[5:10] for one in runs]
                trend([(names[name], values) for name, values in lines.items()], days, words("dashboard.trend.title"))
                legend(list(names.values()))
            self._dimensions(lines, names)

    def _dimensions(self, lines: dict[str, list[float | None]], names: dict[str, str]) -> None:
        with tag("ul", css="dimensions"):
            for name, values in lines.items():
                last = values[-1]
                if last is None:
                    continue
                with tag("li"):
                    tag("span", names[name], "soft")
                    sparkline(values, names[name])
                    tag("span", score(last), f"heat {grade(last)}")

    def _by_source(self) -> None:
        words, found = self._words, self._found.scores
        with card(words("dashboard.scores.title"), "flush") as head:
            with head:
                self._as_of()
            if found is None or not found.scores:
                empty("speed", words("dashboard.scores.empty"), words("dashboard.scores.remedy"))
                return
            rows = scores.by_subject(found.scores)
            names = scores.labels(next(iter(rows.values())), words.language, words("dashboard.total"))
            with table(words("dashboard.scores.title"), [words("dashboard.scores.subject"), *names.values()], css=""):
                for subject, said in rows.items():
                    with tag("tr"):
                        tag("td", subject or words("dashboard.scores.golden"), "strong nowrap")
                        for name in names:
                            with tag("td"):
                                tag("span", score(said.get(name)), f"heat {grade(said.get(name))}")

    def _runs(self) -> None:
        words = self._words
        with card(words("dashboard.runs.title")) as head:
            with head:
                tag("a", words("dashboard.runs.all"), "link-text small end", href="/runs")
            if not self._found.runs:
                empty("sync", words("runs.empty"), words("runs.empty_remedy"))
            with tag("ul", css="run-lines"):
                for one in self._found.runs[:6]:
                    run_line(one, words)

    def _sources(self) -> None:
        words = self._words
        headers = [words(f"dashboard.sources.{name}") for name in ("name", "records", "last")]
        with (
            card(words("dashboard.sources.title"), "flush"),
            table(words("dashboard.sources.title"), headers, numeric=(1,), css=""),
        ):
            for one in self._found.sources:
                with tag("tr"):
                    with tag("td"):
                        tag("div", one.name, "strong")
                        tag("div", one.connector, "soft small")
                    with tag("td", css="num"):
                        tag("div", number(one.records))
                        if one.quarantined:
                            chip(words("dashboard.sources.quarantined", count=number(one.quarantined)), "warning")
                    with tag("td", css="soft nowrap"):
                        self._last_read(one.last_read)

    def _last_read(self, run: RunView | None) -> None:
        if run is None:
            tag("span", self._words("dashboard.sources.never"))
        elif run.status == "finished":
            when(run.finished_at, self._words)
        else:
            status_chip(run.status, self._words)
