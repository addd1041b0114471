"""Which cleanser belongs to which semantic type; modules are imported when their type first occurs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from importlib import import_module

from quality.cleanse.category import clean_category
from quality.cleanse.column import ColumnContext
from quality.cleanse.contract import Cleansed, Cleanser
from schemas.model import Field
from schemas.types import SemanticType

_REMEMBERED = 16_384
"""Values per field whose result is kept between batches of one process."""


@dataclass(frozen=True, slots=True)
class _Entry:
    module: str
    function: str
    by_country: bool = False
    """Whether the same text can mean different things in different countries."""


_CLEANSERS: Mapping[SemanticType, _Entry] = {
    SemanticType.PERSON_NAME: _Entry("person_name", "clean_person_name"),
    SemanticType.GIVEN_NAME: _Entry("person_name", "clean_given_name"),
    SemanticType.FAMILY_NAME: _Entry("person_name", "clean_family_name"),
    SemanticType.ORGANIZATION_NAME: _Entry("organization_name", "clean_organization_name"),
    SemanticType.GENDER: _Entry("gender", "clean_gender"),
    SemanticType.DATE: _Entry("date", "clean_date", True),
    SemanticType.DATETIME: _Entry("date_time", "clean_datetime", True),
    SemanticType.PHONE: _Entry("phone", "clean_phone", True),
    SemanticType.EMAIL: _Entry("email", "clean_email"),
    SemanticType.URL: _Entry("url", "clean_url"),
    SemanticType.ADDRESS: _Entry("address", "clean_address", True),
    SemanticType.STREET: _Entry("street", "clean_street", True),
    SemanticType.HOUSE_NUMBER: _Entry("house_number", "clean_house_number"),
    SemanticType.DISTRICT: _Entry("place_names", "clean_district", True),
    SemanticType.CITY: _Entry("place_names", "clean_city", True),
    SemanticType.PROVINCE: _Entry("place_names", "clean_province", True),
    SemanticType.POSTCODE: _Entry("postcode", "clean_postcode", True),
    SemanticType.COUNTRY: _Entry("country", "clean_country"),
    SemanticType.NATIONAL_ID: _Entry("national_id", "clean_national_id", True),
    SemanticType.TAX_ID: _Entry("tax_id", "clean_tax_id", True),
    SemanticType.LEI: _Entry("lei", "clean_lei"),
    SemanticType.IDENTIFIER: _Entry("identifier", "clean_identifier"),
    SemanticType.INDUSTRY: _Entry("industry", "clean_industry"),
    SemanticType.CATEGORY: _Entry("category", "clean_category"),
    SemanticType.MONEY: _Entry("money", "clean_money"),
    SemanticType.NUMBER: _Entry("number", "clean_number"),
    SemanticType.TEXT: _Entry("free_text", "clean_text"),
}
_DATES = frozenset({SemanticType.DATE, SemanticType.DATETIME})


def depends_on_country(semantic_type: SemanticType) -> bool:
    """Tell whether values of this type are read differently in different countries."""
    return _CLEANSERS[semantic_type].by_country


def cleanser_for(semantic_type: SemanticType) -> Cleanser:
    """Return the cleanser of a semantic type, importing it if need be."""
    entry = _CLEANSERS[semantic_type]
    cleanser: Cleanser = getattr(import_module(f"quality.cleanse.{entry.module}"), entry.function)
    return cleanser


def modules() -> tuple[str, ...]:
    """Return the names of the modules that hold cleansers."""
    return tuple(dict.fromkeys(f"quality.cleanse.{entry.module}" for entry in _CLEANSERS.values()))


def cleanser_of(field: Field, context: ColumnContext, today: date) -> Cleanser:
    """Return the cleanser of one field with all that its column and the day of the run say.

    Args:
        field: the field of the model.
        context: what the whole column shows.
        today: the day against which dates are judged.
    """
    return _bound(field.type, field.name, field.allowed, context, today if field.type in _DATES else None)


@lru_cache(maxsize=128)
def _bound(
    semantic_type: SemanticType, name: str, allowed: tuple[str, ...], context: ColumnContext, today: date | None
) -> Cleanser:
    cleanser: Callable[..., Cleansed] = cleanser_for(semantic_type)
    if semantic_type in _DATES:
        cleanser = partial(cleanser, day_first=context.day_first, today=today)
    elif semantic_type is SemanticType.POSTCODE:
        cleanser = partial(cleanser, digits=context.digits)
    elif semantic_type is SemanticType.CATEGORY:
        cleanser = partial(clean_category, field=name, allowed=allowed)
    return lru_cache(maxsize=_REMEMBERED)(cleanser)
