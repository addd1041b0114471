"""Which columns of a table are compared, and how the model's fields become comparisons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from schemas.model import EntityType
from schemas.types import MatchRole, SemanticType


class Kind(StrEnum):
    """How two values are compared; each kind is one function in ``matching/compare``."""

    NAME = "name"
    """One short name: spelling distance, initials, sound of Chinese characters."""
    GIVEN = "given"
    """A given name: as a name, and nicknames."""
    PINYIN = "pinyin"
    """A name written in Latin syllables; compared only where the two records write it in different scripts."""
    ORGANIZATION = "organization"
    """Brand, trade, region and branch of an organization, compared part by part."""
    ADDRESS = "address"
    """Place, street, house and room of an address, compared level by level."""
    TEXT = "text"
    """Several words, their order free: rare words count more."""
    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    CODE = "code"
    """Letters and digits mixed: house numbers, postcodes, part numbers."""
    DIGITS = "digits"
    WEBSITE = "website"
    """The address of a site: the host and, below it, the page."""
    CATEGORY = "category"
    """A closed vocabulary: equal or not."""


@dataclass(frozen=True, slots=True)
class MatchColumn:
    """One column to compare.

    ``kind`` is chosen from ``type`` and, for texts of unknown meaning, from the shape of the values where it is
    ``None``. ``parts`` are columns derived from this one that its comparison uses. ``unless`` names columns that say
    the same in finer grain: this column is compared only where the two records have none of them in common, or one and
    the same agreement would count twice.
    """

    name: str
    type: SemanticType = SemanticType.TEXT
    role: MatchRole = MatchRole.ATTRIBUTE
    kind: Kind | None = None
    parts: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def extra(self) -> bool:
        """Tell whether the column maps to no field of the model, so that only its values say what it is worth."""
        return self.name.startswith("extra:")


KINDS: dict[SemanticType, Kind] = {
    SemanticType.GIVEN_NAME: Kind.GIVEN,
    SemanticType.FAMILY_NAME: Kind.NAME,
    SemanticType.ORGANIZATION_NAME: Kind.ORGANIZATION,
    SemanticType.GENDER: Kind.CATEGORY,
    SemanticType.CATEGORY: Kind.CATEGORY,
    SemanticType.COUNTRY: Kind.CATEGORY,
    SemanticType.INDUSTRY: Kind.CATEGORY,
    SemanticType.DATE: Kind.DATE,
    SemanticType.DATETIME: Kind.DATE,
    SemanticType.URL: Kind.WEBSITE,
    SemanticType.PHONE: Kind.PHONE,
    SemanticType.EMAIL: Kind.EMAIL,
    SemanticType.HOUSE_NUMBER: Kind.CODE,
    SemanticType.NATIONAL_ID: Kind.CODE,
    SemanticType.TAX_ID: Kind.CODE,
    SemanticType.LEI: Kind.CODE,
    SemanticType.IDENTIFIER: Kind.CODE,
}
"""Types whose comparison is known beforehand; the others are judged by the shape of their values."""

NEVER = frozenset({SemanticType.MONEY, SemanticType.NUMBER})
"""Amounts describe a customer at a moment; two customers share them and one customer changes them."""

NAME_PARTS = ("family_name", "given_name")
ORGANIZATION_PARTS = ("name_region", "name_brand", "name_trade", "branch", "legal_form")
ADDRESS_PARTS = ("province", "city", "district", "street", "house_number", "room", "postcode")
DEPENDENT = frozenset(ORGANIZATION_PARTS)


def columns_of(entity: EntityType, table: pa.Table) -> list[MatchColumn]:
    """Pick what to compare from the model.

    Args:
        entity: the entity type of all rows.
        table: cleansed batch, one column per model field; unmapped columns are named ``extra:<header>``.

    Returns:
        Columns present in the table, in model order, then the unmapped ones. Identifiers are among them: one that is
        mistyped, or cannot be verified, is evidence like any other value; only ``match(identifiers=…)`` proves.
    """
    present = set(table.column_names)
    found = [
        _column(field.name, field.type, present)
        for field in entity.matched
        if field.name in present and field.type not in NEVER
    ]
    if "name" in present:
        found = [column for column in found if column.name not in DEPENDENT]
    if present & {"address", "street"}:
        found = _one_address(found, present)
    known = {column.name for column in found}
    if "name_pinyin" in present and "name_pinyin" not in known:
        found.append(_column("name_pinyin", SemanticType.TEXT, present))
    return found + _unmapped(table.column_names)


def _column(name: str, semantic: SemanticType, present: set[str]) -> MatchColumn:
    """Describe one model field."""
    if name == "name_pinyin":
        parts = tuple(p for p in (*NAME_PARTS, "full_name") if p in present)
        return MatchColumn(name, semantic, kind=Kind.PINYIN, parts=parts)
    if name == "name_suffix":
        return MatchColumn(name, semantic, kind=Kind.CATEGORY)
    if semantic is SemanticType.PERSON_NAME:
        finer = tuple(p for p in NAME_PARTS if p in present) if name == "full_name" else ()
        return MatchColumn(name, semantic, unless=finer)
    if semantic is SemanticType.ORGANIZATION_NAME and name == "name" and "name_brand" in present:
        return MatchColumn(name, semantic, parts=tuple(p for p in ORGANIZATION_PARTS if p in present))
    return MatchColumn(name, semantic)


def _one_address(found: list[MatchColumn], present: set[str]) -> list[MatchColumn]:
    """Put one address in the place of its parts, which would be counted over and over."""
    parts = tuple(p for p in ADDRESS_PARTS if p in present and p != "postcode")
    whole = MatchColumn("address", SemanticType.ADDRESS, kind=Kind.ADDRESS, parts=parts)
    rest = [column for column in found if column.name not in ("address", *ADDRESS_PARTS) or column.name == "postcode"]
    return [*rest, whole]


def _unmapped(names: Iterable[str]) -> list[MatchColumn]:
    """Describe the extra attributes."""
    return [MatchColumn(name) for name in names if name.startswith("extra:")]
