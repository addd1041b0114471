"""The frame of the customer page: its head, and which part stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cdm.security import Right
from cdm.ui.charts import score_ring
from cdm.ui.customer.history import show_history
from cdm.ui.customer.quality import show_quality
from cdm.ui.customer.records import show_records
from cdm.ui.customer.steps import Steps
from cdm.ui.customer.timeline import show_timeline
from cdm.ui.customer.values import show_values
from cdm.ui.elements import button, chip, icon, tag
from cdm.ui.figures import when
from cdm.ui.hits import entity_symbol
from cdm.ui.present import Part

if TYPE_CHECKING:
    from cdm.service import Desk
    from cdm.service.golden_shapes import GoldenView, HistoryView, Timeline
    from cdm.ui.session import Session


class CustomerPage:
    """One customer on one page.

    Args:
        session: whose page it is.
        golden_id: the customer.
        as_of: a day, a time or a run: as the customer was then; now where empty.
    """

    def __init__(self, session: Session, golden_id: str, as_of: str) -> None:
        self._session, self._words = session, session.words
        self._id, self._as_of = golden_id, as_of

    async def build(self) -> None:
        """Show the customer, or why it cannot be shown."""
        self._part = Part(self._session, lines=8)
        await self.load()

    async def load(self) -> None:
        """Show the customer as it is now, after a step as well."""
        await self._part.show(self._ask, lambda found: self._build(*found))

    def _ask(self, desk: Desk) -> tuple[GoldenView, HistoryView, Timeline | None]:
        view = desk.golden.get(self._id, self._as_of)
        timeline = None if self._as_of else desk.past.timeline(view.id)
        return view, desk.past.history(view.id), timeline

    def _build(self, view: GoldenView, history: HistoryView, timeline: Timeline | None) -> None:
        may = not self._as_of and self._session.principal.may(Right.DECIDE)
        steps = Steps(self._session, view, self.load, allowed=may)
        self._notes(view)
        self._head(view, steps)
        with tag("div", css="columns uneven"):
            with tag("div", css="stack"):
                show_values(self._session, view, steps)
                show_records(self._session, view)
            with tag("div", css="stack"):
                show_quality(self._session, view)
                if timeline is not None:
                    show_timeline(self._session, timeline)
                show_history(self._session, view, history, steps)

    def _notes(self, view: GoldenView) -> None:
        words = self._words
        if view.asked != view.id:
            tag("p", words("customer.redirected", asked=view.asked), "note info")
        if self._as_of:
            with tag("div", css="note warning line"):
                icon("history")
                tag("span", words("customer.as_of.note", version=view.version))
                when(view.changed_at, words)
                tag("a", words("customer.as_of.now"), "link-text end", href=f"/customers/{view.id}")

    def _head(self, view: GoldenView, steps: Steps) -> None:
        words = self._words
        with tag("div", css="head customer-head"):
            score_ring(view.quality)
            with tag("div", css="stack tight"):
                tag("h1", view.name or words("customers.nameless"), "wrap-any")
                with tag("div", css="line close"):
                    with chip("", "info"):
                        entity_symbol(view.entity, "tiny")
                        tag("span", view.label.text(words.language))
                    chip(words("customer.records", count=len(view.records)))
                    chip(words("customer.version", version=view.version))
                    tag("code", view.id, "mono soft id")
                    self._copy(view.id)
            with tag("div", css="actions"):
                self._as_of_choice(view)
                if steps.allowed:
                    change = button(words("customer.edit.button"), symbol="edit", data_step="edit")
                    change.on("click", lambda: steps.edit(""))
                if steps.allowed and len(view.records) > 1:
                    button(words("customer.split.button"), symbol="call_split", data_step="split").on(
                        "click", steps.split
                    )

    def _copy(self, text: str) -> None:
        said = self._words("shell.buttons.copy")
        place = tag("button", "", "button plain small", type="button", title=said, aria_label=said)
        with place:
            icon("content_copy")
        place.on("click", js_handler=f"() => navigator.clipboard.writeText('{text}')")
        place.on("click", lambda: ui.notify(self._words("shell.buttons.copied"), timeout=1500))

    def _as_of_choice(self, view: GoldenView) -> None:
        words = self._words
        place = button(words("customer.as_of.button"), symbol="history", aria_haspopup="dialog", data_step="as-of")
        with place, ui.menu().classes("as-of"), tag("form", css="form", action=f"/customers/{view.id}"):
            with tag("label"):
                tag("span", words("customer.as_of.label"))
                tag("input", type="date", name="as_of", value=self._as_of[:10], required=True)
            button(words("customer.as_of.see"), "primary", type="submit")
