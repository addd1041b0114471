"""Tables that keep persons and organizations side by side: how they are recognised, and what routes a row."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.mapping import vocabulary
from connectors.mapping.assign import Assignment
from connectors.mapping.headers import fields_named, read_header
from connectors.mapping.profile import ColumnProfile
from schemas.header import squash
from schemas.mapping import Route

_BOTH = 0.08
"""Least share of the rarer kind of name in a column that holds both kinds."""
_BOTH_WITH_TAX_ID = 0.02
"""The same where another column holds tax numbers, which persons do not have."""


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


def shared_name(columns: Sequence[ColumnProfile], person: Assignment, organization: Assignment) -> ColumnProfile | None:
    """Return the column that holds the names of persons and of organizations, e.g. ``客户名称``.

    Its header must suit both and its values must be of both kinds.
    """
    taxed = organization.columns_of("tax_id")
    least = _BOTH_WITH_TAX_ID if any(column.share("uscc") >= 0.3 for column in taxed) else _BOTH
    for column in columns:
        header = read_header(column.name)
        named = "full_name" in fields_named(header, person.entity) and "name" in fields_named(
            header, organization.entity
        )
        chosen = column in person.columns_of("full_name") and column in organization.columns_of("name")
        people = max(column.share("person_zh"), column.share("person_en"))
        companies = column.share("organization")
        if (named or chosen) and min(people, companies) >= least and people + companies >= 0.5:
            return column
    return None


def is_mixed(route: Route | None, shared: ColumnProfile | None, person: Assignment, organization: Assignment) -> bool:
    """True where rows of both kinds live side by side."""
    if route is None:
        return shared is not None and not person.confidence("given_name", "family_name")
    if len(set(route.values.values())) > 1:
        return True
    companies = organization.columns_of("name")
    return bool(person.confidence("given_name", "family_name", "full_name")) and any(c.fill < 0.5 for c in companies)


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
