"""The dialogs of the review: put off, somebody was quicker, keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from nicegui import ui

from cdm.service.review import happening_views
from cdm.service.review_shapes import HappeningView
from cdm.stewardship.review import CaseChanged
from cdm.ui.dialogs import Asking, Entry
from cdm.ui.elements import button, tag
from cdm.ui.figures import when

if TYPE_CHECKING:
    from cdm.ui.review.screen import Screen
    from cdm.ui.session import Session
    from cdm.ui.words import Words

AHEAD = 7
"""Days a case is put off unless another day is chosen."""
KEYS = ("m", "n", "d", "u", "j", "k", "1 – 8", "r", "?")
NAMES = ("m", "n", "d", "u", "j", "k", "digits", "r", "question")
JOB = "cdm"
"""Who changed something where no person did."""


async def put_off(session: Session, note: str, act: Callable[[datetime, str], Awaitable[None]]) -> None:
    """Ask until when a case is put off.

    Args:
        session: whose page it is.
        note: what was noted already.
        act: puts it off.
    """
    words = session.words
    today = session.service.hub.now().date()
    asking = Asking(session, words("review.put.title"), words("review.put.lead"), words("review.put.act"))
    with asking.body:
        first, proposed = (today + timedelta(days=days) for days in (1, AHEAD))
        day = Entry(words("review.put.until"), proposed.isoformat(), "date", min=first.isoformat(), required=True)
        why = Entry(words("review.put.note"), note, "lines", words("review.put.hint"), maxlength="500")

    async def do() -> None:
        until = _day(day.value)
        if until is None or until <= today:
            asking.refuse(words("review.put.day"))
            return
        asking.close()
        await act(datetime.combine(until, time.min, UTC), why.value)

    asking.open(do)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def conflict(screen: Screen, changed: CaseChanged, choice: str) -> None:
    """Tell what others did to the case, and lead on.

    Args:
        screen: where the case is shown.
        changed: what happened.
        choice: what the steward was about to say.
    """
    words = screen.words
    with (
        ui.dialog().props("persistent") as dialog,
        tag("div", css="q-card dialog", role="alertdialog", data_conflict=True),
    ):
        tag("h2", words("review.conflict.title"))
        tag("p", words("review.conflict.lead"), "soft")
        with tag("ul", css="rv-happened"):
            for one in happening_views(changed):
                _happening(one, words)
            if not changed.happenings:
                tag("li", words("review.conflict.nobody"))
        tag("p", words("review.conflict.yours", choice=choice), "note info")
        with tag("div", css="line dialog-end"):
            button(words("review.conflict.next"), data_next=True).on("click", lambda: dialog.submit("next"))
            button(words("review.conflict.now"), "primary", data_now=True).on("click", lambda: dialog.submit("now"))
    answer = await dialog
    dialog.clear()
    if answer == "next":
        await screen.forward()
    else:
        await screen.open(changed.case_id)


def _happening(one: HappeningView, words: Words) -> None:
    who = words("review.conflict.job") if one.who in ("", JOB) else one.who
    with tag("li"):
        with tag("div", css="line close"):
            tag("span", words("review.conflict.line", who=who, what=words.of("review.what", one.what)), "strong")
            when(one.at, words, "soft small")
        if one.why and one.decision_id is not None:
            tag("div", one.why, "soft wrap-any")


def help_dialog(words: Words) -> None:
    """Show the keys."""
    with ui.dialog() as dialog, tag("div", css="q-card dialog", data_help=True):
        tag("h2", words("review.help.title"))
        tag("p", words("review.help.lead"), "soft")
        with tag("dl", css="rv-keys"):
            for key, name in zip(KEYS, NAMES, strict=True):
                with tag("dt"):
                    tag("kbd", key)
                tag("dd", words(f"review.help.{name}"))
        with tag("div", css="line dialog-end"):
            button(words("shell.buttons.close")).on("click", dialog.close)
    dialog.on("hide", dialog.clear)
    dialog.open()
