"""Chinese surnames by frequency, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from quality.cleanse.reference_data import reference

_COMMON = 350
"""Ranks below this cover well over 99 % of the people; the rest are rare enough to need other evidence."""


@dataclass(frozen=True)
class SurnameTable:
    """The table in ``chinese_name.yaml``, ready for look-up; simplified characters."""

    ranked: tuple[str, ...]
    """Every surname, single ones by frequency first, then compound ones."""
    single: frozenset[str]
    common: frozenset[str]
    compound: frozenset[str]
    readings: Mapping[str, str]
    given_readings: Mapping[str, str]


@cache
def name_data() -> dict[str, Any]:
    """The raw data file about Chinese names."""
    data: dict[str, Any] = reference("chinese_name")
    return data


@cache
def surname_table() -> SurnameTable:
    """Load the table once."""
    data = name_data()
    single = tuple(data["surnames"].replace(" ", ""))
    compound = tuple(data["compound"].split())
    return SurnameTable(
        ranked=single + compound,
        single=frozenset(single),
        common=frozenset(single[:_COMMON]) | frozenset(compound),
        compound=frozenset(compound),
        readings=data["readings"],
        given_readings=data["given_readings"],
    )


def surname_of(han: str) -> str:
    """Return the surname a Chinese name begins with, '' where it begins with none.

    Args:
        han: Chinese characters, simplified.
    """
    table = surname_table()
    for length in (4, 3, 2):
        if len(han) >= length and han[:length] in table.compound:
            return han[:length]
    return han[:1] if han[:1] in table.single else ""
