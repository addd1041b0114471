"""The four states of a part of a page: loading, shown, empty, failed with its remedy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from nicegui import background_tasks, ui

from cdm.errors import CdmError
from cdm.security import NotSignedIn
from cdm.ui.elements import button, icon, tag
from cdm.ui.problems import explained

if TYPE_CHECKING:
    from nicegui.element import Element

    from cdm.service import Desk
    from cdm.ui.session import Session
    from cdm.ui.words import Words

AT_ONCE = 0.4
"""Seconds an answer may take before the page is sent with a place holder instead of it."""
T = TypeVar("T")


class Part:
    """A part of a page that shows what the service answers.

    Args:
        session: whose page it is.
        lines: height of what stands there while an answer takes long.
        css: classes of the part.
    """

    def __init__(self, session: Session, *, lines: int = 4, css: str = "stack") -> None:
        self._session, self._lines = session, lines
        self._place = tag("div", css=css, aria_live="polite")
        self._asked = 0

    async def show(self, question: Callable[[Desk], T], build: Callable[[T], object]) -> None:
        """Ask the service and show its answer in place of what was shown; only the last question's answer is shown.

        Args:
            question: what is asked; it runs beside the event loop.
            build: builds what is shown of the answer.
        """
        self._asked += 1
        answer = asyncio.ensure_future(self._session.ask(question))
        filled = self._fill(self._asked, answer, question, build)
        done, _ = await asyncio.wait([answer], timeout=AT_ONCE)
        if done:
            await filled
            return
        self._replace(lambda: waiting(self._session.words, self._lines))
        background_tasks.create(filled, name="fill a part of a page")

    async def refresh(
        self, question: Callable[[Desk], T], build: Callable[[T], object], *, unless: Callable[[T], bool]
    ) -> None:
        """Ask again and show the answer unless it says nothing new; what goes wrong is left for the next time."""
        number = self._asked
        try:
            found = await self._session.ask(question)
        except CdmError:
            return
        if number == self._asked and not unless(found):
            self._replace(lambda: build(found))

    async def _fill(self, number: int, answer: asyncio.Future[T], question: Callable[[Desk], T], build: Any) -> None:
        try:
            found = await answer
        except NotSignedIn:
            with self._place:
                ui.navigate.to("/sign-in?ended")
        except CdmError as error:
            if number == self._asked:
                wrong = error
                self._replace(lambda: failed(self._session.words, wrong, lambda: self.show(question, build)))
        else:
            if number == self._asked:
                self._replace(lambda: build(found))

    def _replace(self, build: Callable[[], object]) -> None:
        self._place.clear()
        with self._place:
            build()


async def present(
    session: Session, question: Callable[[Desk], T], build: Callable[[T], object], *, lines: int = 4
) -> None:
    """Show here what the service answers; see :class:`Part`."""
    await Part(session, lines=lines).show(question, build)


def waiting(words: Words, lines: int) -> None:
    """Show that something is loading."""
    with tag("div", css="card flush"), tag("div", css="waits", role="status", aria_label=words("shell.state.loading")):
        for _ in range(lines):
            tag("span", css="wait")


def failed(words: Words, error: CdmError, again: Callable[[], object] | None = None) -> None:
    """Show what went wrong and what to do about it."""
    with tag("div", css="card state error", role="alert"):
        icon("error_outline")
        title, *more = explained(words, error)
        tag("h2", title)
        for line in more:
            tag("p", line, "wrap-any")
        tag("p", words("shell.state.code", code=error.code), "small mono")
        if again is not None:
            button(words("shell.state.retry"), symbol="refresh").on("click", again)


def empty(symbol: str, title: str, remedy: str = "") -> Element:
    """Show that there is nothing yet, and what to do; returns the place for a button."""
    with tag("div", css="state") as place:
        icon(symbol)
        tag("h2", title)
        if remedy:
            tag("p", remedy)
    return place
