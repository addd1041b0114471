"""HTML elements with text and attributes, by which pages are built; what they show is escaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

TYPED = "(event) => emit(event.target.value)"


def tag(name: str, /, text: object = "", css: str = "", **attributes: Any) -> TextElement:
    """Return an HTML element.

    Args:
        name: ``div``, ``h2``, ``a`` …
        text: what it says.
        css: its classes.
        attributes: its attributes; ``_`` stands for ``-`` (``aria_label``), a trailing one is dropped (``for_``).
            ``None`` and ``False`` leave one out.
    """
    element = TextElement(tag=name, text=str(text))
    element.classes(css)
    for key, value in attributes.items():
        if value is not None and value is not False:
            # The attribute, not the property: what is shown next must not undo what was typed meanwhile.
            shown = "^value" if (name, key) == ("input", "value") else key.rstrip("_").replace("_", "-")
            element.props[shown] = value
    return element


def on_typed(element: Element, heard: Callable[[str], object], *, pause: float = 0.0) -> None:
    """Call ``heard`` with what is typed into an element.

    Args:
        element: an ``input`` or ``textarea``.
        heard: called with the whole text.
        pause: seconds without a key before it is called.
    """

    element.on(
        "input", lambda event: heard(str(event.args)), js_handler=TYPED, throttle=pause, leading_events=not pause
    )


def icon(name: str, css: str = "") -> ui.icon:
    """Return a symbol that says nothing to those who cannot see it."""
    element = ui.icon(name).classes(f"icon {css}")
    element.props["aria-hidden"] = "true"
    return element


def link(text: object, href: str, css: str = "", **attributes: Any) -> TextElement:
    """Return a link."""
    return tag("a", text, f"link-text {css}", href=href, **attributes)


def chip(text: str, kind: str = "") -> TextElement:
    """Return a small label; ``kind`` is ``good``, ``warning``, ``error``, ``info`` or nothing."""
    return tag("span", text, f"chip {kind}")


def button(text: str, kind: str = "", symbol: str = "", **attributes: Any) -> TextElement:
    """Return a button; ``kind`` is ``primary``, ``danger``, ``plain`` or nothing."""
    element = tag("button", "", f"button {kind}", type=attributes.pop("type", "button"), **attributes)
    with element:
        if symbol:
            icon(symbol)
        if text:
            tag("span", text)
    return element
