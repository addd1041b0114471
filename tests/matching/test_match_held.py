"""What is held back for a steward whatever the odds say: half a name, another person's whole name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from matching.columns import Kind
from matching.compare.levels import CLOSE, COMMON, CONFLICT, MISSING, USUAL, WEAK
from matching.defaults import group
from matching.score import Scorer
from matching.settings import MatchSettings

KINDS = {
    "family_name": Kind.NAME,
    "given_name": Kind.GIVEN,
    "birth_date": Kind.DATE,
    "national_id": Kind.CODE,
    "address": Kind.ADDRESS,
}
SMALL, MIDDLING, LARGE = 50, 2_000, 50_000


def scorer(records: int) -> Scorer:
    columns = [SimpleNamespace(name=name, kind=kind, group=group(name, kind)) for name, kind in KINDS.items()]
    return Scorer(cast("Any", SimpleNamespace(columns=columns, records=records)), cast("Any", None), MatchSettings())


def levels(**known: int) -> Any:
    return np.array([[known.get(name, MISSING) for name in KINDS]], dtype=np.int8)


@pytest.mark.parametrize(
    ("records", "known", "held"),
    [
        (MIDDLING, {"family_name": USUAL, "address": USUAL}, True),
        (MIDDLING, {"family_name": WEAK, "address": USUAL}, True),
        (MIDDLING, {"family_name": USUAL, "birth_date": USUAL}, False),
        (MIDDLING, {"family_name": USUAL, "given_name": WEAK, "address": USUAL}, False),
        (SMALL, {"family_name": USUAL, "given_name": WEAK, "address": USUAL}, True),
        (SMALL, {"family_name": USUAL, "birth_date": USUAL}, True),
        (LARGE, {"family_name": USUAL, "address": USUAL}, False),
    ],
)
def test_half_a_name_at_one_address_may_be_anybody_of_the_household(
    records: int, known: dict[str, int], held: bool
) -> None:
    assert scorer(records).half_named(levels(**known)).tolist() == [held]


@pytest.mark.parametrize(
    ("known", "held"),
    [
        ({"given_name": CONFLICT, "birth_date": CONFLICT, "family_name": USUAL}, True),
        ({"given_name": CONFLICT, "birth_date": CONFLICT, "family_name": USUAL, "national_id": CLOSE}, True),
        ({"given_name": CONFLICT, "birth_date": CONFLICT, "family_name": USUAL, "national_id": COMMON}, False),
        ({"given_name": CONFLICT, "family_name": CONFLICT, "national_id": COMMON}, True),
    ],
)
def test_a_personal_number_outweighs_a_given_name_and_a_birth_date(known: dict[str, int], held: bool) -> None:
    assert scorer(LARGE).misnamed(levels(**known)).tolist() == [held]


@pytest.mark.parametrize(
    ("records", "known", "held"),
    [
        (MIDDLING, {}, True),
        (MIDDLING, {"address": CONFLICT, "birth_date": CONFLICT}, True),
        (MIDDLING, {"address": WEAK}, False),
        (MIDDLING, {"birth_date": USUAL, "address": CONFLICT}, False),
        (LARGE, {"address": CONFLICT}, False),
    ],
)
def test_namesakes_are_not_merged_for_their_names_alone(records: int, known: dict[str, int], held: bool) -> None:
    names = {"family_name": USUAL, "given_name": USUAL}
    assert scorer(records).named_only(levels(**names, **known)).tolist() == [held]
