"""Weigh header and values into one confidence for every column and field of an entity type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.mapping.headers import Header, fields_named, is_foreign, is_silent, read_header
from connectors.mapping.profile import ColumnProfile
from connectors.mapping.support import Support, support
from schemas.model import EntityType, Field
from schemas.types import SemanticType

CONTRADICTED = 0.5
"""Below this share of fitting values the header is not believed."""

_PROOF = {
    SemanticType.EMAIL: 0.92,
    SemanticType.NATIONAL_ID: 0.92,
    SemanticType.TAX_ID: 0.92,
    SemanticType.LEI: 0.92,
    SemanticType.PHONE: 0.85,
    SemanticType.URL: 0.7,
    SemanticType.GENDER: 0.75,
    SemanticType.PERSON_NAME: 0.75,
    SemanticType.GIVEN_NAME: 0.6,
    SemanticType.ORGANIZATION_NAME: 0.75,
    SemanticType.ADDRESS: 0.75,
    SemanticType.COUNTRY: 0.75,
    SemanticType.PROVINCE: 0.65,
    SemanticType.CITY: 0.7,
    SemanticType.DATE: 0.65,
}
"""How far values alone are believed, by type; other types need a header."""

_UNMISTAKABLE = frozenset(
    {SemanticType.EMAIL, SemanticType.NATIONAL_ID, SemanticType.TAX_ID, SemanticType.LEI, SemanticType.PHONE}
)
"""Types believed even under a header that means something unknown."""

_CODES = (("id",), ("key",), ("no",), ("code",), ("number",), ("编号",), ("编码",))
"""Last words of headers that name a code of some kind; its look alone does not make it a phone number."""

_VAGUE_DATES = frozenset({"date", "dt", "day", "日期", "时间"})
_SECONDARY = frozenset({"short_name", "legal_representative", "contact_name", "employer", "middle_name", "family_name"})
"""Fields that values alone never choose: the main name of the entity comes first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One column as one field. ``header`` and ``values`` (0–1) are the two pieces of evidence."""

    column: ColumnProfile
    field: Field
    confidence: float
    header: float
    values: float

    @property
    def reason(self) -> str:
        """Say why, in both languages of the product."""
        if self.column.filled == 0:
            return f"表头 header {self.header:.0%}, 无值 no values"
        if self.header:
            return f"表头 header {self.header:.0%}, 值 values {self.values:.0%}"
        return f"值 values {self.values:.0%}"


def candidates(columns: Sequence[ColumnProfile], entity: EntityType) -> list[Candidate]:
    """Return every column and field with a confidence above zero, best first (ties: column order, field order)."""
    order = {name: number for number, name in enumerate(entity.fields)}
    found = [candidate for column in columns for candidate in _of_column(column, entity)]
    return sorted(found, key=lambda c: (-c.confidence, c.column.position, order[c.field.name]))


def _of_column(column: ColumnProfile, entity: EntityType) -> list[Candidate]:
    header = read_header(column.name)
    named = fields_named(header, entity)
    supports = {name: support(field, column) for name, field in entity.fields.items()}
    contradicted = bool(named) and all(supports[name].fit < CONTRADICTED for name in named)
    foreign = is_foreign(header, entity) or (not named and header.words[-1:] in _CODES)
    found = []
    for name, field in entity.fields.items():
        by_header = _by_header(named.get(name, 0.0), supports[name])
        trust = _trust(field, header, named, contradicted, foreign)
        by_values = trust * _PROOF.get(field.type, 0.0) * supports[name].proof
        confidence = min(0.99, max(by_header, by_values))
        if confidence > 0:
            evidence = supports[name].fit if by_header >= by_values else supports[name].proof
            found.append(Candidate(column, field, round(confidence, 3), named.get(name, 0.0), evidence))
    return found


def _by_header(named: float, values: Support) -> float:
    if values.fit < CONTRADICTED:
        return named * values.fit * 0.9
    return named * (0.3 + 0.7 * values.fit)


def _trust(field: Field, header: Header, named: dict[str, float], contradicted: bool, foreign: bool) -> float:
    """How far values alone may choose ``field`` under this header."""
    if field.name in named:
        return 1.0
    if field.name in _SECONDARY or (field.type is SemanticType.DATE and field.name != "birth_date"):
        return 0.0
    if is_silent(header) or (field.name == "birth_date" and header.bare in _VAGUE_DATES):
        return 1.0
    if contradicted:
        return 0.0 if field.name == "birth_date" else 0.85
    unknown = not named and not foreign
    return 0.75 if unknown and field.type in _UNMISTAKABLE else 0.0
