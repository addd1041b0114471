"""Which fields a target gets, under which types, and how much of their values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson

from cdm.pipeline.columns import fields_of
from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.publish.options import Options
from cdm.security import Principal, Sight
from schemas.model import EntityType, Field
from schemas.types import Privacy, SemanticType


class Holds(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LIST = "list"
    DATE = "date"
    NUMBER = "number"


_TYPED: Mapping[SemanticType, Holds] = {
    SemanticType.DATE: Holds.DATE,
    SemanticType.MONEY: Holds.NUMBER,
    SemanticType.NUMBER: Holds.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One field in a target; ``clear`` says that its values are not masked."""

    field: Field
    holds: Holds
    clear: bool

    @property
    def name(self) -> str:
        """Name of the field and the column."""
        return self.field.name


@dataclass(frozen=True, slots=True)
class Plan:
    """What is published of one entity type."""

    entity: EntityType
    columns: Sequence[Column]


def plans_of(hub: Hub, options: Options) -> list[Plan]:
    """Return what is published, one plan per entity type.

    The columns are those of the model, whether filled or not, so that their readers find them the same every night.
    """
    seer = Principal("publish", options.role)
    return [Plan(entity, _columns(entity, seer, options)) for entity in parties(hub, options.entity)]


def _columns(entity: EntityType, seer: Principal, options: Options) -> list[Column]:
    columns = []
    for field in entity.fields.values():
        sight = seer.sight(field.privacy)
        if sight is not Sight.HIDDEN and (options.sensitive or field.privacy is not Privacy.SENSITIVE):
            clear = sight is Sight.CLEAR
            columns.append(Column(field, _holds(field, clear=clear), clear))
    return columns


def _holds(field: Field, *, clear: bool) -> Holds:
    if field.multi:
        return Holds.LIST
    return _TYPED.get(field.type, Holds.TEXT) if clear else Holds.TEXT


def sources_shown(hub: Hub, options: Options) -> frozenset[str]:
    """Return the sources whose keys may be published: a source may use a telephone number for one."""
    seer = Principal("publish", options.role)
    shown = set()
    for spec in hub.sources():
        key = spec.mapping.key if spec.mapping else None
        fields = [one for entity in parties(hub) if key for one in fields_of(entity, spec.mapping, key)]
        secret = [one for one in fields if one.privacy is Privacy.SENSITIVE and not options.sensitive]
        if not secret and all(seer.sight(one.privacy) is Sight.CLEAR for one in fields):
            shown.add(spec.name)
    return frozenset(shown)


def fingerprint(plans: Sequence[Plan], sources: frozenset[str], options: Options) -> str:
    """Return what tells one shape of a target from another; a target of another shape is written anew."""
    shape = [[p.entity.name, [[c.name, c.holds.value, c.clear] for c in p.columns]] for p in plans]
    content = orjson.dumps([VERSION, shape, sorted(sources), options.kept()])
    return hashlib.sha256(content).hexdigest()[:32]


VERSION = 1
"""Of the layout of targets."""
