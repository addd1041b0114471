"""The queue: what waits for a steward, what was done today, and how to narrow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from cdm.service.review_shapes import ProgressView, QueueFilters, QueueItem, QueuePage
from cdm.store.review_queue import Order
from cdm.ui.elements import icon, tag
from cdm.ui.figures import percent, score, when
from cdm.ui.present import Part, empty
from cdm.ui.review.wanted import BANDS, DAYS, SCORES, address, query, said
from cdm.ui.session import Session
from cdm.ui.tables import table

if TYPE_CHECKING:
    from cdm.service import Desk

AT_A_TIME = 50
SHOWN_NAMES = 3
Answer = tuple[QueuePage, ProgressView, QueueFilters]


class Queue:
    """The page.

    Args:
        session: whose page it is.
        asked: what the address says.
    """

    def __init__(self, session: Session, asked: Mapping[str, str]) -> None:
        self._session, self._words = session, session.words
        self._choice = said(asked)
        after = asked.get("after", "")
        self._after = int(after) if after.isdecimal() and len(after) < 16 else None

    async def build(self) -> None:
        """Show heading, progress, filters and the list."""
        part = Part(self._session, lines=8)
        await part.show(self._ask, self._show)

    def _ask(self, desk: Desk) -> Answer:
        review = desk.review
        return review.queue(query(self._choice), self._after, AT_A_TIME), review.progress(), review.filters()

    def _show(self, answer: Answer) -> None:
        page, progress, filters = answer
        words = self._words
        with tag("div", css="head"):
            with tag("div"):
                tag("h1", words("review.title"))
                tag("p", words("review.lead"), "lead")
            with tag("div", css="actions"):
                progress_line(progress, self._session)
                if page.items:
                    self._begin(page.items[0])
        self._filters(filters)
        if page.items:
            self._table(page.items)
            if page.next is not None:
                more = address("/review", {**self._choice, "after": str(page.next)})
                with tag("div", css="line pages"):
                    tag("a", words("review.more"), "button", href=more)
        else:
            self._nothing()

    def _begin(self, first: QueueItem) -> None:
        with tag("a", css="button primary", href=address(f"/review/{first.id}", self._choice), data_start=True):
            icon("play_arrow")
            tag("span", self._words("review.start"))

    def _filters(self, filters: QueueFilters) -> None:
        words, language = self._words, self._words.language
        options: dict[str, Sequence[tuple[str, str]]] = {
            "entity": [(one.name, one.label.text(language)) for one in filters.entities],
            "source": [(one.name, one.label.text(language)) for one in filters.sources],
            "reason": [(one.name, one.label.text(language)) for one in filters.reasons],
            "likely": [(one, words(f"review.likely.{one}")) for one in BANDS],
            "score": [(one, words(f"review.score.{one}")) for one in SCORES],
            "days": [(one, words(f"review.days.{one}")) for one in DAYS],
            "order": [(one.value, words(f"review.order.{one.value}")) for one in Order],
        }
        with tag("form", css="rv-filters", method="get", action="/review", aria_label=words("review.filter.name")):
            self._states()
            for name, choices in options.items():
                self._select(name, choices)
            if self._choice:
                tag("a", words("review.filter.clear"), "link-text small", href="/review")

    def _states(self) -> None:
        """Show the choice between what is to be done and what is put off."""
        now = self._choice.get("state", "")
        with tag("div", css="segments", role="group", aria_label=self._words("review.filter.state")):
            for value, name in (("", "waiting"), ("deferred", "deferred")):
                rest = {key: said for key, said in self._choice.items() if key != "state"}
                href = address("/review", rest | ({"state": value} if value else {}))
                tag("a", self._words(f"review.state.{name}"), href=href, aria_current="page" if now == value else None)
        if now:
            tag("input", type="hidden", name="state", value=now)

    def _select(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        whole = name != "order"
        chosen = self._choice.get(name, "")
        css = "rv-filter set" if chosen and chosen != choices[0][0] else "rv-filter"
        with tag("label", css=css):
            tag("span", self._words(f"review.filter.{name}"))
            with tag("select", name=name, onchange="this.form.requestSubmit()"):
                if whole:
                    tag("option", self._words("review.filter.all"), value="")
                for value, label in choices:
                    tag("option", label, value=value, selected=value == chosen)

    def _table(self, items: Sequence[QueueItem]) -> None:
        deferred = self._choice.get("state") == "deferred"
        names = ("names", "why", "probability", "records", "score", "until" if deferred else "since")
        headers = [self._words(f"review.columns.{one}") for one in names]
        with tag("section", css="card flush"), table(self._words("review.title"), headers, numeric=(2, 3, 4)):
            for one in items:
                self._line(one, deferred)

    def _line(self, one: QueueItem, deferred: bool) -> None:
        words = self._words
        href = address(f"/review/{one.id}", self._choice)
        with tag("tr", data_case=str(one.id)) as row:
            with tag("td"):
                tag("a", names_of(one.names, one.golden, self._session), "whole", href=href)
                tag("div", one.label.text(words.language), "soft small")
            tag("td", one.why.text(words.language))
            with tag("td", css="num"):
                tag("span", percent(one.probability), f"heat {band(one.probability)}")
            with tag("td", css="num"):
                tag(
                    "span",
                    f"{one.golden} / {one.records}",
                    title=words("review.count", golden=one.golden, records=one.records),
                )
            tag("td", score(one.score), "num")
            with tag("td", css="nowrap"):
                when(one.deferred_until if deferred else one.since, words)
                if deferred and one.deferred_reason:
                    tag("div", one.deferred_reason, "soft small wrap-any")
        row.on("click", lambda: ui.navigate.to(href))

    def _nothing(self) -> None:
        words = self._words
        narrowed = set(self._choice) - {"order", "state"}
        with tag("section", css="card"):
            if narrowed:
                with empty("filter_alt_off", words("review.empty_filtered"), words("review.empty_filtered_remedy")):
                    tag("a", words("review.filter.clear"), "button", href="/review")
            elif self._choice.get("state") == "deferred":
                empty("event_available", words("review.empty_deferred"))
            else:
                empty("task_alt", words("review.empty"), words("review.empty_remedy"))


def progress_line(progress: ProgressView, session: Session) -> None:
    """Show what was done today and what is left."""
    words = session.words
    whole = progress.mine + progress.left
    share = 100 * progress.mine / whole if whole else 100
    with tag("div", css="rv-progress", role="group", aria_label=words("review.progress")):
        tag("span", words("review.done", count=progress.mine), "strong", data_mine=True)
        with tag("span", css="meter good"):
            tag("i", style=f"width: {share:.1f}%")
        tag("span", words("review.left", count=progress.left), data_left=True)
        if progress.everybody > progress.mine:
            tag("span", words("review.everybody", count=progress.everybody), "soft")
        if progress.deferred:
            tag("a", words("review.put_off", count=progress.deferred), "link-text", href="/review?state=deferred")


def names_of(names: Sequence[str], count: int, session: Session) -> str:
    """Return what a case is called: the names in it, each once."""
    words = session.words
    different = list(dict.fromkeys(one for one in names if one))
    if len(different) == 1 and count > 1:
        return words("review.same_name", name=different[0], count=count)
    shown = different[:SHOWN_NAMES]
    beyond = count - len(shown) if len(different) > SHOWN_NAMES or count > len(names) else 0
    said = " · ".join(shown)
    return f"{said} · {words('review.beyond', count=beyond)}" if beyond > 0 else said


def band(probability: float) -> str:
    """Return the colour of a probability."""
    return "good" if probability >= 0.6 else "warning" if probability >= 0.3 else ""
