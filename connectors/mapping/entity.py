"""Decide what the rows of a table are: persons, organizations, both side by side, or activities of customers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors.mapping import vocabulary
from connectors.mapping.assign import Assignment
from connectors.mapping.headers import fields_named, read_header
from connectors.mapping.profile import ColumnProfile
from schemas.header import squash
from schemas.mapping import Route
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
_DETAILS = {
    "transaction": ("amount", "quantity", "product", "transaction_no"),
    "interaction": ("content", "subject", "agent", "outcome", "interaction_no"),
    "behaviour": ("page", "device", "event_no"),
}
_BOTH = 0.08
"""Least share of the rarer kind of name in a column that holds both kinds."""


def find_route(columns: Sequence[ColumnProfile]) -> Route | None:
    """Return the column that tells persons from organizations, with every word it may use."""
    headers = vocabulary.headers("route", "headers")
    for column in columns:
        if read_header(column.name).bare not in headers or not 1 <= column.distinct <= 12:
            continue
        values = {value: kind for value in column.values if (kind := _kind_of(value))}
        if len(values) == len(column.values):
            return Route(column.name, values)
    return None


def complete_route(route: Route) -> Route:
    """Add the words the sample did not show, in the writing it uses, so that later rows find their way."""
    sample = next(iter(route.values))
    values = dict(route.values)
    for kind in ("person", "organization"):
        for word in sorted(vocabulary.words_of_route(kind)):
            if word.isascii() == sample.isascii():
                values.setdefault(_written_like(sample, word), kind)
    return Route(route.column, values)


def is_mixed(route: Route | None, person: Assignment, organization: Assignment) -> bool:
    """True where rows of both kinds live side by side."""
    if route is not None and len(set(route.values.values())) > 1:
        return True
    names = [c.column for c in organization.chosen.values() if c.field.name == "name"]
    if route is not None:
        people = person.confidence("given_name", "family_name", "full_name") > 0
        return people and any(column.fill < 0.5 and read_header(column.name).bare != "" for column in names)
    if person.confidence("given_name", "family_name", "birth_date") > 0:
        return False
    shared = [column for column in names if column in person.columns_of("full_name")] or _both_kinds(
        person, organization
    )
    return any(_holds_both(column) for column in shared)


def choose_party(person: Assignment, organization: Assignment, hint: str) -> EntityType:
    """Say whether the rows are persons or organizations."""
    people = _marks(person, _PERSON_MARKS) + _hinted("person", hint)
    companies = _marks(organization, _ORGANIZATION_MARKS) + _hinted("organization", hint)
    for column in person.columns_of("full_name"):
        people += 3 * max(column.share("person_zh"), column.share("person_en"))
    for column in organization.columns_of("name"):
        companies += 4 * column.share("organization") + _company_column(column, organization.entity)
    return organization.entity if companies > people else person.entity


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


def _both_kinds(person: Assignment, organization: Assignment) -> list[ColumnProfile]:
    """Columns named as a customer that went to neither name because the values are of both kinds."""
    taken = {*person.columns_of("full_name"), *organization.columns_of("name")}
    return [
        column
        for column in taken
        if "full_name" in fields_named(read_header(column.name), person.entity)
        and "name" in fields_named(read_header(column.name), organization.entity)
    ]


def _holds_both(column: ColumnProfile) -> bool:
    people = max(column.share("person_zh"), column.share("person_en"))
    companies = column.share("organization")
    return min(people, companies) >= _BOTH and people + companies >= 0.5


def _hinted(entity: str, hint: str) -> float:
    text = hint.casefold()
    found = set(re.findall(r"[a-z]+", text))
    for word in vocabulary.hints(entity):
        if word in found or (not word.isascii() and word in text) or (" " in word and word in text):
            return 1.5
    return 0.0


def _kind_of(value: str) -> str | None:
    key = squash(value)
    for kind in ("person", "organization"):
        if key in {squash(word) for word in vocabulary.words_of_route(kind)}:
            return kind
    return None


def _written_like(sample: str, word: str) -> str:
    if sample.isupper():
        return word.upper()
    return word.title() if sample[:1].isupper() else word
