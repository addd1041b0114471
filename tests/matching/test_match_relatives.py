"""Households are told from customers in tables of any size, also where the data alone do not show them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.persons import FIELDS, generate
from matching import MatchColumn, match
from matching.evaluate import evaluate
from schemas.types import SemanticType

TYPES = (
    SemanticType.GIVEN_NAME,
    SemanticType.FAMILY_NAME,
    SemanticType.DATE,
    SemanticType.CITY,
    SemanticType.POSTCODE,
    SemanticType.EMAIL,
    SemanticType.PHONE,
)
COLUMNS = [MatchColumn(name, kind) for name, kind in zip(FIELDS, TYPES, strict=True)]


@pytest.mark.parametrize("records", [4_000, 20_000])
def test_a_household_is_not_a_customer(records: int) -> None:
    table = generate(records)
    result = match(table, COLUMNS)
    found = evaluate(np.asarray(table["person"].to_numpy()), result.clusters)
    assert found.pairwise.precision >= 0.98
    assert found.pairwise.recall >= 0.95
