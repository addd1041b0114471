"""The form by which a golden value is edited."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, TypedDict

from nicegui import ui

from cdm.ui.customer.values import field_label, with_parts
from cdm.ui.dialogs import Entry
from cdm.ui.elements import tag
from cdm.ui.hits import texts

if TYPE_CHECKING:
    from cdm.service.golden_shapes import GoldenView
    from cdm.ui.session import Session


class Stated(TypedDict):
    """What a steward states, as the service takes it."""

    values: dict[str, list[str]]
    cleared: list[str]
    until: datetime | None
    reason: str


class EditForm:
    """Asks which value a field is to have.

    Args:
        session: whose page it is.
        view: the customer.
        field: the field; any may be chosen where it is empty.
    """

    def __init__(self, session: Session, view: GoldenView, field: str) -> None:
        self._session, self._words, self._view = session, session.words, view
        self._entity = session.model[view.entity]
        self._field, self._clear = field or next(iter(view.fields)), False
        if not field:
            self._choice()
        self._place = tag("div", css="form")
        self._value_entry()
        ui.checkbox(self._words("customer.edit.clear"), on_change=lambda event: self._cleared(bool(event.value)))
        self.reason = Entry(self._words("customer.edit.reason"), maxlength="500", data_entry="reason")
        self._until = Entry(self._words("customer.edit.until"), kind="date")

    def said(self) -> Stated:
        """Return what was filled in."""
        day = self._until.value
        until = datetime.combine(datetime.fromisoformat(day).date(), time.max, UTC) if day else None
        values, cleared = ({}, [self._field]) if self._clear else ({self._field: self._values()}, [])
        return {"values": values, "cleared": cleared, "until": until, "reason": self.reason.value.strip()}

    def _values(self) -> list[str]:
        typed = self._value.value
        several = self._entity.fields[self._field].multi
        return [line.strip() for line in typed.splitlines() if line.strip()] if several else [typed.strip()]

    def _choice(self) -> None:
        fields = with_parts(self._entity, list(self._entity.fields))
        names = {name: field_label(self._session, self._view.entity, name) for name in fields}
        with tag("label"):
            tag("span", self._words("customer.edit.field"))
            choice = tag("select", data_entry="field")
            with choice:
                for name, label in names.items():
                    tag("option", label, value=name, selected=name == self._field)
        choice.on("change", self._chosen, js_handler="(event) => emit(event.target.value)")

    def _chosen(self, event: object) -> None:
        self._field = str(getattr(event, "args", ""))
        self._value_entry()

    def _value_entry(self) -> None:
        """Show the present value to be changed; one that is masked is not, for what is sent back would be the mask."""
        multi = self._entity.fields[self._field].multi
        present = [] if self._field in self._view.masked else texts(self._view.fields.get(self._field))
        self._place.clear()
        with self._place:
            hint = self._words("customer.edit.several") if multi else ""
            label = field_label(self._session, self._view.entity, self._field)
            self._value = Entry(label, "\n".join(present), "lines" if multi else "text", hint, data_entry="value")

    def _cleared(self, clear: bool) -> None:
        self._clear = clear
        self._place.visible = not clear
