"""Finding a customer from every page: results while one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from nicegui import ui

from cdm.errors import CdmError
from cdm.ui.elements import on_typed, tag
from cdm.ui.hits import hit_line

if TYPE_CHECKING:
    from nicegui.element import Element

    from cdm.service.golden_shapes import GoldenHit
    from cdm.ui.session import Session

SHOWN = 8
"""Customers shown under the box."""
PAUSE = 0.15
"""Seconds without a key before the hub is asked."""


def find_box(session: Session) -> None:
    """Show the box of the top bar; Enter opens the list of customers, arrows walk through what was found."""
    words = session.words
    with tag("form", css="find", method="get", action="/customers", role="search") as form:
        with tag("div", css="find-box"):
            ui.icon("search").props("aria-hidden=true").classes("icon")
            box = tag(
                "input", type="search", name="q", placeholder=words("shell.search.hint"), autocomplete="off",
                aria_label=words("shell.search.label"), maxlength="200",
            )  # fmt: skip
            tag("kbd", "/", aria_hidden="true")
        found = tag("div", css="found", aria_live="polite")
    asked = Asked(session, found)
    on_typed(box, asked, pause=PAUSE)
    form.on("keydown", js_handler="(event) => cdm.move(event, '.find input, .found a')")


class Asked:
    """Shows what was found for the text that was typed last; answers to earlier ones are dropped."""

    def __init__(self, session: Session, place: Element) -> None:
        self._session, self._place = session, place
        self._last = ""

    async def __call__(self, typed: str) -> None:
        """Look for customers."""
        text = self._last = typed.strip()
        try:
            hits = await self._session.ask(lambda desk: desk.golden.search(text, limit=SHOWN)) if text else []
        except CdmError:
            hits = []
        if text != self._last:
            return
        self._place.clear()
        with self._place:
            self._show(text, hits)

    def _show(self, text: str, hits: Sequence[GoldenHit]) -> None:
        words = self._session.words
        for hit in hits:
            with tag("a", href=f"/customers/{hit.id}"):
                hit_line(self._session, hit)
        if text and not hits:
            tag("div", words("shell.search.none"), "note")
        elif len(hits) == SHOWN:
            tag("a", words("shell.search.all"), "link-text", href=f"/customers?q={quote(text)}")
