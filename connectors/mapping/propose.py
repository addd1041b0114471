"""Propose the mapping of one table from a sample of its rows."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence

import pyarrow as pa

from connectors.mapping.assign import Assignment, assign
from connectors.mapping.entity import choose_activity, choose_party, misheaded
from connectors.mapping.keys import key_column, updated_column
from connectors.mapping.mixed import complete_route, find_route, is_mixed, shared_name
from connectors.mapping.prefix import common_word, renamed, without
from connectors.mapping.profile import ColumnProfile, profile_column
from schemas.mapping import MIXED, ColumnMapping, Mapping, Route
from schemas.model import Model
from schemas.types import EntityKind

AUTO = "auto"
"""Entity argument that leaves the decision to the proposal."""


def propose_mapping(
    sample: pa.Table,
    model: Model,
    *,
    entity: str = AUTO,
    source_hint: str = "",
    key: str | None = None,
    updated_at: str | None = None,
    ignore: Sequence[str] = (),
) -> Mapping:
    """Propose how the columns of a table become fields of the model.

    Args:
        sample: some rows of the table (a thousand are plenty), text columns.
        model: the customer information model.
        entity: an entity type of the model, ``mixed``, or ``auto`` to decide from the data.
        source_hint: name of the file, sheet or table; its words help to decide the entity type.
        key: column that identifies a row where it is known, e.g. the primary key.
        updated_at: column of the last change where it is known.
        ignore: columns to leave out altogether; they are not even kept as extra attributes.

    Returns:
        The mapping, every remaining column in it, in table order (year, month and day of one date excepted). Precision
        comes first: a column whose header and values do not speak clearly has no target.

    Raises:
        ModelError: for an ``entity`` the model does not have.
    """
    names = [name for name in sample.column_names if name not in set(ignore)]
    word = common_word(names)
    if word is not None and key is None and updated_at is None:
        plain = sample.select(names).rename_columns([without(name) for name in names])
        hint = f"{source_hint} {word}"
        return renamed(propose_mapping(plain, model, entity=entity, source_hint=hint), names)
    columns = [profile_column(name, number, sample.column(name)) for number, name in enumerate(names)]
    chosen, route = _decide(columns, model, entity, source_hint)
    return Mapping(
        MIXED if len(chosen) > 1 else chosen[0].entity.name,
        _column_mappings(columns, chosen),
        key=key or key_column(columns, chosen, source_hint),
        updated_at=updated_at or updated_column(columns),
        route=route,
    )


def _decide(
    columns: Sequence[ColumnProfile], model: Model, entity: str, hint: str
) -> tuple[list[Assignment], Route | None]:
    if entity not in (AUTO, MIXED):
        return [assign(columns, model[entity])], None
    person, organization = assign(columns, model["person"]), assign(columns, model["organization"])
    route = find_route(columns)
    if entity == AUTO:
        activities = {kind.name: assign(columns, kind) for kind in model.of_kind(EntityKind.ACTIVITY)}
        activity = choose_activity(activities, (person, organization), hint)
        if activity is not None:
            return [activities[activity.name]], None
    shared = shared_name(columns, person, organization)
    if entity == MIXED or is_mixed(route, shared, person, organization):
        if shared is not None:
            person = assign(columns, model["person"], {shared.name: "full_name"})
            organization = assign(columns, model["organization"], {shared.name: "name"})
        return [person, organization], complete_route(route) if route else None
    column = misheaded(columns, model["person"]) if entity == AUTO else None
    if column is not None and not organization.columns_of("name"):
        return [assign(columns, model["organization"], {column.name: "name"})], None
    chosen = choose_party(person, organization, hint)
    return [person if chosen is person.entity else organization], None


def _column_mappings(columns: Sequence[ColumnProfile], chosen: Sequence[Assignment]) -> tuple[ColumnMapping, ...]:
    mappings = []
    for column in _ordered(columns, chosen):
        found = {one.entity.name: one.chosen[column.name] for one in chosen if column.name in one.chosen}
        targets = {name: candidate.field.name for name, candidate in found.items()}
        best = max(found.values(), key=lambda candidate: candidate.confidence, default=None)
        targets |= _same_field(targets, chosen)
        mappings.append(
            ColumnMapping(column.name, targets, best.confidence if best else 0.0, best.reason if best else "")
        )
    return tuple(mappings)


def _same_field(targets: MappingType[str, str], chosen: Sequence[Assignment]) -> dict[str, str]:
    """In a mixed table a column that is a customer number for persons is one for organizations too, if both have it."""
    more = {}
    for field in targets.values():
        for one in chosen:
            if one.entity.name not in targets and field in one.entity.fields and not one.columns_of(field):
                more[one.entity.name] = field
    return more


def _ordered(columns: Sequence[ColumnProfile], chosen: Sequence[Assignment]) -> list[ColumnProfile]:
    """Table order, but the columns of one joined field in the order in which they are joined."""
    ordered = list(columns)
    for one in chosen:
        parts = one.columns_of("birth_date")
        places = sorted(ordered.index(part) for part in parts)
        for place, part in zip(places, parts, strict=True):
            ordered[place] = part
    return ordered
