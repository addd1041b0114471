"""What a related class is: relatives, or customers who moved."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.persons import generate
from matching import MatchColumn
from matching.arrays import FloatArray, Levels
from matching.compare.levels import CONFLICT, LEVELS, MISSING, USUAL
from matching.mixture.classes import independent
from matching.mixture.fit import Mixture, prepare
from matching.mixture.judge import Candidates, judge
from matching.patterns import observe, patterns
from matching.records import survey
from schemas.types import SemanticType

COLUMNS = [
    MatchColumn("family_name", SemanticType.FAMILY_NAME),
    MatchColumn("given_name", SemanticType.GIVEN_NAME),
    MatchColumn("birth_date", SemanticType.DATE),
    MatchColumn("city", SemanticType.CITY),
    MatchColumn("postcode", SemanticType.POSTCODE),
    MatchColumn("middle_name", SemanticType.GIVEN_NAME),
]
NAMES = [column.name for column in COLUMNS]
MOVED, HOUSEHOLD = ("city", "postcode"), ("given_name", "birth_date")


def tied(*columns: str) -> FloatArray:
    """Return level probabilities of a class that conflicts on some columns and agrees on the others."""
    found = np.full((len(NAMES), LEVELS), 0.01)
    found[:, USUAL] = 0.9
    for name in columns:
        found[NAMES.index(name), [CONFLICT, USUAL]] = 0.94, 0.01
    return found / found.sum(axis=1, keepdims=True)


def levels(*conflicts: str, middle_names: int = 0) -> Levels:
    """Return a hundred pairs that conflict on some columns, some of them on the middle name, which the others lack."""
    one = [CONFLICT if name in conflicts else USUAL for name in NAMES]
    found = np.tile(np.array(one, dtype=np.int8), (100, 1))
    found[:, NAMES.index("middle_name")] = np.where(np.arange(100) < middle_names, CONFLICT, MISSING)
    return found


@pytest.mark.parametrize(
    ("tie", "shown", "middle_names", "related"),
    [
        ((*MOVED, "given_name"), MOVED, 0, False),  # tied to another name, and yet its pairs bear the same one
        ((*MOVED, "family_name"), MOVED, 0, False),
        ((*MOVED, "given_name"), MOVED, 3, False),  # three of a hundred pairs do not make a class of namesakes
        ((*MOVED, "middle_name"), MOVED, 60, True),
        (HOUSEHOLD, HOUSEHOLD, 0, True),
        ((*MOVED, "birth_date"), (*MOVED, "birth_date"), 0, True),  # namesakes
    ],
)
def test_a_class_is_judged_by_its_pairs_not_by_what_it_is_tied_to(
    tie: tuple[str, ...], shown: tuple[str, ...], middle_names: int, related: bool
) -> None:
    table = generate(2_000).rename_columns({"first_name": "given_name", "surname": "family_name"})
    table = table.append_column("middle_name", table["given_name"])
    features = survey(table, COLUMNS, None, ()).features
    class_pairs = levels(*shown, middle_names=middle_names)
    seen, nothing = patterns(np.vstack([levels(), class_pairs])), patterns(np.zeros((0, len(NAMES)), np.int8))
    evidence = prepare(observe(seen, patterns(levels(*NAMES)), nothing, nothing, 499_500), features, 1_000)
    classes = (independent("chance", tied(*NAMES)), independent("related", tied(*tie)), independent("same", tied()))
    mixture = Mixture(classes, np.array([0.9998, 1e-4, 1e-4]), 0.0, 1)
    pairs = Candidates(np.arange(200), np.arange(200) + 300, seen, 1_000)
    assert [verdict.related for verdict in judge(mixture, evidence, features, pairs)] == [related]
