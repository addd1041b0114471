"""recordlinkage's indexers propose pairs, its classifiers learn from ours, its measures agree with ours."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import recordlinkage

from matching import MatchColumn, MatchResult, evaluate, match
from matching.interchange import candidates, features, index_of, matches, proposed

ROWS = 240


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """Eighty persons, each three times: as they are, misspelt, and with another telephone."""
    generator = np.random.default_rng(3)
    rows = []
    for number in range(ROWS // 3):
        given = "".join(generator.choice(list("aeioubdgklmnrst"), 6))
        family = "".join(generator.choice(list("aeioubdgklmnrst"), 7))
        born = f"19{generator.integers(40, 99)}-{generator.integers(1, 13):02}-{generator.integers(1, 29):02}"
        phones = [f"07{generator.integers(10**8, 10**9)}" for _ in range(2)]
        town = f"{number % 20:03}"
        rows += [
            (given, family, born, town, [phones[0]]),
            (given[:-1] + "x", family, born, town, phones),
            (given, family, born, town, [phones[1]]),
        ]
    names = ("given_name", "family_name", "birth_date", "postcode", "phone")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


@pytest.fixture(scope="module")
def result(table: pa.Table) -> MatchResult:
    return match(table, [MatchColumn(name) for name in table.column_names])


def test_an_indexer_of_recordlinkage_proposes_the_pairs(table: pa.Table) -> None:
    pairs = proposed(recordlinkage.Index().block("postcode").block("phone"), table)
    town = np.array(table["postcode"].to_pylist())
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert (
        len(pairs)
        == len(np.unique(pairs, axis=0))
        >= sum((n * (n - 1)) // 2 for n in np.unique(town, return_counts=True)[1])
    )
    found = match(table, [MatchColumn(name) for name in table.column_names], candidates=pairs)
    assert found.report.pairs == len(pairs)
    assert len(np.unique(found.clusters)) == ROWS // 3


def test_candidates_and_features_have_the_shapes_of_recordlinkage(result: MatchResult) -> None:
    index = candidates(result)
    levels, weights = features(result, index), features(result, index, "weights")
    assert len(index) == result.report.pairs == len(levels)
    assert list(levels.columns) == [c.name for c in result.model.columns] == list(weights.columns)
    assert set(np.unique(levels.to_numpy())) <= set(range(-1, 7))
    assert (weights.to_numpy()[levels.to_numpy() == -1] == 0).all()


def test_a_classifier_of_recordlinkage_learns_from_the_features(result: MatchResult) -> None:
    index = candidates(result)
    left, right = (index.get_level_values(i).to_numpy() for i in (0, 1))
    true = index[left // 3 == right // 3]
    weights = features(result, index, "weights")
    learner = recordlinkage.LogisticRegressionClassifier()
    learner.fit(weights, true)
    assert recordlinkage.fscore(true, learner.predict(weights)) > 0.99


def test_measures_of_recordlinkage_agree_with_ours(result: MatchResult) -> None:
    truth = np.arange(ROWS) // 3
    rows = np.arange(ROWS)
    a, b = np.triu_indices(ROWS, 1)
    true = index_of(rows[a][truth[a] == truth[b]], rows[b][truth[a] == truth[b]])
    ours, found = evaluate(result.clusters, truth).pairwise, matches(result)
    assert recordlinkage.precision(true, found) == pytest.approx(float(ours.precision))
    assert recordlinkage.recall(true, found) == pytest.approx(float(ours.recall))


def test_nothing_merged_is_no_match() -> None:
    found = match(pa.table({"family_name": ["Abel", "Bach"]}), [MatchColumn("family_name")])
    assert len(matches(found)) == 0
