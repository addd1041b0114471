"""The form by which a golden value is edited."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from nicegui import ui

from cdm.stewardship.edits import Edit
from cdm.ui.customer.values import field_label
from cdm.ui.dialogs import Entry
from cdm.ui.elements import tag
from cdm.ui.hits import texts

if TYPE_CHECKING:
    from cdm.service.golden_shapes import GoldenView
    from cdm.ui.session import Session


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

    def said(self) -> Edit:
        """Return what was filled in."""
        until = datetime.combine(datetime.fromisoformat(self._until.value).date(), time.max, UTC) if self._until.value else None
        if self._clear:
            return Edit({}, (self._field,), until)
        lines = [line.strip() for line in self._value.value.splitlines()]
        values = [line for line in lines if line] if self._entity.fields[self._field].multi else [self._value.value.strip()]
        return Edit({self._field: values}, (), until)

    def _choice(self) -> None:
        names = {name: field_label(self._session, self._view.entity, name) for name, one in self._entity.fields.items() if not one.derived}
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
