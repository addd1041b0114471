"""Tables of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nicegui.elements.mixins.text_element import TextElement

from cdm.ui.elements import tag


@contextmanager
def table(
    label: str, headers: Sequence[str], *, numeric: Sequence[int] = (), css: str = "rows"
) -> Iterator[TextElement]:
    """Show a table; what is built inside are its rows.

    Args:
        label: read to those who cannot see it.
        headers: of the columns; one that is empty is no header.
        numeric: places of columns of figures, which stand to the right.
        css: further classes.
    """
    with tag("div", css="table-wrap"), tag("table", css=f"table {css}", aria_label=label):
        with tag("thead"), tag("tr"):
            for place, header in enumerate(headers):
                tag(
                    "th" if header else "td", header, "num" if place in numeric else "", scope="col" if header else None
                )
        with tag("tbody") as body:
            yield body


@contextmanager
def card(title: str = "", css: str = "", lead: str = "") -> Iterator[TextElement]:
    """Show a card with a title; yields the line of the title, for what belongs beside it."""
    with tag("section", css=f"card {css}", aria_label=title or None):
        head = tag("div", css="card-head")
        head.visible = bool(title)
        with head:
            if title:
                tag("h2", title)
            if lead:
                tag("span", lead, "soft small")
        yield head
