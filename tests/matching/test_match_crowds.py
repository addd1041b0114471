"""One customer with many records does not change what chance looks like to the others."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
import pytest

from matching import MatchColumn, train
from matching.columns import Kind
from matching.compare.levels import NEAR
from matching.crowds import crowds, weights
from matching.patterns import pattern_keys
from matching.records import survey
from schemas.types import SemanticType

NAME = MatchColumn("name", SemanticType.ORGANIZATION_NAME, kind=Kind.TEXT)
PHONE = MatchColumn("phone", SemanticType.PHONE)
SYLLABLES = ("bar", "con", "del", "fin", "gor", "hul", "jas", "kem", "lod", "mar", "nip", "rus", "sol", "tev", "wyn")


def companies(several: int) -> pa.Table:
    """Return 600 companies, each with one record, and one more with ``several`` records in different places."""
    draw = Random(7)
    names = [" ".join("".join(draw.sample(SYLLABLES, 3)) for _ in range(2)) for _ in range(600)]
    phones = [f"{draw.randrange(10**9):09d}" for _ in range(600 + several)]
    return pa.table({"name": [*names, *["halvorsen timber"] * several], "phone": phones})


def equal_by_chance(table: pa.Table) -> float:
    """Return how often strangers bear the same name, as learned."""
    model = train(table, [NAME, PHONE])
    at = [column.name for column in model.columns].index("name")
    return float(model.mixture.classes[0].marginals[at, NEAR:].sum())


def test_a_crowd_is_one_customer_among_the_others() -> None:
    alone, crowded = (equal_by_chance(companies(several)) for several in (1, 200))
    assert crowded < 2 * alone + 0.002  # by pairs of records it would be 200² / 800², a sixteenth


def test_pairs_of_crowds_count_as_pairs_of_customers() -> None:
    crowd = np.array([0, 0, 0, 1, 1, 2], dtype=np.int64)
    left, right = np.triu_indices(6, 1)
    found, apart = weights(crowd, left, right), crowd[left] != crowd[right]
    assert found[apart].sum() == pytest.approx(3)
    assert found[~apart].sum() == pytest.approx(len(crowd) - 3)


def test_only_names_of_companies_make_crowds() -> None:
    table = pa.table({"name": ["vega", "vega", "orion", "orlon", None, None], "phone": ["1", "2", "3", "4", "5", "6"]})
    features = survey(table, [NAME, PHONE], None, ()).features
    records = {name: row for row, name in enumerate(features[0].values[features[0].codes].tolist())}
    a, b = sorted((records["orion"], records["orlon"]))
    pairs = np.array([a * len(features[0].codes) + b])
    near = pattern_keys(np.array([[NEAR, 0]], dtype=np.int8))
    found = crowds(features, pairs, near)
    assert found is not None
    assert len(np.unique(found)) == 4
    persons = survey(pa.table({"family_name": ["li", "li"]}), [MatchColumn("family_name")], None, ()).features
    assert crowds(persons, pairs[:0], near[:0]) is None
