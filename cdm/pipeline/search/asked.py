"""A half-filled customer as somebody typed it → one cleansed record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cdm.errors import CdmError
from cdm.pipeline.hub import Hub
from cdm.pipeline.prepare import ORGANIZATION, PERSON
from schemas.header import squash
from schemas.model import EntityType
from schemas.types import EntityKind


class SearchError(CdmError):
    """What was asked for cannot be searched."""

    code, status, exit_code = "search_request", 422, 2


@dataclass(frozen=True, eq=False)
class Asked:
    """A customer as it was asked for: ``table`` and ``findings`` of one cleansed row."""

    entity: EntityType
    table: pa.Table
    findings: pa.Table

    @property
    def values(self) -> Mapping[str, Any]:
        """Field → standard value, or values."""
        rows = self.table.to_pylist()
        return {name: value for name, value in rows[0].items() if value} if rows else {}


def asked(hub: Hub, given: Mapping[str, str], entity: str = "") -> Asked:
    """Cleanse a half-filled customer as any record is cleansed.

    Args:
        hub: the open hub.
        given: field → value; a field may be named by any header text the model knows (姓名, name, mobile …).
        entity: its entity type; judged by the fields and the name where empty.

    Raises:
        SearchError: nothing is given, or a field is not known.
        ModelError: there is no such entity type.
    """
    from quality.cleanse.engine import cleanse_batch

    given = _said(given)
    one = kind_asked(hub, given, entity)
    fields: dict[str, list[str]] = {}
    for name in given:
        fields.setdefault(_field(one, name), []).append(name)
    batch = cleanse_batch(
        pa.table({name: [value] for name, value in given.items()}),
        fields,
        one,
        default_country=hub.settings.country,
        today=hub.now().date(),
        contexts={},
    )
    return Asked(one, batch.table, batch.findings)


def kind_asked(hub: Hub, given: Mapping[str, str], entity: str = "") -> EntityType:
    """Return the entity type of a half-filled customer, which knows all its fields.

    Args, raises: as :func:`asked`.
    """
    said = _said(given)
    one = hub.model[entity] if entity else _judged(hub, said)
    for name in said:
        _field(one, name)
    return one


def _said(given: Mapping[str, str]) -> dict[str, str]:
    """Return what is filled in; raises ``SearchError`` where nothing is."""
    said = {name.strip(): value for name, value in given.items() if value.strip()}
    if not said:
        raise SearchError("Nothing is given to search by.", remedy="Give fields: name=王小明 phone=13812345678.")
    return said


def _judged(hub: Hub, given: Mapping[str, str]) -> EntityType:
    """Return the entity type that knows most of the fields; where several do, the name decides."""
    from quality.cleanse.party import route_party

    parties = hub.model.of_kind(EntityKind.PARTY)
    known = {one.name: sum(squash(name) in one.by_header for name in given) for one in parties}
    best = [one for one in parties if known[one.name] == max(known.values())]
    if len(best) == 1 or not {PERSON, ORGANIZATION} <= {one.name for one in best}:
        return best[0]
    names = (v for k, v in given.items() if best[0].by_header.get(squash(k)) in ("full_name", "name"))
    said = route_party(pa.array([next(names, None)], pa.string())).to_pylist()[0]
    return hub.model[ORGANIZATION if said == ORGANIZATION else PERSON]


def _field(entity: EntityType, name: str) -> str:
    found = entity.by_header.get(squash(name))
    if found is None:
        raise SearchError(
            f"'{name}' is no field of the type {entity.name}.",
            remedy=f"Use some of: {', '.join(entity.fields)}.",
            field=name,
        )
    return found
