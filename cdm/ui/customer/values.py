"""The golden values of a customer, each with where it comes from and why it won."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cdm.security import Right
from cdm.survivorship.groups import groups_of
from cdm.ui.elements import button, chip, icon, tag
from cdm.ui.figures import when
from cdm.ui.hits import texts
from cdm.ui.present import Part
from cdm.ui.tables import card
from quality.cleanse.spoken import spoken

if TYPE_CHECKING:
    from nicegui.events import GenericEventArguments

    from cdm.service.golden_shapes import GoldenView, LineageView, OriginView, ValueOrigin
    from cdm.service.shapes import Value
    from cdm.ui.customer.steps import Steps
    from cdm.ui.session import Session
    from schemas.model import EntityType

TOGGLED = "(event) => { if (event.target.open) emit(true) }"


def show_values(session: Session, view: GoldenView, steps: Steps) -> None:
    """Show all values; each opens to tell its source, and traces back to row and column on request.

    Args:
        session: whose page it is.
        view: the customer.
        steps: what may be done.
    """
    words = session.words
    with card(words("customer.values.title"), "flush", words("customer.values.lead")):
        for name, parts in with_parts(session.model[view.entity], list(view.fields)).items():
            _Line(session, view, name, parts, steps).build()


def with_parts(entity: EntityType, names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return fields in their order, each with the parts that mean something only beside it (of names and addresses)."""
    groups = {group.fields[0]: group.fields[1:] for group in groups_of(entity, names)}
    return {name: groups[name] for name in names if name in groups}


class _Line:
    """One value."""

    def __init__(self, session: Session, view: GoldenView, name: str, parts: Sequence[str], steps: Steps) -> None:
        self._session, self._words, self._view, self._name, self._steps = session, session.words, view, name, steps
        self._parts = parts
        self._origins = view.provenance.get(name, ())
        self._loaded = False

    def build(self) -> None:
        with tag("details", css="value-line", data_field=self._name) as place:
            with tag("summary"):
                tag("span", field_label(self._session, self._view.entity, self._name), "soft name")
                with tag("span", css="said"):
                    self._values()
                with tag("span", css="from"):
                    self._sources()
                icon("expand_more", "opener")
            with tag("div", css="value-more"):
                for one in self._origins:
                    self._origin(one)
                self._split()
                self._trace = Part(self._session, lines=1, css="trace")
                with tag("div", css="line close"):
                    self._buttons()
        place.on("toggle", self._opened, js_handler=TOGGLED)

    def _values(self) -> None:
        mark = self._view.masked.get(self._name)
        for text in said(self._session, self._view.entity, self._name, self._view.fields[self._name]):
            tag("span", text, "wrap-any")
        if mark:
            with tag("span", css="soft small line close", title=self._words(f"customer.masked.{mark}")):
                icon("lock")
                if mark == "hidden":
                    tag("span", self._words("customer.masked.hidden"))

    def _split(self) -> None:
        """Show the parts of a name or an address."""
        with tag("div", css="line close"):
            for name in self._parts:
                if found := said(self._session, self._view.entity, name, self._view.fields[name]):
                    with chip(""):
                        tag("span", field_label(self._session, self._view.entity, name))
                        tag("span", "; ".join(found), "part")

    def _sources(self) -> None:
        for source in dict.fromkeys(one.source for one in self._origins if one.source):
            chip(source)
        if any(one.stated_by for one in self._origins):
            chip(self._words("customer.values.steward"), "info")

    def _origin(self, one: ValueOrigin) -> None:
        words = self._words
        with tag("div", css="origin"):
            tag("div", one.reason.text(words.language), "strong")
            with tag("div", css="line close soft small"):
                if one.stated_by:
                    tag("span", words("customer.values.stated", name=one.stated_by))
                    when(one.stated_at, words)
                    tag("span", one.stated_reason, "wrap-any")
                else:
                    tag("span", f"{one.source} · {one.key}", "wrap-any")
                    tag("span", one.place, "wrap-any")
                    if one.updated_at:
                        when(one.updated_at, words)
            if not one.stated_by:
                support = words("customer.values.support", records=one.records, differing=one.differing)
                tag("div", support, "soft small")
            if one.statement is not None and self._steps.allowed:
                number = one.statement
                again = button(words("customer.undo.button"), "small", "undo", data_step="undo")
                again.on("click", lambda: self._steps.undo(number))

    def _buttons(self) -> None:
        words = self._words
        if self._steps.allowed:
            change = button(words("customer.edit.button"), "small", "edit", data_edit=self._name)
            change.on("click", lambda: self._steps.edit(self._name))
        if self._view.masked.get(self._name) and self._session.principal.may(Right.REVEAL):
            button(words("customer.reveal.button"), "small", "visibility").on(
                "click", lambda: self._steps.reveal(self._name)
            )

    async def _opened(self, _: GenericEventArguments) -> None:
        """Trace the value back, the first time its line is opened."""
        if self._loaded:
            return
        self._loaded = True
        await self._trace.show(lambda desk: desk.past.lineage(self._view.id, self._name), self._traced)

    def _traced(self, found: LineageView) -> None:
        words = self._words
        for one in found.origins:
            self._columns(one)
        if found.others:
            tag("div", words("customer.values.others"), "soft small")
            with tag("ul", css="rivals"):
                for rival in found.others:
                    with tag("li"):
                        chip(rival.source)
                        tag("span", "; ".join(texts(rival.value)) or words("customer.masked.hidden"), "wrap-any")
                        tag("span", rival.place, "soft small wrap-any")

    def _columns(self, one: OriginView) -> None:
        for column, raw in one.columns.items():
            with tag("div", css="line close small"):
                tag("span", column, "soft")
                tag("code", raw if raw is not None else self._words("customer.masked.hidden"), "raw mono wrap-any")
                icon("arrow_forward", "soft")
                tag("span", "; ".join(texts(one.cleansed)) or self._words("customer.masked.hidden"), "wrap-any")


def said(session: Session, entity: str, name: str, value: Value) -> list[str]:
    """Return the values of a field as the reader understands them: codes by their names."""
    field = session.model[entity].fields.get(name)
    return [spoken(field.type, one, session.language) if field else one for one in texts(value)]


def field_label(session: Session, entity: str, name: str) -> str:
    """Return what a field is called; one the model does not know goes by its name."""
    fields = session.model[entity].fields
    return fields[name].label.text(session.language) if name in fields else name
