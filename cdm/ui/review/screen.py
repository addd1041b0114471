"""The review screen: one case after the other, by mouse or by keyboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from nicegui import ui

from cdm.errors import CdmError, NotFound
from cdm.security import NotSignedIn, Right
from cdm.service.review_shapes import CaseView, OutlookView, ProgressView, RulingView
from cdm.stewardship.review import CaseChanged, Choice
from cdm.ui.dialogs import told
from cdm.ui.elements import tag
from cdm.ui.figures import number
from cdm.ui.present import Part, empty, failed
from cdm.ui.review.dialogs import conflict, help_dialog, put_off
from cdm.ui.review.panels import Panels
from cdm.ui.review.queue import names_of
from cdm.ui.review.side_by_side import TWO, Look
from cdm.ui.review.wanted import address, query, said
from cdm.ui.session import Session

if TYPE_CHECKING:
    from nicegui.events import GenericEventArguments

    from cdm.service import Desk

T = TypeVar("T")
KEY = "review-key"
"""The event by which the browser tells of a key."""
WEIGHTY = "mnd"
"""Keys that decide: a case must have been on the screen for a moment before they count."""


@dataclass
class Shown:
    """The case on the screen."""

    case: CaseView
    outlook: OutlookView | None
    progress: ProgressView
    following: int | None
    """The case after it in the queue."""
    look: Look = field(default_factory=Look)
    note: str = ""


class Screen:
    """The page.

    Args:
        session: whose page it is.
        asked: what the address says of the queue.
    """

    def __init__(self, session: Session, asked: Mapping[str, str]) -> None:
        self.session, self.words = session, session.words
        self.choice = said(asked)
        self.may_decide = session.principal.may(Right.DECIDE)
        self._shown: Shown | None = None
        self._before: list[int] = []
        self._busy = False

    async def build(self, case_id: int) -> None:
        """Show a case and listen to the keyboard."""
        self._beside, self._toasts = tag("div"), tag("div")
        self._part = Part(self.session, lines=12, css="rv-screen")
        ui.on(KEY, self._key)
        ui.run_javascript(f"cdm.keys('{KEY}', '{WEIGHTY}')")
        await self._part.show(lambda desk: self._read(desk, case_id), self._show)

    # What is read

    def _read(self, desk: Desk, case_id: int) -> Shown | None:
        """Return a case with what belongs to it; the next in the queue where it is settled, ``None`` at the end."""
        wanted = query(self.choice)
        try:
            case = desk.review.case(case_id)
        except NotFound:
            page = desk.review.queue(wanted, None, 1)
            if not page.items:
                return None
            case = desk.review.case(page.items[0].id)
        after = desk.review.queue(wanted, case.id, 1).items
        following = after[0].id if after and after[0].id != case.id else None
        return Shown(case, self._outlook(desk, case, Look()), desk.review.progress(), following)

    def _outlook(self, desk: Desk, case: CaseView, look: Look) -> OutlookView | None:
        ids = look.taken(case)
        return desk.review.outlook(ids) if len(ids) >= TWO else None

    # What is shown

    def _show(self, shown: Shown | None) -> None:
        self._shown = shown
        if shown is None:
            with (
                tag("section", css="card"),
                empty("task_alt", self.words("review.empty"), self.words("review.empty_remedy")),
            ):
                tag("a", self.words("review.back"), "button", href=address("/review", self.choice))
            return
        path = address(f"/review/{shown.case.id}", self.choice)
        ui.run_javascript(f"history.replaceState(null, '', {path!r}); window.scrollTo(0, 0)")
        ui.run_javascript(f"cdm.waiting('{number(shown.progress.left)}')")
        Panels(self, shown).build()

    async def again(self) -> None:
        """Show the same case as it is looked at now."""
        if self._shown is not None:
            shown = self._shown
            await self._part.show(lambda _: shown, self._show)

    async def open(self, case_id: int) -> None:
        """Show another case."""
        await self._part.show(lambda desk: self._read(desk, case_id), self._show)

    async def toggle(self, place: int) -> None:
        """Take a golden record into the merge, or leave it out."""
        shown = self._shown
        if shown is None or place >= len(shown.case.golden):
            return
        shown.look.out ^= {place}
        found = await self._ask(lambda desk: (self._outlook(desk, shown.case, shown.look),))
        if found is not None:
            shown.outlook = found[0]
            await self.again()

    # What is done

    async def merge(self) -> None:
        """Merge what is taken in."""
        await self._decide(Choice.SAME)

    async def keep_apart(self) -> None:
        """Say that what is taken in are different customers."""
        await self._decide(Choice.DIFFERENT)

    async def later(self) -> None:
        """Ask until when the case is put off."""
        if self._shown is not None and self.may_decide:
            with self._beside:
                await put_off(self.session, self._shown.note, self._put_off)

    async def _put_off(self, until: datetime, note: str) -> None:
        await self._decide(Choice.LATER, until, note)

    async def _decide(self, choice: Choice, until: datetime | None = None, note: str | None = None) -> None:
        shown = self._shown
        if shown is None or self._busy or not self.may_decide:
            return
        taken = shown.look.taken(shown.case)
        if choice is not Choice.LATER and len(taken) < TWO:
            self._say("two")
            return
        ruling = RulingView(
            choice=choice,
            golden_ids=taken if choice is not Choice.LATER else [one.id for one in shown.case.golden],
            expected={one.id: one.version for one in shown.case.golden},
            seen=shown.case.seen,
            reason=shown.note if note is None else note,
            until=until,
        )
        self._busy = True
        try:
            done = await self._ask(lambda desk: desk.review.decide(shown.case.id, ruling))
            if done is not None:
                self._tell(choice, shown, ruling)
                self._before.append(shown.case.id)
                await self.open(shown.case.id if done.left or shown.following is None else shown.following)
        except CaseChanged as changed:
            told_of = changed
        else:
            return
        finally:
            self._busy = False
        with self._beside:
            await conflict(self, told_of, self.words(f"review.act.{choice.value}"))

    def _tell(self, choice: Choice, shown: Shown, ruling: RulingView) -> None:
        names = names_of([one.name for one in shown.case.golden], len(shown.case.golden), self.session)
        day = {"day": f"{ruling.until:%Y-%m-%d}"} if ruling.until else {}
        said = self.words(f"review.told.{choice.value}", name=names, **day)
        self._toast(said, self.words("review.undo"), self.undo)

    def _say(self, name: str) -> None:
        self._toast(self.words(f"review.told.{name}"))

    def _toast(self, text: str, again: str = "", undo: Callable[[], object] | None = None) -> None:
        """Tell for a while what was done, in place of what was told before."""
        self._toasts.clear()
        with self._toasts:
            told(text, again, undo)

    async def undo(self) -> None:
        """Take back what was done last, and show its case again."""
        if not self.may_decide or self._busy:
            return
        self._busy = True
        try:
            done = await self.session.ask(lambda desk: desk.review.undo())
        except NotFound:
            self._say("nothing")
        except CdmError as error:
            self._refused(error)
        else:
            self._say("back")
            await self.open(done.case_id)
        finally:
            self._busy = False

    async def forward(self) -> None:
        """Go to the next case without deciding."""
        shown = self._shown
        if shown is None:
            return
        if shown.following is None:
            self._say("last")
            return
        self._before.append(shown.case.id)
        await self.open(shown.following)

    async def backward(self) -> None:
        """Go back to the case before, where it still waits."""
        before, self._before = self._before[::-1], []
        found = await self._ask(lambda desk: [self._still(desk, one) for one in before])
        if found is not None and True in found:
            place = found.index(True)
            self._before = before[:place:-1]
            await self.open(before[place])
            return
        self._say("first")

    @staticmethod
    def _still(desk: Desk, case_id: int) -> bool:
        """Tell whether a case still waits."""
        try:
            desk.review.case(case_id)
        except NotFound:
            return False
        return True

    async def _ask(self, question: Callable[[Desk], T]) -> T | None:
        """Ask the service; what it refuses is told, and ``None`` returned."""
        try:
            return await self.session.ask(question)
        except NotSignedIn:
            ui.navigate.to("/sign-in?ended")
        except CaseChanged:
            raise
        except CdmError as error:
            self._refused(error)
        return None

    def _refused(self, error: CdmError) -> None:
        with self._beside, ui.dialog() as dialog, tag("div", css="q-card dialog"):
            failed(self.words, error)
        dialog.open()

    # The keyboard

    async def _key(self, event: GenericEventArguments) -> None:
        """Do what a key stands for; one that was pressed before another case came is too late."""
        key, case = str(event.args[0]).lower(), str(event.args[1])
        if self._shown is None or case != str(self._shown.case.id):
            return
        if key.isdecimal() and key != "0":
            await self.toggle(int(key) - 1)
        elif act := self._keys.get(key):
            await act()

    @property
    def _keys(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {
            "m": self.merge,
            "n": self.keep_apart,
            "d": self.later,
            "u": self.undo,
            "j": self.forward,
            "k": self.backward,
            "r": self.flip,
            "?": self.help,
        }

    async def flip(self) -> None:
        """Change between standardised values and those of the sources."""
        if self._shown is not None:
            self._shown.look.raw = not self._shown.look.raw
            await self.again()

    async def help(self) -> None:
        """Show the keys."""
        with self._beside:
            help_dialog(self.words)
