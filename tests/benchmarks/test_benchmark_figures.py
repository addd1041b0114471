"""Figures and tables of the benchmarks, against a naive count."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.figures import Figure, best_clusters, best_pairs, clustered
from benchmarks.measure import Measured, reviewed
from benchmarks.speed_table import table
from benchmarks.tables import accuracy, put

TRUTH = st.lists(st.integers(0, 3), min_size=2, max_size=9)


def components(size: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


@given(TRUTH, st.data())
def test_clusters_are_judged_pair_by_pair(labels: list[int], data: st.DataObject) -> None:
    found = data.draw(st.lists(st.integers(0, 3), min_size=len(labels), max_size=len(labels)))
    pairs = list(combinations(range(len(labels)), 2))
    right = sum(labels[a] == labels[b] and found[a] == found[b] for a, b in pairs)
    together, true = (sum(x[a] == x[b] for a, b in pairs) for x in (found, labels))
    assert clustered(np.array(found), np.array(labels)) == Figure.of(right, together, true)


@given(TRUTH, st.data())
def test_the_best_threshold_is_the_best_of_all(labels: list[int], data: st.DataObject) -> None:
    assume(len(set(labels)) < len(labels))
    truth = np.array(labels)
    pairs = data.draw(st.lists(st.sampled_from(list(combinations(range(len(labels)), 2))), unique=True, min_size=1))
    left, right = np.array(pairs).T
    weight = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=len(pairs), max_size=len(pairs))), dtype=float)
    each = [clustered(components(len(truth), left[k], right[k]), truth) for k in (weight >= w for w in set(weight))]
    assert best_clusters(left, right, weight, truth).f1 == pytest.approx(max(f.f1 for f in each))
    plain = [(truth[left] == truth[right])[weight >= w] for w in set(weight)]
    true = sum(a == b for a, b in combinations(labels, 2))
    best = max(Figure.of(p.sum(), len(p), true).f1 for p in plain)
    assert best_pairs(left, right, weight, truth).f1 == pytest.approx(best)


def test_nothing_scored_finds_nothing() -> None:
    none = np.empty(0, dtype=np.int64)
    assert best_clusters(none, none, none.astype(float), np.array([1, 1])).recall == 0
    assert best_pairs(none, none, none.astype(float), np.array([1, 1])).recall == 0


def test_answered_questions_count_as_found(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = tmp_path / "review.parquet"
    pq.write_table(pa.table({"left": [0, 2], "right": [1, 3]}), file)
    truth, found = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 2])
    assert reviewed(file, found, truth) == 1.0
    assert reviewed(tmp_path / "absent.parquet", found, truth) is None


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    page = "above\n<!-- x -->\nold\n<!-- /x -->\nbelow\n"
    once = put(page, "x", "new")
    assert once == "above\n<!-- x -->\nnew\n<!-- /x -->\nbelow\n"
    assert put(once, "x", "new") == once
    with pytest.raises(ValueError, match="no markers"):
        put("nothing here", "x", "new")


def test_the_table_shows_every_engine_and_says_what_failed() -> None:
    hub = Measured("s", "hub", 1234, seconds=2, processor=1, memory=100, figure=Figure.of(9, 10, 12), with_review=0.9)
    splink = Measured("s", "splink", 1234, seconds=3, processor=2, memory=200, figure=Figure.of(8, 8, 12))
    splink = replace(splink, best=Figure.of(9, 9, 12))
    dedupe = Measured("s", "dedupe", 1234, failed="stopped after 300 s")
    lines = accuracy([hub, splink, dedupe]).splitlines()
    assert len(lines) == 3
    assert {line.count("|") for line in lines} == {11}
    assert "0.900 / 0.750 / 0.818 | 0.900 | 2 · 1 · 100" in lines[2]
    assert "1.000 / 0.667 / 0.800 | 0.857 | 3 · 2 · 200" in lines[2]
    assert "stopped after 300 s" in lines[2]


def test_measured_survives_its_file(tmp_path: Path) -> None:
    one = Measured("s", "splink", 3, figure=Figure.of(1, 1, 1), best=None, facts={"pairs": 3})
    one.save(tmp_path / "one.json")
    assert Measured.load(tmp_path / "one.json") == one


def test_the_speed_table_gives_ratios_of_least_and_median_seconds() -> None:
    def took(*seconds: float) -> list[Measured]:
        return [Measured("s", "hub", 9, seconds=s, processor=s / 2, memory=7, facts={"pairs": 5}) for s in seconds]

    failed = [Measured("s", "splink", 9, failed="stopped")]
    lines = table({"this engine": took(2, 4), "Splink, cheapest u": took(10, 24), "Splink, recommended u": failed})
    assert "| this engine | 2.0 · 3.0 | 1.0 · 1.0 | 1 (1.0) | 7 | 5 |  |" in lines
    assert "| Splink, cheapest u | 10.0 · 17.0 | 5.0 · 5.7 | 5 (5.0) | 7 | 5 |  |" in lines
    assert "| Splink, recommended u | stopped |" in lines
