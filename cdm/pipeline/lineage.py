"""Lineage of a golden value: back to the source, row and column it came from, and why it won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdm.errors import NotFound
from cdm.pipeline.golden import golden_view
from cdm.pipeline.hub import Hub
from cdm.store import Provenance, SourceRecord
from schemas.mapping import Mapping as ColumnMappings
from schemas.model import EntityType


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one golden value comes from."""

    value: Any
    """The golden value; all values of the field where they come from one record."""
    source: str
    key: str
    version: int
    """Version of the source record."""
    place: str
    """File, sheet and row, or table and row, as the connector named it."""
    columns: Mapping[str, str]
    """Source column → what stood in it."""
    derived_from: str
    """The field whose columns these are, where the value is a part of that field or concluded from it."""
    cleansed: Any
    """What cleansing made of it."""
    findings: Sequence[str]
    """Codes of what cleansing found."""
    why: str
    """Reason code of the merge."""
    records: int
    differing: int
    stated_by: str = ""
    """The steward who stated the value, where no source says it; ``version`` is the statement's number."""
    stated_at: str = ""
    stated_reason: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """What another source record of the golden record says."""

    source: str
    key: str
    place: str
    value: Any


@dataclass(frozen=True, slots=True)
class Lineage:
    """A golden value with where it comes from, and what else was said."""

    golden_id: str
    entity: str
    field: str
    value: Any
    origins: Sequence[Origin]
    others: Sequence[Rival]
    """Source records that say otherwise."""


def lineage_of(hub: Hub, golden_id: str, field: str) -> Lineage:
    """Trace a golden value back to what stands in the sources.

    Columns are named after the source's present mapping; the row is the version of the record the value was taken from.

    Raises:
        NotFound: there is no such golden record, or it has no value of that field.
    """
    view = golden_view(hub, golden_id, activities=False)
    golden, entity = view.golden, hub.model[view.golden.entity]
    if field not in golden.fields:
        known = ", ".join(sorted(golden.fields))
        raise NotFound(
            f"The golden record {golden.id} has no value of '{field}'.", remedy=f"It has: {known}.", field=field
        )
    value, entries = golden.fields[field], golden.provenance[field]
    each = isinstance(value, list) and len(value) == len(entries)
    origins = [_origin(hub, entity, field, one, value[place] if each else value) for place, one in enumerate(entries)]
    others = [
        Rival(one.source, one.key, one.origin, one.fields[field])
        for one in view.records
        if field in one.fields and not _agrees(one.fields[field], value)
    ]
    return Lineage(golden.id, entity.name, field, value, origins, others)


def _origin(hub: Hub, entity: EntityType, field: str, entry: Provenance, value: Any) -> Origin:
    if entry.stated_by:
        said = (entry.stated_by, entry.stated_at, entry.stated_reason)
        return Origin(value, "", "", entry.version, "", {}, "", value, (), entry.why, 0, 0, *said)
    versions = hub.store.records.history(entry.source, entry.key)
    record = next(one for one in versions if one.version == entry.version)
    mapping = hub.source(entry.source).mapping
    derived, columns = columns_of(entity, field, mapping, record) if mapping else ("", {})
    return Origin(
        value=value,
        source=entry.source,
        key=entry.key,
        version=entry.version,
        place=record.origin,
        columns=columns,
        derived_from=derived,
        cleansed=record.fields.get(field),
        findings=[found["code"] for found in record.findings if found["field"] in (field, derived)],
        why=entry.why,
        records=entry.records,
        differing=entry.differing,
    )


def columns_of(
    entity: EntityType, field: str, mapping: ColumnMappings, record: SourceRecord
) -> tuple[str, dict[str, str]]:
    """Return the field that was read (blank where it is the field itself) and its filled columns."""
    fields = mapping.fields_of(record.entity)
    own = _filled(fields.get(field, [field]), record)
    if own:
        return "", own
    known = entity.fields.get(field)
    parent = known.derived.field if known and known.derived else ""
    return parent, _filled(fields.get(parent, []), record)


def _filled(columns: Sequence[str], record: SourceRecord) -> dict[str, str]:
    return {name: record.raw[name] for name in columns if record.raw.get(name)}


def _agrees(said: Any, value: Any) -> bool:
    if isinstance(said, list) and isinstance(value, list):
        return set(said) <= set(value)
    return bool(said == value)
