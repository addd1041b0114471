"""Addresses of companies: the house next door, a house down the street, the same street in another town."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matching import MatchColumn
from matching.columns import Kind
from matching.compare.levels import COMMON, CONFLICT, WEAK
from matching.compare.together import comparator
from matching.records import survey
from schemas.types import SemanticType

ADDRESS = MatchColumn("address", SemanticType.ADDRESS, kind=Kind.ADDRESS, parts=("street", "house_number"))
NAME = MatchColumn("name", SemanticType.ORGANIZATION_NAME, kind=Kind.ORGANIZATION)
FAMILY = MatchColumn("family_name", SemanticType.FAMILY_NAME)


@pytest.mark.parametrize(
    ("other", "name", "expected"),
    [
        ("2974", NAME, CONFLICT),
        ("2911", NAME, WEAK),  # next door
        ("2995", NAME, WEAK),  # one digit mistyped
        ("2974", FAMILY, WEAK),  # a person's mistyped number is likelier than a second home in one street
    ],
)
def test_a_house_down_the_street_is_another_place_for_a_company(other: str, name: MatchColumn, expected: int) -> None:
    table = pa.table(
        {
            "name": ["Mary Crane North", "Mary Crane East", "Hull House", "Casa Central"],
            "family_name": ["Crane", "Crain", "Hull", "Central"],
            "address": [f"2905 Leavitt Street, {other}", f"{other} Leavitt Street", "7 Main Street", "9 Elm Street"],
            "street": ["Leavitt Street", "Leavitt Street", "Main Street", "Elm Street"],
            "house_number": ["2905", other, "7", "9"],
        }
    )
    records = survey(table, [name, ADDRESS], None, ())
    ends = np.sort(records.groups.record_of[:2])
    levels = comparator(records.features, len(records), ())(ends[:1], ends[1:])
    assert levels[0, [one.name for one in records.features].index("address")] == expected


TOWN = MatchColumn("address", SemanticType.ADDRESS, kind=Kind.ADDRESS, parts=("city", "street", "house_number"))


def address_level(left: dict[str, str], right: dict[str, str]) -> int:
    """Compare the addresses of two rows that stand among others."""
    rows = [left, right, {"name": "Hull House", "address": "7 Elm Street"}, {"name": "Casa", "address": "9 Oak Street"}]
    names = ("name", "city", "street", "house_number", "address")
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    records = survey(table, [NAME, TOWN], None, ())
    ends = np.sort(records.groups.record_of[:2])
    levels = comparator(records.features, len(records), ())(ends[:1], ends[1:])
    return int(levels[0, [one.name for one in records.features].index("address")])


@pytest.mark.parametrize(
    "address",
    [
        {"street": "Main Street", "house_number": "12"},
        {"address": "12 Main Street"},  # not divided
        {"address": "人民路12号"},
    ],
)
def test_a_house_in_another_town_is_another_house(address: dict[str, str]) -> None:
    here, there = {"name": "Mary Crane", "city": "Chicago", **address}, {"name": "Crane", "city": "Boston", **address}
    assert address_level(here, there) == CONFLICT
    assert address_level(here, {**there, "city": "Chicago"}) >= COMMON
    assert address_level(here, {"name": "Crane", **address}) >= COMMON
