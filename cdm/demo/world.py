"""The demo company's customers as they truly are, in the groups that make matching hard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from random import Random

from cdm.demo.companies import Company, branch, chinese_company, renamed, sibling, western_company
from cdm.demo.people import Person, chinese_person, relative, western_person
from cdm.demo.words import chance, spelled, surnames, weighted

Customer = Person | Company


def customers(rng: Random, today: date) -> Iterator[Customer]:
    """Yield customers without end: single ones, households, namesakes, sister companies, branches, renamed firms."""
    persons = (f"P{number:05d}" for number in count(1))
    firms = (f"C{number:05d}" for number in count(1))
    while True:
        if chance(rng, 0.55):
            yield from _persons(rng, persons, today)
        else:
            yield from _companies(rng, firms, today)


def _persons(rng: Random, ids: Iterator[str], today: date) -> list[Customer]:
    kind = weighted(rng, {"single": 74, "household": 10, "namesakes": 4, "western": 32, "western household": 3})
    if kind == "namesakes":
        return _namesakes(rng, ids, today)
    make = western_person if kind.startswith("western") else chinese_person
    person = make(rng, next(ids), today)
    if not kind.endswith("household"):
        return [person]
    return [person, *(relative(rng, person, next(ids), today) for _ in range(rng.randint(1, 3)))]


def _namesakes(rng: Random, ids: Iterator[str], today: date) -> list[Customer]:
    """Return strangers who share one of the country's most common names."""
    female = chance(rng, 0.5)
    family = surnames()[0][rng.randrange(6)]
    given = spelled("persons", "common_female" if female else "common_male")[rng.randrange(8)]
    strangers = (chinese_person(rng, next(ids), today) for _ in range(rng.randint(2, 5)))
    return [replace(person, family=family, given=given) for person in strangers]


def _companies(rng: Random, ids: Iterator[str], today: date) -> list[Customer]:
    kind = weighted(rng, {"single": 62, "siblings": 7, "branches": 5, "renamed": 3, "western": 33})
    if kind == "western":
        return [western_company(rng, next(ids), today)]
    company = chinese_company(rng, next(ids), today)
    if kind == "siblings":
        return [company, *(sibling(rng, company, next(ids), today) for _ in range(rng.randint(1, 2)))]
    if kind == "branches":
        return [company, *(branch(rng, company, next(ids), today) for _ in range(rng.randint(1, 2)))]
    return [renamed(rng, company) if kind == "renamed" else company]
