"""How the columns of one source become fields of the model."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

MIXED = "mixed"
"""Entity of a table that keeps persons and organizations side by side; each row is routed on its own."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One source column.

    ``targets`` maps an entity type to one of its fields; it is empty for a column that maps to nothing, which is
    kept as an extra attribute. A table of one entity type has one target per column; a mixed table may have two.
    """

    column: str
    targets: MappingType[str, str] = field(default_factory=dict)
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The column that says whether a row of a mixed table is a person or an organization."""

    column: str
    values: MappingType[str, str]


@dataclass(frozen=True, slots=True)
class PartyReference:
    """Which column of an activity names the customer, and in which source the customer has that key."""

    column: str
    source: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """The mapping of one source table.

    ``entity`` is an entity type of the model or ``mixed``. ``key`` is the column that identifies a row; without it
    rows are identified by a hash of their content. ``updated_at`` is the column that says when a row last changed.
    ``same_as`` is the column in which the source names the record (by its key) that this one was merged into.
    """

    entity: str
    columns: tuple[ColumnMapping, ...]
    key: str | None = None
    updated_at: str | None = None
    route: Route | None = None
    party: PartyReference | None = None
    same_as: str | None = None

    def fields_of(self, entity: str) -> dict[str, list[str]]:
        """Return field → source columns, in column order, for rows of ``entity``."""
        fields: dict[str, list[str]] = {}
        for column in self.columns:
            target = column.targets.get(entity)
            if target is not None:
                fields.setdefault(target, []).append(column.column)
        return fields

    def unmapped(self, entity: str) -> list[str]:
        """Columns kept as extra attributes for rows of ``entity``."""
        return [c.column for c in self.columns if entity not in c.targets]
