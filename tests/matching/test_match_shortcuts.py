"""What is done in bulk, or left out because it cannot matter, gives the same as doing it one by one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import cophenet, fcluster, linkage

from matching import Kind
from matching.arrays import IntArray
from matching.compare.distances import edits, spelling
from matching.compare.numbers import national, nationals, subscribers
from matching.compare.screen import Letters
from matching.distinct import packed
from matching.linkage import CLIP, OFFSET, linked
from matching.normal import normalise, normalised
from matching.score import REQUIRED
from matching.statistics import Frequencies

TEXTS = st.lists(st.text("abcmn01 .-é王", max_size=8) | st.sampled_from(["martha", "marhta", "x" * 60]), min_size=1)
RAW = "ab1 .-_@+*'A\t\nÉ王０/:;x()\x1c無\u3000"


def every_pair(texts: list[str]) -> tuple[IntArray, IntArray]:
    one, two = np.meshgrid(np.arange(len(texts)), np.arange(len(texts)))
    return one.ravel(), two.ravel()


@given(TEXTS, st.sampled_from([0.7, 0.78, 0.9]), st.sampled_from([1, 2, 3]))
def test_screen_never_leaves_out_what_is_alike(texts: list[str], least: float, most: int) -> None:
    letters = Letters.of(pa.array(texts, pa.string()))
    values = np.array(texts, dtype=object)
    left, right = every_pair(texts)
    alike = spelling(values[left], values[right]) >= least
    assert not (alike & ~letters.alike(left, letters, right, least)).any()
    near = edits(values[left], values[right]) <= most
    assert not (near & ~letters.near(left, right, most)).any()


def test_screen_leaves_out_strangers() -> None:
    letters = Letters.of(pa.array(["smith", "bluff", "smyth"], pa.string()))
    one, two = np.array([0, 0]), np.array([1, 2])
    assert letters.alike(one, letters, two, 0.78).tolist() == [False, True]
    assert letters.near(one, two, 2).tolist() == [False, True]


@pytest.mark.parametrize("kind", list(Kind))
@given(texts=st.lists(st.text(RAW, max_size=9) | st.sampled_from(["2020-01-05", "+8613812345678", "N/A", "12.00"])))
def test_normalising_many_values_at_once(kind: Kind, texts: list[str]) -> None:
    got = normalised(kind, pa.array(texts, pa.string())).to_pylist()
    assert got == [normalise(kind, text) for text in texts]


@given(st.lists(st.text("+0138*", max_size=14)))
def test_telephone_numbers_at_once(texts: list[str]) -> None:
    numbers = pa.array(texts, pa.string())
    assert nationals(numbers).to_pylist() == [national(t) for t in texts]
    assert subscribers(numbers).to_pylist() == [t[-8:] if len(t) >= 8 and "*" not in t else None for t in texts]


@given(st.lists(st.lists(st.integers(-1, 2**20), min_size=4, max_size=4), min_size=1), st.integers(1, 2**40))
def test_packed_keys_keep_their_order(rows: list[list[int]], scale: int) -> None:
    codes = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    codes[1] = codes[1] * scale  # too wide to share an integer with the others
    plain = np.lexsort(np.array(codes)[::-1])
    np.testing.assert_array_equal(np.lexsort(packed(codes)[::-1]), plain)


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(1, 5)), st.sets(st.text("abc", max_size=3)))
def test_frequencies_of_known_and_unknown_values(counts: dict[str, int], asked: set[str]) -> None:
    names = sorted(counts)
    values = np.array([*names, None], dtype=object)[:-1]
    common = Frequencies.count(values, np.array([counts[n] for n in names], dtype=float), sum(counts.values()))
    found = common.of(np.array([*sorted(asked), None], dtype=object)[:-1])
    assert found.tolist() == [max(counts.get(name, 1), 1) for name in sorted(asked)]


@given(st.integers(3, 9), st.integers(0, 2**32 - 1))
def test_the_tree_is_walked_as_scipy_cuts_it(count: int, seed: int) -> None:
    odds = np.random.default_rng(seed).normal(0, 6, count * (count - 1) // 2).round(3)
    odds[odds > 12] = REQUIRED
    distance = OFFSET + CLIP - np.clip(odds, -CLIP, CLIP)
    distance[odds >= REQUIRED] = 0.0
    tree = linkage(distance, method="average")
    labels = fcluster(tree, OFFSET + CLIP - 1.0 - 1e-9, criterion="distance")
    first = [int(np.flatnonzero(labels == label)[0]) for label in labels]
    found, heights = linked(distance, count, OFFSET + CLIP - 1.0 - 1e-9)
    assert found.tolist() == first
    np.testing.assert_allclose(heights[np.triu_indices(count, 1)], OFFSET + CLIP - cophenet(tree))
