"""The model in force, prepared for questions about single customers and kept with the open hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import xxhash

from cdm.errors import CdmError
from cdm.pipeline.active_model import model_in_force
from cdm.pipeline.hub import Hub
from cdm.pipeline.resolve import match_settings
from schemas.model import EntityType
from schemas.types import MatchRole

if TYPE_CHECKING:
    from cdm.store import Store
    from matching.lookup import Lookup, Row


class SearchNotReadyError(CdmError):
    """The hub has no blocking keys of its records now."""

    code, status, exit_code, retryable = "search_not_ready", 503, 5, True


@dataclass(frozen=True, eq=False)
class StoredLookup:
    """Compares a customer with stored records of one entity type.

    Attributes:
        lookup: under the model in force.
        salt: makes the keys of the entity type different from those of others, as they are stored.
        largest: per rule of the model's plan, the distinct records a block may have.
    """

    lookup: Lookup
    salt: int
    largest: list[int]

    def keys(self, values: Row, own: Row) -> dict[int, int]:
        """Return key as it is stored → distinct records its block may have (see :mod:`cdm.pipeline.stored_keys`)."""
        found = ((rule, key) for rule, key in self.lookup.keys(values, own) if self.largest[rule] > 1)
        return {_signed(key ^ self.salt): self.largest[rule] for rule, key in found}


def _signed(key: int) -> int:
    return key - 2**64 if key >= 2**63 else key


def stored_lookup(hub: Hub, entity: str, version: str | None) -> StoredLookup:
    """Return what answers questions about an entity type, made once per open hub and version of the model.

    Args:
        hub: the open hub.
        entity: the entity type.
        version: of the model all records were last matched with.

    Raises:
        SearchNotReadyError: there is none, or all are being matched anew.
    """
    kept = _KEPT.setdefault(hub.store, {})
    found = kept.get(entity)
    if found is None or found.lookup.model.version != version:
        found = kept[entity] = _prepared(hub, entity)
    return found


_KEPT: WeakKeyDictionary[Store, dict[str, StoredLookup]] = WeakKeyDictionary()


def _prepared(hub: Hub, entity: str) -> StoredLookup:
    from matching.lookup import Lookup

    model = model_in_force(hub, entity)
    if model is None:
        raise SearchNotReadyError(
            f"The records of the type {entity} have not been matched, or are being matched anew.",
            remedy="Run 'cdm run', or ask again when the present run has ended.",
        )
    largest = [rule.largest for rule in model.plan.rules]
    lookup = Lookup(model, match_settings(hub.settings))
    return StoredLookup(lookup, xxhash.xxh3_64_intdigest(entity.encode()), largest)


def proven(
    entity: EntityType, values: Mapping[str, Any], findings: Iterable[Mapping[str, object]]
) -> dict[str, str | None]:
    """Return the identifiers of one record, those that could be verified with their values.

    Args:
        entity: its entity type.
        values: field → standard value.
        findings: what cleansing found.
    """
    from quality.cleanse.proof import is_proven

    own = list(findings)
    names = (field.name for field in entity.fields.values() if field.match is MatchRole.IDENTIFIER)
    return {name: values.get(name) if is_proven(name, own) else None for name in names}
