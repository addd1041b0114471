"""A steward's edit of a golden record: statements about its values, cleansed and checked like every other value."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from cdm.errors import Conflict
from cdm.pipeline.active_model import active_model
from cdm.pipeline.hub import Hub
from cdm.pipeline.reconsider import settle_component
from cdm.stewardship.steps import By, Outcome, Versions, members_of, still
from cdm.store import GoldenRecord
from cdm.store.clock import stamp
from cdm.store.component import Component
from cdm.store.statements import NewStatement, Statement
from cdm.survivorship.groups import groups_of
from schemas.errors import CdmError
from schemas.model import EntityType
from schemas.types import Severity

_COUNTRY = re.compile(r"[A-Z]{2}")


class ValueRefused(CdmError):  # noqa: N818 - says what is the matter, as cdm.errors does
    """A value that is stated is not valid."""

    code, status, exit_code = "value_invalid", 422, 2


@dataclass(frozen=True, slots=True)
class Edit:
    """What a steward says of a golden record."""

    values: Mapping[str, Sequence[str]]
    """Field → value as typed; several for a field of several values."""
    cleared: Collection[str] = ()
    """Fields that are to have no value."""
    until: datetime | None = None
    """When the statement ends by itself."""


def edit(hub: Hub, golden_id: str, said: Edit, by: By, *, expected: Versions | None = None) -> Outcome:
    """State values of a golden record; they outrank all sources until withdrawn (:func:`undo`) or over.

    Args:
        hub: the open hub.
        golden_id: a live golden record.
        said: the values.
        by: the steward.
        expected: the version the steward saw; the step is refused where it has changed.

    Raises:
        NotFound: the id does not exist.
        ModelError: a field does not exist.
        ValueRefused: a value is not valid, nothing is said, or the statement would be over already.
        Conflict: the golden record is retired, changed since the steward saw it, or another steward was quicker.
    """
    records = members_of(hub, [golden_id], expected)[golden_id]
    golden = hub.store.golden.get(golden_id)
    if said.until is not None and said.until <= hub.now():
        raise ValueRefused(f"{said.until:%Y-%m-%d %H:%M} is over already.", remedy="Name a time to come.")
    values = stated_values(hub, hub.model[golden.entity], golden, said)
    until = stamp(said.until) if said.until else None
    new = NewStatement(hub.store.statements.number(), golden.entity, golden_id, values, by.name, by.reason, until)

    def change(component: Component) -> tuple[NewStatement, Component]:
        still(component, [golden_id], expected)
        _newest(new, component.statements)
        return new, replace(component, statements=[*component.statements, _pending(new)])

    model = active_model(hub, golden.entity)
    if model is None:
        raise Conflict(f"No records of '{golden.entity}' were matched yet.", remedy="Run 'cdm run' first.")
    done = settle_component(hub, golden.entity, records, model, change=change, action="edit")
    statement = done.settlement.decision
    assert isinstance(statement, Statement)
    return Outcome(statement, [golden_id], done.settlement.run_id)


def stated_values(hub: Hub, entity: EntityType, golden: GoldenRecord, said: Edit) -> dict[str, Any]:
    """Return what is stated, cleansed, with the parts of names and addresses; raises ``ValueRefused``."""
    from quality.cleanse.engine import cleanse_batch

    typed = {name: "; ".join(texts) for name, texts in said.values.items()}
    for name in [*typed, *said.cleared]:
        if entity[name].required and name in said.cleared:
            raise ValueRefused(
                f"{entity[name].label.en} ({name}) is required.", remedy="State another value instead.", field=name
            )
    if not typed and not said.cleared:
        raise ValueRefused("Nothing is stated.", remedy="Name a field and its value: email=li@firma.cn.")
    known = str(golden.fields.get("country", ""))
    found = cleanse_batch(
        pa.table({name: pa.array([text], pa.string()) for name, text in typed.items()}),
        {name: [name] for name in typed},
        entity,
        default_country=known if _COUNTRY.fullmatch(known) else hub.settings.country,
        today=hub.now().date(),
    )
    row = found.table.to_pylist()[0] if found.table.num_columns else {}
    _refuse_invalid(entity, typed, row, found.findings)
    values: dict[str, Any] = {}
    for name in [*said.cleared, *typed]:
        values |= dict.fromkeys(_parts(entity, name))
        derived = [one.name for one in entity.fields.values() if one.derived and one.derived.field == name]
        values |= {one: row[one] for one in (name, *derived) if row.get(one)}
    return values


def _parts(entity: EntityType, name: str) -> tuple[str, ...]:
    """Return a field with the parts that mean something only beside it."""
    groups = groups_of(entity, list(entity.fields))
    return next((group.fields for group in groups if group.fields[0] == name), (name,))


def _refuse_invalid(entity: EntityType, typed: Mapping[str, str], row: Mapping[str, Any], findings: pa.Table) -> None:
    from quality.cleanse.codes import describe

    wrong = {one["field"]: one["code"] for one in findings.to_pylist() if one["severity"] == Severity.ERROR.value}
    for name, text in typed.items():
        label = entity.fields[name].label.en
        if name in wrong:
            raise ValueRefused(
                f"'{text}' is no valid value of {label} ({name}): {describe(wrong[name], 'en')}",
                remedy="Correct the value; to say that there is none, clear the field.",
                field=name,
                value=text,
                finding=wrong[name],
            )
        if not row.get(name):
            raise ValueRefused(
                f"'{text}' says nothing as a value of {label} ({name}).",
                remedy="To say that there is none, clear the field.",
                field=name,
                value=text,
            )


def _newest(new: NewStatement, holding: Sequence[Statement]) -> None:
    """Refuse a statement that would not be heard because another steward's, begun later, was quicker."""
    for one in holding:
        if one.id > new.number and one.golden_id == new.golden_id and one.values.keys() & new.values.keys():
            raise Conflict(
                f"{one.made_by} edited the same field at the same time (statement {one.id}).",
                remedy="Look at the golden record again and repeat the edit.",
                decision=one.id,
            )


def _pending(new: NewStatement) -> Statement:
    """Return a statement as it will be kept."""
    return Statement(
        id=new.number,
        entity=new.entity,
        golden_id=new.golden_id,
        values=new.values,
        until=new.until,
        made_at="",
        made_by=new.by,
        reason=new.reason,
        run_id=0,
    )
