"""The customer information model in memory: entity types and their fields, as the YAML files describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schemas.errors import ModelError
from schemas.header import squash
from schemas.types import EntityKind, MatchRole, Privacy, SemanticType, Survivorship


@dataclass(frozen=True, slots=True)
class Label:
    """One text in both languages of the product."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return the text in ``language`` (``zh`` or ``en``)."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Derivation:
    """A field that a cleanser fills from a part of another field, e.g. ``full_name.family``."""

    field: str
    part: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity type."""

    name: str
    label: Label
    type: SemanticType
    multi: bool = False
    required: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    privacy: Privacy = Privacy.NONE
    synonyms: tuple[str, ...] = ()
    """Header texts, both languages, that name this field in source systems."""
    survivorship: Survivorship = Survivorship.MOST_TRUSTED
    match: MatchRole = MatchRole.NONE
    weight: float = 1.0
    """Share of this field in the data quality score; 0 keeps it out."""
    derived: Derivation | None = None
    """Where the value comes from when the source has no column for it."""


@dataclass(frozen=True)
class EntityType:
    """One kind of thing the hub keeps: person, organization, transaction, …"""

    name: str
    label: Label
    kind: EntityKind
    fields: Mapping[str, Field] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Field:
        try:
            return self.fields[name]
        except KeyError:
            known = ", ".join(self.fields)
            raise ModelError(
                f"The model has no field '{name}' in '{self.name}'.",
                remedy=f"Use one of: {known}.",
                entity=self.name,
                field=name,
            ) from None

    @cached_property
    def by_header(self) -> Mapping[str, str]:
        """Squashed header text → name of the field it names (:func:`schemas.header.squash`)."""
        named = {squash(synonym): f.name for f in self.fields.values() for synonym in f.synonyms}
        return {squash(name): name for name in self.fields} | named

    @cached_property
    def matched(self) -> tuple[Field, ...]:
        """Fields that take part in matching."""
        return tuple(f for f in self.fields.values() if f.match is not MatchRole.NONE)


@dataclass(frozen=True)
class Model:
    """All entity types of one installation."""

    entities: Mapping[str, EntityType]

    def __getitem__(self, name: str) -> EntityType:
        try:
            return self.entities[name]
        except KeyError:
            raise ModelError(
                f"The model has no entity type '{name}'.",
                remedy=f"Use one of: {', '.join(self.entities)}.",
                entity=name,
            ) from None

    def of_kind(self, kind: EntityKind) -> tuple[EntityType, ...]:
        """Entity types of one kind, in the order of the files."""
        return tuple(e for e in self.entities.values() if e.kind is kind)
