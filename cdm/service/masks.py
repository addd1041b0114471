"""The one place where personal data is masked for whoever asks, by role and personal-data class.

Everything the service answers goes through a :class:`Mask`; what may be searched for is asked of it as well, since
finding by a value tells the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from cdm.pipeline.columns import fields_of
from cdm.pipeline.golden import NAMES
from cdm.pipeline.hub import Hub
from cdm.report.figures import Shown
from cdm.report.mask import partly
from cdm.security import Forbidden, Principal, Sight
from cdm.service.shapes import Fields, FoundFinding, RecordView, Value
from cdm.store import SourceRecord
from schemas.header import squash
from schemas.mapping import MIXED
from schemas.mapping import Mapping as ColumnMappings
from schemas.model import EntityType, Field
from schemas.types import Privacy, SemanticType

HIDDEN = "•••"
"""Stands for a hidden value where a text is expected."""
_STRICT = (Privacy.NONE, Privacy.PERSONAL, Privacy.SENSITIVE)


class Mask:
    """What one principal sees.

    Args:
        hub: knows the model and the sources' mappings.
        principal: who asks.
    """

    def __init__(self, hub: Hub, principal: Principal) -> None:
        self._hub = hub
        self._sights = {privacy: principal.sight(privacy) for privacy in Privacy}
        self._fields: dict[tuple[str, str], Sight] = {}
        self._keys: dict[tuple[str, str], tuple[SemanticType, Privacy]] = {}

    def sight(self, entity: EntityType, name: str) -> Sight:
        """Return how much is seen of a field; of an attribute the model does not know, as of a personal one."""
        known = self._fields.get((entity.name, name))
        if known is None:
            known = self._fields[entity.name, name] = self._sights[privacy_of(entity, name)]
        return known

    def shown(self, said: Shown) -> str | None:
        """Return a value as it is seen, ``None`` where it is hidden."""
        sight = self._sights[said.privacy]
        if sight is Sight.CLEAR:
            return said.value
        return partly(said) if sight is Sight.PARTLY and said.value else None

    def text(self, said: Shown) -> str:
        """Return a value as it is seen, with a sign in place of a hidden one; nothing stays nothing."""
        seen = self.shown(said)
        return (HIDDEN if said.value else "") if seen is None else seen

    def note(self, words: str | None) -> str:
        """Return what somebody wrote freely: it may hold anything personal."""
        return self.text(Shown(words or "", SemanticType.TEXT, Privacy.PERSONAL))

    def value(self, entity: EntityType, name: str, value: Any) -> Value:
        """Return a value, or values, of a field as seen; ``None`` where nothing of them is."""
        if value is None:
            return None
        if self.sight(entity, name) is Sight.CLEAR:
            return [str(one) for one in value] if isinstance(value, list) else str(value)
        if isinstance(value, list):
            seen = [self.shown(said_of(entity, name, one)) for one in value]
            return [one for one in seen if one is not None] or None
        return self.shown(said_of(entity, name, value))

    def name(self, entity: EntityType, fields: Mapping[str, Any]) -> str:
        """Return what a golden record is called, as seen."""
        named = next((name for name in NAMES if fields.get(name)), "")
        return str(self.value(entity, named, fields[named]) or "") if named else ""

    def fields(self, entity: EntityType, values: Mapping[str, Any]) -> Fields:
        """Return values by field as seen, and which of them are not in clear."""
        seen = {name: self.value(entity, name, value) for name, value in values.items()}
        return Fields(fields=seen, masked=self.masked(entity, values))

    def masked(self, entity: EntityType, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the fields whose values are not in clear: ``partly`` or ``hidden``."""
        marks: dict[str, str] = {}
        if all(sight is Sight.CLEAR for sight in self._sights.values()):
            return marks
        for name, value in values.items():
            if value not in (None, [], "") and self.sight(entity, name) is not Sight.CLEAR:
                marks[name] = "hidden" if self.value(entity, name, value) is None else "partly"
        return marks

    def clear_fields(self, entity: EntityType) -> frozenset[str]:
        """Return the fields that are seen in clear: only by these may be searched."""
        return frozenset(name for name in entity.fields if self.sight(entity, name) is Sight.CLEAR)

    def record(self, record: SourceRecord) -> RecordView:
        """Return a source record as seen, raw columns and findings included."""
        entity = self._hub.model[record.entity]
        seen = self.fields(entity, record.fields)
        return RecordView(
            id=record.id,
            source=record.source,
            key=self.key(record.source, record.entity, record.key),
            version=record.version,
            entity=record.entity,
            origin=self.place(record.source, record.entity, record.origin),
            fields=seen.fields,
            masked=seen.masked,
            raw=self.raw(record.source, record.entity, record.raw),
            findings=[self._finding(entity, one) for one in record.findings],
            updated_at=record.updated_at,
            changed_at=record.changed_at,
            deleted_at=record.deleted_at,
        )

    def raw(self, source: str, entity: str, raw: Mapping[str, str], also: Sequence[str] = ()) -> dict[str, str | None]:
        """Return what stood in a source's columns, each column masked as the strictest field it is read into.

        Args:
            source: the source.
            entity: entity type of the row.
            raw: column → what stood in it.
            also: fields that are known to be read from these columns, whatever the present mapping says.
        """
        return {
            column: self.shown(Shown(str(text), kind, privacy))
            for column, text in raw.items()
            for kind, privacy in [self.column(source, entity, column, also=also)]
        }

    def key(self, source: str, entity: str, key: str) -> str:
        """Return a record's key as seen: a source may use a telephone number for one."""
        kind, privacy = self._key(source, entity)
        return self.text(Shown(key, kind, privacy))

    def named(self, entity: str, name: str) -> str:
        """Return ``source:key`` of a record as seen."""
        source, _, key = name.partition(":")
        return f"{source}:{self.key(source, entity, key)}"

    def place(self, source: str, entity: str, origin: str) -> str:
        """Return where a record stands in its source; the key in it (``customers[NO=1]``) only where keys are seen."""
        return origin if self._sees(self._key(source, entity)[1]) else origin.partition("[")[0]

    def must_see_keys(self, source: str) -> None:
        """Refuse to answer by a key where the source's keys are personal values that are not seen in clear.

        Raises:
            Forbidden: they are; whether there is such a key would tell a value.
        """
        mapping = self._mappings.get(source)
        kinds = [mapping.entity] if mapping and mapping.entity != MIXED else self._hub.model.entities
        if not all(self._sees(self._key(source, kind)[1]) for kind in kinds):
            raise Forbidden(
                f"The keys of the source '{source}' are personal values that this role does not see in clear.",
                remedy="Ask by the golden id, or by the key of another source.",
                source=source,
            )

    def _sees(self, privacy: Privacy) -> bool:
        return self._sights[privacy] is Sight.CLEAR

    def _key(self, source: str, entity: str) -> tuple[SemanticType, Privacy]:
        if (source, entity) not in self._keys:
            mapping = self._mappings.get(source)
            key = mapping.key if mapping else None
            kind = (SemanticType.IDENTIFIER, Privacy.NONE)
            known = kind if key is None else self.column(source, entity, key, unknown=Privacy.NONE)
            self._keys[source, entity] = known
        return self._keys[source, entity]

    def column(
        self,
        source: str,
        entity: str,
        column: str,
        *,
        unknown: Privacy = Privacy.PERSONAL,
        also: Sequence[str] = (),
    ) -> tuple[SemanticType, Privacy]:
        """Return what a source's column holds: the strictest of the fields it is mapped to or named after.

        Args:
            source: the source.
            entity: entity type of the row.
            column: its name.
            unknown: what is taken for granted of a column that is no field.
            also: further fields it is read into.
        """
        model = self._hub.model[entity]
        read = fields_of(model, self._mappings.get(source), column)
        found = [*read, *(model.fields[name] for name in also if name in model.fields)]
        if not found:
            return SemanticType.TEXT, unknown
        strictest = max(found, key=lambda field: _STRICT.index(field.privacy))
        return strictest.type, strictest.privacy

    @cached_property
    def _mappings(self) -> Mapping[str, ColumnMappings]:
        return {spec.name: spec.mapping for spec in self._hub.sources() if spec.mapping is not None}

    def _finding(self, entity: EntityType, one: Mapping[str, str]) -> FoundFinding:
        value = self.value(entity, one["field"], one.get("value"))
        shown = value if isinstance(value, str) else None
        return FoundFinding(field=one["field"], code=one["code"], severity=one["severity"], value=shown)


def privacy_of(entity: EntityType, name: str) -> Privacy:
    """Return the personal-data class of a field; what the model does not know may be anything personal."""
    field = field_of(entity, name)
    return field.privacy if field else Privacy.PERSONAL


def field_of(entity: EntityType, name: str) -> Field | None:
    """Return the field of that name; an unmapped column is taken for the field its header names."""
    return entity.fields.get(name) or entity.fields.get(entity.by_header.get(squash(name.removeprefix("extra:")), ""))


def said_of(entity: EntityType, name: str, value: object) -> Shown:
    """Return one value with what is needed to mask it."""
    field = field_of(entity, name)
    kind = field.type if field else SemanticType.TEXT
    return Shown(str(value), kind, privacy_of(entity, name))


def sensitive(entity: EntityType, values: Mapping[str, Any]) -> Sequence[str]:
    """Return the sensitive fields among some values."""
    return sorted(name for name, v in values.items() if v and privacy_of(entity, name) is Privacy.SENSITIVE)
