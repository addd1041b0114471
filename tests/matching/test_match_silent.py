"""Pairs that say too little to be one customer and nothing against it neither join nor part what others join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from matching import MatchColumn, match
from matching.arrays import BoolArray, FloatArray, IntArray
from matching.cluster import Scored, cluster
from matching.columns import Kind
from matching.score import FORBIDDEN
from matching.settings import MatchSettings
from schemas.types import SemanticType

ENDS = (np.array([0, 0, 1]), np.array([1, 2, 2]))


@dataclass(frozen=True)
class Told:
    """Odds of the pairs 0–1, 0–2 and 1–2, and which of them are silent."""

    odds: tuple[float, float, float]
    quiet: tuple[bool, bool, bool]

    def __call__(self, left: IntArray, right: IntArray) -> FloatArray:
        return np.array(self.odds)[left + right - 1]

    def silent(self, left: IntArray, right: IntArray) -> BoolArray:
        return np.array(self.quiet)[left + right - 1]

    def labels(self) -> list[int]:
        pairs = Scored(*ENDS, np.array(self.odds), 3)
        return cluster(pairs, self, 1.0, MatchSettings()).labels.tolist()


@pytest.mark.parametrize(
    ("odds", "quiet", "labels"),
    [
        ((4.0, -8.0, 4.0), (False, False, False), [0, 0, 2]),  # against: the chain is cut
        ((4.0, -8.0, 4.0), (False, True, False), [0, 0, 0]),  # silent: the record between them holds both
        ((4.0, -8.0, 0.0), (False, True, False), [0, 0, 2]),  # silence joins nobody
        ((4.0, -8.0, -8.0), (False, True, True), [0, 0, 2]),
        ((4.0, FORBIDDEN, 4.0), (False, True, False), [0, 0, 2]),  # a forbidden pair is never silent
        ((4.0, 8.0, 4.0), (True, True, True), [0, 0, 0]),
    ],
)
def test_silence_tips_no_balance(
    odds: tuple[float, float, float], quiet: tuple[bool, bool, bool], labels: list[int]
) -> None:
    assert Told(odds, quiet).labels() == labels


def test_a_pair_is_silent_where_nothing_conflicts() -> None:
    draw = Random(5)
    names = ["".join(draw.sample("abdefgiklmnoprstuvz", 9)) for _ in range(500)]
    phones = [f"+4930{draw.randrange(10**7):07d}" for _ in names]
    sites = [f"{name}.de" for name in names]
    columns = [
        MatchColumn("name", SemanticType.ORGANIZATION_NAME, kind=Kind.ORGANIZATION),
        MatchColumn("phone", SemanticType.PHONE, kind=Kind.PHONE),
        MatchColumn("website", SemanticType.URL, kind=Kind.WEBSITE),
    ]
    table = pa.table(
        {
            "name": [*names, *names[:50], *names[:50]],
            "phone": [*phones, *phones[:50], *([None] * 50)],
            "website": [*sites, *([None] * 50), *sites[:50]],
        }
    )
    result = match(table, columns)
    scorer, of = result._scorer, result._distinct.record_of
    assert scorer is not None
    phone, site, other = (np.array([of[row]]) for row in (500, 550, 551))
    assert scorer.silent(phone, site).tolist() == [True]  # one name, nothing else to compare
    assert scorer.silent(other, site).tolist() == [False]  # two names, two sites
    persons = replace(
        scorer, model=replace(scorer.model, columns=tuple(replace(c, kind=Kind.NAME) for c in scorer.model.columns))
    )
    assert persons.silent(phone, site).tolist() == [False]
