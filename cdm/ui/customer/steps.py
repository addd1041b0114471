"""What a steward can do on a customer page: edit a value, split, take back, see a value in full."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui

from cdm.service.shapes import RecordRef
from cdm.ui.customer.edit_form import EditForm
from cdm.ui.customer.values import field_label
from cdm.ui.dialogs import Asking, Entry, told
from cdm.ui.elements import chip, tag
from cdm.ui.hits import texts

if TYPE_CHECKING:
    from cdm.service.golden_shapes import GoldenView
    from cdm.service.shapes import RecordView
    from cdm.ui.session import Session

KNOWN_BY = ("full_name", "name", "phone", "email")
"""Fields by which a source record is known."""


class Steps:
    """The steps on one version of a customer; a step is refused where the customer has changed since.

    Args:
        session: whose page it is.
        view: the customer as it is shown.
        reload: shows the customer anew after a step.
        allowed: whether the reader may change it here.
    """

    def __init__(
        self, session: Session, view: GoldenView, reload: Callable[[], Awaitable[None]], *, allowed: bool
    ) -> None:
        self.allowed, self._client = allowed, ui.context.client
        self._session, self._words, self._view, self._reload = session, session.words, view, reload

    def edit(self, field: str = "") -> None:
        """Ask for a new value of a field; of any field where none is named."""
        words = self._words
        asking = Asking(
            self._session, words("customer.edit.title"), words("customer.edit.lead"), words("shell.buttons.save")
        )
        with asking.body:
            form = EditForm(self._session, self._view, field)

        async def act() -> None:
            said = form.said()
            done = await asking.carry_out(lambda desk: desk.decisions.edit(self._view.id, self._view.version, **said))
            if done is not None:
                asking.close()
                await self._after("edit", done.decision.id)

        asking.open(act)

    def split(self) -> None:
        """Ask which source records are another customer."""
        words = self._words
        asking = Asking(
            self._session, words("customer.split.title"), words("customer.split.lead"), words("customer.split.button")
        )
        ticked: dict[tuple[str, str], bool] = {}
        with asking.body:
            for one in self._view.records:
                self._record(one, ticked)
            reason = Entry(words("customer.split.reason"))

        async def act() -> None:
            out = [RecordRef(source=source, key=key) for (source, key), on in ticked.items() if on]
            if not 0 < len(out) < len(self._view.records):
                asking.refuse(words("customer.split.none"))
                return
            view = self._view
            done = await asking.carry_out(lambda desk: desk.decisions.split(view.id, view.version, [out], reason.value))
            if done is not None:
                asking.close()
                await self._after("split", done.decision.id)

        asking.open(act)

    def _record(self, one: RecordView, ticked: dict[tuple[str, str], bool]) -> None:
        said = (found[0] for name in KNOWN_BY if (found := texts(one.fields.get(name))))
        box = ui.checkbox(on_change=lambda event: ticked.update({(one.source, one.key): bool(event.value)}))
        with box, tag("span", css="line close tick"):
            chip(one.source)
            tag("span", one.key, "mono")
            tag("span", " · ".join(said), "soft")

    def undo(self, decision: int) -> None:
        """Ask whether a decision or a statement is to be taken back."""
        words = self._words
        asking = Asking(
            self._session, words("customer.undo.title"), words("customer.undo.lead"), words("customer.undo.button")
        )

        async def act() -> None:
            done = await asking.carry_out(lambda desk: desk.decisions.undo(decision))
            if done is not None:
                asking.close()
                await self._after("undo")

        asking.open(act)

    def reveal(self, field: str) -> None:
        """Ask why a value is to be seen in full, and show it."""
        words = self._words
        asking = Asking(
            self._session,
            words("customer.reveal.title"),
            words("customer.reveal.lead"),
            words("customer.reveal.button"),
        )
        with asking.body:
            reason = Entry(words("customer.reveal.reason"), maxlength="500")

        async def act() -> None:
            found = await asking.carry_out(lambda desk: desk.golden.reveal(self._view.id, field, reason.value))
            if found is None:
                return
            asking.body.clear()
            with asking.body:
                tag("div", field_label(self._session, self._view.entity, field), "soft")
                tag("output", "; ".join(texts(found.value)), "mono strong wrap-any")

        asking.open(act)

    async def _after(self, step: str, decision: int | None = None) -> None:
        """Show what came of a step, with a way back."""
        await self._reload()
        back = None if decision is None else (lambda: self.undo(decision))
        with self._client:  # the place of the step is gone by now
            told(self._words(f"customer.{step}.done"), self._words("customer.undo.button"), back)
