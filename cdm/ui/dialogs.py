"""Dialogs that ask for something and carry it out; what is refused is told inside, with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from nicegui import ui

from cdm.errors import CdmError
from cdm.security import NotSignedIn
from cdm.ui.elements import button, on_typed, tag
from cdm.ui.problems import explained

if TYPE_CHECKING:
    from nicegui.element import Element

    from cdm.service import Desk
    from cdm.ui.session import Session

T = TypeVar("T")
TOLD = 10.0
"""Seconds something is told."""


class Asking:
    """A dialog with a title, something to fill in, and a button that does it.

    Args:
        session: whose page it is.
        title: what it is about.
        lead: what will happen.
        act: what its button says.
        kind: how the button looks.
    """

    def __init__(self, session: Session, title: str, lead: str, act: str, kind: str = "primary") -> None:
        self._session = session
        with ui.dialog() as self._dialog, tag("div", css="q-card dialog", role="document"):
            tag("h2", title)
            tag("p", lead, "soft")
            self.body: Element = tag("div", css="form")
            self._wrong = tag("div", css="note error", role="alert")
            self._wrong.visible = False
            with tag("div", css="line dialog-end"):
                button(session.words("shell.buttons.cancel")).on("click", self._dialog.close)
                self._button = button(act, kind, data_act=True)
        self._dialog.props["aria-label"] = title

    def open(self, act: Callable[[], object]) -> None:
        """Open it; ``act`` is called by its button."""
        self._button.on("click", act)
        self._dialog.open()

    def close(self) -> None:
        """Close it for good."""
        self._dialog.close()
        self._dialog.clear()

    def refuse(self, *lines: str) -> None:
        """Say what is wrong, the most important first; the dialog stays."""
        self._wrong.clear()
        with self._wrong:
            for place, line in enumerate(lines):
                tag("div", line, "wrap-any" if place else "strong wrap-any")
        self._wrong.visible = True

    async def carry_out(self, step: Callable[[Desk], T]) -> T | None:
        """Do it; where it is refused, say why and return ``None``."""
        self._button.props["disabled"] = True
        try:
            return await self._session.ask(step)
        except NotSignedIn:
            ui.navigate.to("/sign-in?ended")
        except CdmError as error:
            self.refuse(*explained(self._session.words, error))
        finally:
            self._button.props.pop("disabled", None)
        return None


def told(text: str, again: str = "", undo: Callable[[], object] | None = None) -> None:
    """Tell for a while that something was done; with ``undo``, a button that says ``again`` takes it back."""
    with tag("div", css="toast", role="status") as toast:
        tag("span", text)
        if undo is not None:
            back = button(again, "plain small", data_again=True)
            back.on("click", undo)
            back.on("click", lambda: setattr(toast, "visible", False))
        ui.timer(TOLD, toast.delete, once=True)


class Entry:
    """A value that is typed into a dialog.

    Args:
        label: what it is called.
        value: what stands in it at first.
        kind: ``text``, ``date``, or ``lines`` for several lines.
        hint: what is said below it.
    """

    def __init__(self, label: str, value: str = "", kind: str = "text", hint: str = "", **attributes: Any) -> None:
        self.value = value
        with tag("label"):
            tag("span", label)
            if kind == "lines":
                self.element = tag("textarea", value, rows="4", **attributes)
            else:
                self.element = tag("input", type=kind, value=value, **attributes)
            if hint:
                tag("span", hint, "small")
        on_typed(self.element, self._typed)

    def _typed(self, typed: str) -> None:
        self.value = typed


class Choice:
    """One of a few values, chosen in a dialog.

    Args:
        label: what it is called.
        options: value → what it is called; the first is chosen unless ``value`` says otherwise.
        value: chosen at first.
        hint: what is said below it.
    """

    def __init__(self, label: str, options: Mapping[str, str], value: str = "", hint: str = "", name: str = "") -> None:
        self.value = value or next(iter(options))
        with tag("label"):
            tag("span", label)
            with tag("select", name=name) as element:
                for one, said in options.items():
                    tag("option", said, value=one, selected=one == self.value)
            if hint:
                tag("span", hint, "small")
        on_typed(element, self._chosen)

    def _chosen(self, chosen: str) -> None:
        self.value = chosen
