"""Which fields survive together, and by which policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.model import EntityType, Field
from schemas.types import SemanticType, Survivorship

_PARTS: dict[SemanticType, frozenset[str]] = {
    SemanticType.PERSON_NAME: frozenset({"family", "given", "middle", "pinyin"}),
    SemanticType.ORGANIZATION_NAME: frozenset({"region", "brand", "trade", "form", "branch"}),
    SemanticType.ADDRESS: frozenset(
        {"province", "city", "district", "street", "house_number", "room", "postcode"},
    ),
}
"""Parts that mean something only beside their siblings; others (title, contact, gender …) stand on their own."""

_ESSENTIAL: dict[SemanticType, frozenset[str]] = {
    SemanticType.PERSON_NAME: frozenset({"family", "given"}),
    SemanticType.ADDRESS: frozenset({"city", "street"}),
}
"""Parts whose presence makes one name or address more complete than another."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields whose golden values come from one record: a field with its parts, or a single field."""

    fields: tuple[str, ...]
    """The leading field first."""
    policy: Survivorship
    essential: tuple[str, ...] = ()
    multi: bool = False


def groups_of(entity: EntityType, columns: Sequence[str]) -> list[Group]:
    """Return the groups of the given columns, which the model may know or not.

    Args:
        entity: the entity type.
        columns: columns of the records; one the model does not know survives alone, from the most trusted source.

    Returns:
        Every column in exactly one group.
    """
    present = set(columns)
    groups: list[Group] = []
    grouped: set[str] = set()
    for root in entity.fields.values():
        parts = [f for f in entity.fields.values() if f.name in present and _is_part(f, root)]
        if parts:
            members = (*([root.name] if root.name in present else []), *(f.name for f in parts))
            groups.append(Group(members, root.survivorship, _essential(root, parts)))
            grouped.update(members)
    return groups + [_single(name, entity.fields.get(name)) for name in columns if name not in grouped]


def address_country(entity: EntityType, columns: Sequence[str]) -> tuple[str, str] | None:
    """Return (address field, country field) where the columns have both: a country goes with the address it is of."""
    address = [f.name for f in entity.fields.values() if f.type is SemanticType.ADDRESS and f.name in columns]
    country = [f.name for f in entity.fields.values() if f.type is SemanticType.COUNTRY and f.name in columns]
    return (address[0], country[0]) if address and country else None


def _is_part(field: Field, root: Field) -> bool:
    derived = field.derived
    return derived is not None and derived.field == root.name and derived.part in _PARTS.get(root.type, frozenset())


def _essential(root: Field, parts: Sequence[Field]) -> tuple[str, ...]:
    essential = _ESSENTIAL.get(root.type, frozenset())
    return tuple(f.name for f in parts if f.derived is not None and f.derived.part in essential)


def _single(name: str, field: Field | None) -> Group:
    if field is None:
        return Group((name,), Survivorship.MOST_TRUSTED)
    return Group((name,), field.survivorship, multi=field.multi)
