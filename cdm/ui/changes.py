"""The change feed as people read it: the newest first, live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from cdm.errors import CdmError
from cdm.ui.customer.values import field_label
from cdm.ui.elements import button, chip, icon, tag
from cdm.ui.figures import when
from cdm.ui.hits import texts
from cdm.ui.layout import page
from cdm.ui.present import Part, empty
from cdm.ui.session import Session

if TYPE_CHECKING:
    from nicegui.element import Element

    from cdm.service import Desk, Service
    from cdm.service.changes import ChangePage, ChangeView

AT_A_TIME = 60
LIVE = 3.0
"""Seconds between two looks while the page is open."""
SYMBOLS = {
    "created": "add_circle", "updated": "edit", "merged": "merge", "split": "call_split", "retired": "block",
    "restored": "restore",
}  # fmt: skip
KINDS = {"created": "good", "updated": "info", "merged": "warning", "split": "warning", "retired": "error"}


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/changes", "changes")
    async def changes(session: Session, request: Request) -> None:
        await Feed(session).build()


class Feed:
    """The feed of one page that is open.

    Args:
        session: whose page it is.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._words = session, session.words
        self._next, self._first = 0, 0
        self._lines: Element | None = None

    async def build(self) -> None:
        """Show the newest changes, and new ones as they come."""
        with tag("div", css="head"), tag("div"):
            tag("h1", self._words("changes.title"))
            tag("p", self._words("changes.lead"), "lead")
        await Part(self._session, lines=8).show(_newest, self._show)
        ui.timer(LIVE, self._look)

    def _show(self, found: ChangePage) -> None:
        self._next = found.next
        self._first = found.changes[0].seq if found.changes else 0
        with tag("div", css="card flush"):
            self._empty = empty("history", self._words("changes.empty"), self._words("changes.empty_remedy"))
            self._empty.visible = not found.changes
            self._lines = tag("ol", css="changes", aria_live="polite")
        self._add(found.changes, above=False)
        self._more = button(self._words("shell.buttons.more"), "plain")
        self._more.visible = self._first > 1
        self._more.on("click", self._older)

    def _add(self, changes: Sequence[ChangeView], *, above: bool) -> None:
        """Show changes, which come in their order, the newest on top: above those that are shown, or below."""
        assert self._lines is not None
        for one in changes if above else reversed(changes):
            with self._lines:
                line = _line(self._session, one)
            if above:
                line.move(target_index=0)

    async def _look(self) -> None:
        if self._lines is None:
            return
        try:
            found = await self._session.ask(lambda desk: desk.changes.since(self._next, AT_A_TIME))
        except CdmError:
            return  # the next look tries again
        if found.changes:
            self._next, self._empty.visible = found.next, False
            self._add(found.changes, above=True)

    async def _older(self) -> None:
        end = self._first
        start = max(0, end - 1 - AT_A_TIME)
        try:
            found = await self._session.ask(lambda desk: desk.changes.since(start, end - 1 - start))
        except CdmError as error:
            ui.notify(str(error))
            return
        self._first = start + 1
        self._add(found.changes, above=False)
        self._more.visible = start > 0


def _newest(desk: Desk) -> ChangePage:
    last = desk.changes.since(0, 1).last
    return desk.changes.since(max(0, last - AT_A_TIME), AT_A_TIME)


def _line(session: Session, one: ChangeView) -> Element:
    words = session.words
    with tag("li", data_seq=one.seq) as line:
        icon(SYMBOLS.get(one.kind, "circle"), "soft")
        with tag("div", css="grow"):
            with tag("div", css="line close"):
                tag("a", _name(session, one), "strong link-quiet wrap-any", href=f"/customers/{one.golden_id}")
                chip(words.of("customer.history.what", one.kind), KINDS.get(one.kind, ""))
                tag("span", words("customer.version", version=one.version), "soft small")
            tag("div", _what(session, one), "soft small wrap-any")
        with tag("div", css="line close soft small nowrap"):
            when(one.at, words)
            tag("span", f"#{one.seq}", "mono")
    return line


def _name(session: Session, one: ChangeView) -> str:
    said = (texts(one.fields.get(name)) for name in ("full_name", "name"))
    return next((found[0] for found in said if found), session.words("customers.nameless"))


def _what(session: Session, one: ChangeView) -> str:
    fields = ", ".join(field_label(session, one.entity, name) for name in one.changed)
    members = ", ".join(f"{ref.source}:{ref.key}" for ref in one.members)
    changed = session.words("customer.history.changed", fields=fields) if fields and one.kind != "created" else ""
    return " · ".join(text for text in (changed, members) if text)
