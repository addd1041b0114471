"""Decide what the rows of a table are: persons, organizations, or activities of customers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors.mapping import vocabulary
from connectors.mapping.assign import Assignment
from connectors.mapping.headers import fields_named, read_header
from connectors.mapping.profile import ColumnProfile
from schemas.model import EntityType

_PERSON_MARKS = {
    "family_name": 3.0,
    "given_name": 3.0,
    "birth_date": 3.0,
    "gender": 2.0,
    "national_id": 3.0,
    "middle_name": 1.0,
    "marital_status": 1.0,
    "salutation": 1.0,
    "wechat": 1.0,
    "full_name": 1.0,
    "job_title": 0.5,
    "employer": 0.5,
}
_ORGANIZATION_MARKS = {
    "tax_id": 3.0,
    "lei": 3.0,
    "registration_no": 1.5,
    "legal_representative": 2.0,
    "registered_capital": 2.0,
    "industry": 1.0,
    "employee_count": 1.0,
    "established_on": 0.5,
    "legal_form": 1.0,
    "short_name": 1.0,
    "name": 1.0,
}
_COMPANIES, _HARDLY = 0.2, 0.05
"""Least share of organizations' names and most of persons' in a column of organizations under a person's header."""
_DETAILS = {
    "transaction": ("amount", "quantity", "product", "transaction_no"),
    "interaction": ("content", "subject", "agent", "outcome", "interaction_no"),
    "behaviour": ("page", "device", "event_no"),
}


def choose_party(person: Assignment, organization: Assignment, hint: str) -> EntityType:
    """Say whether the rows are persons or organizations."""
    people = _marks(person, _PERSON_MARKS) + _hinted("person", hint)
    companies = _marks(organization, _ORGANIZATION_MARKS) + _hinted("organization", hint)
    for column in person.columns_of("full_name"):
        people += 3 * max(column.share("person_zh"), column.share("person_en"))
    for column in organization.columns_of("name"):
        companies += 4 * column.share("organization") + _company_column(column, organization.entity)
    return organization.entity if companies > people else person.entity


def misheaded(columns: Sequence[ColumnProfile], person: EntityType) -> ColumnProfile | None:
    """Return the column whose header speaks of persons and whose values are names of organizations, if there is one.

    Legal forms and words of organizations are seen in a part of their names only; names of persons are seen in nearly
    all: a fifth of the one beside hardly any of the other is a column of organizations.
    """
    for column in columns:
        named = "full_name" in fields_named(read_header(column.name), person)
        people = max(column.share("person_zh"), column.share("person_en"))
        if named and column.share("organization") >= _COMPANIES and people <= _HARDLY:
            return column
    return None


def choose_activity(
    activities: Mapping[str, Assignment], parties: Sequence[Assignment], hint: str
) -> EntityType | None:
    """Return the kind of activity the rows are, or ``None`` where they are customers."""
    identity = max(_identity(party) for party in parties)
    best: tuple[float, EntityType] | None = None
    for name, one in activities.items():
        details = sum(one.confidence(field) for field in _DETAILS.get(name, ()))
        if not one.confidence("party_key") or not one.confidence("occurred_at") or details < 0.7:
            continue
        if identity >= 3 and not (one.confidence("transaction_no", "interaction_no", "event_no") and details >= 1.5):
            continue
        score = details + 2 * _hinted(name, hint)
        if best is None or score > best[0]:
            best = (score, one.entity)
    return best[1] if best else None


def _identity(party: Assignment) -> float:
    """Number of fields that say who a customer is."""
    groups = (
        ("full_name", "name", "given_name"),
        ("family_name",),
        ("phone",),
        ("email",),
        ("birth_date", "tax_id", "national_id", "lei"),
        ("gender", "legal_representative"),
    )
    return sum(party.confidence(*group) > 0 for group in groups)


def _marks(one: Assignment, marks: Mapping[str, float]) -> float:
    return sum(weight * one.confidence(field) for field, weight in marks.items())


def _company_column(column: ColumnProfile, organization: EntityType) -> float:
    """A company per row speaks for organizations, an occasional or repeated one for persons who work there."""
    header = read_header(column.name).bare
    if not re.search(
        r"company|organi[sz]ation|supplier|vendor|firm|reseller|公司|企业|单位|机构|供应商|商户|客户|名称", header
    ):
        return 0.0
    if column.filled < 5:
        return 0.5
    return 2.5 if column.fill >= 0.8 and column.variety >= 0.7 else -1.5


def _hinted(entity: str, hint: str) -> float:
    text = hint.casefold()
    found = set(re.findall(r"[a-z]+", text))
    for word in vocabulary.hints(entity):
        if word in found or (not word.isascii() and word in text) or (" " in word and word in text):
            return 1.5
    return 0.0
