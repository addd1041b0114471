"""What a source's column holds: the fields it is mapped to or named after."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.header import squash
from schemas.mapping import Mapping
from schemas.model import EntityType, Field


def fields_of(entity: EntityType, mapping: Mapping | None, column: str) -> Iterator[Field]:
    """Yield the fields that are read from a column, with those that are derived from them; masks rest on it.

    Args:
        entity: entity type of the rows.
        mapping: of their source, ``None`` where there is none.
        column: its name.
    """
    targets = next((c.targets for c in mapping.columns if c.column == column), {}) if mapping else {}
    named = targets.get(entity.name) or entity.by_header.get(squash(column), "")
    if named in entity.fields:
        yield entity.fields[named]
        yield from (f for f in entity.fields.values() if f.derived is not None and f.derived.field == named)
