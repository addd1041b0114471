"""Laws every comparison and every clustering obeys, whatever the values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Kind, MatchColumn, MatchSettings, match
from matching.compare import comparable, compare_feature, measured
from matching.compare.levels import COMMON, MISSING, RARE
from matching.encode import encode
from matching.normal import normalise
from matching.profile import feature
from schemas.types import SemanticType

ALPHABETS = {
    Kind.NAME: "abcdeü 王李明晓-'",
    Kind.GIVEN: "abij. 伟芳娜娟",
    Kind.PINYIN: "zhangwei liuao",
    Kind.ORGANIZATION: "ab &科技上海有限\ufdd0",
    Kind.ADDRESS: "ab 12路\ufdd0",
    Kind.TEXT: "abc 12路街号,",
    Kind.EMAIL: "abc.@info",
    Kind.PHONE: "+138*0 ",
    Kind.DATE: "0129-/",
    Kind.CODE: "ab12- ",
    Kind.DIGITS: "0123.",
    Kind.WEBSITE: "w./:ab2",
    Kind.CATEGORY: "男女mf",
}


@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_comparison_is_symmetric_in_range_and_full_on_identity(kind: Kind, data: st.DataObject) -> None:
    text = st.none() | st.text(ALPHABETS[kind], max_size=12)
    values = data.draw(st.lists(text, min_size=2, max_size=8))
    column = MatchColumn("x", kind=kind)
    one = comparable(measured(feature(encode(column, pa.table({"x": pa.array(values, pa.string())})))))
    left, right = (a.ravel() for a in np.meshgrid(np.arange(len(values)), np.arange(len(values))))
    levels = compare_feature(one, left, right)
    np.testing.assert_array_equal(levels, compare_feature(one, right, left))
    assert levels.min() >= MISSING
    assert levels.max() <= RARE
    if kind is Kind.ADDRESS:  # a place alone is no full agreement, and two addresses may share no known level
        return
    known = np.array([v is not None and normalise(kind, v) is not None for v in values])
    if kind is Kind.ORGANIZATION:  # a Chinese name and its translation cannot be compared
        assert (levels[~(known[left] & known[right])] == MISSING).all()
    else:
        np.testing.assert_array_equal(levels == MISSING, ~(known[left] & known[right]))
    assert (levels[(left == right) & known[left]] >= COMMON).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text("138*", min_size=4, max_size=9), max_size=3), min_size=2, max_size=6))
def test_several_values_compare_as_their_best_pair(phones: list[list[str]]) -> None:
    column = MatchColumn("x", kind=Kind.PHONE)
    several = feature(encode(column, pa.table({"x": pa.array(phones, pa.list_(pa.string()))})))
    for i in range(len(phones)):
        for j in range(len(phones)):
            got = compare_feature(several, np.array([i]), np.array([j]))[0]
            mine = several.set_elements[several.set_offsets[several.codes[i]] :][: len({*phones[i]})]
            if got == MISSING:
                assert several.codes[i] < 0 or several.codes[j] < 0
                continue
            other = set(phones[j]) & set(phones[i])
            shared = {normalise(Kind.PHONE, p) for p in other} - {None}
            assert (got >= COMMON) == bool(shared) or len(mine) == 0


NAMES = st.sampled_from(["王伟", "王芳", "李娜", "张静", "欧阳修", "john smith", "jon smith", "j smith", None])
CITIES = st.sampled_from(["上海", "北京", None])
PHONES = st.sampled_from(["13800000001", "13800000002", "13900001234", "139****1234", None])
ROWS = st.lists(st.tuples(NAMES, CITIES, PHONES), min_size=1, max_size=14)


def columns() -> list[MatchColumn]:
    return [
        MatchColumn("full_name", SemanticType.PERSON_NAME),
        MatchColumn("city", SemanticType.CITY),
        MatchColumn("phone", SemanticType.PHONE),
    ]


def table_of(rows: list[tuple[str | None, ...]]) -> pa.Table:
    return pa.table(
        {name: pa.array([r[i] for r in rows], pa.string()) for i, name in enumerate(("full_name", "city", "phone"))}
    )


def partition(labels: np.ndarray, names: list[int]) -> set[frozenset[int]]:
    return {frozenset(names[i] for i in np.flatnonzero(labels == label)) for label in set(labels.tolist())}


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_small_tables_do_not_depend_on_row_order(rows: list[tuple[str | None, ...]], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight = match(table_of(rows), columns())
    shuffled = match(table_of([rows[i] for i in order]), columns())
    assert partition(straight.clusters, list(range(len(rows)))) == partition(shuffled.clusters, order)
    assert straight.review.num_rows == shuffled.review.num_rows


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_labels_name_the_smallest_row_and_links_are_sound(rows: list[tuple[str | None, ...]]) -> None:
    result = match(table_of(rows), columns(), settings=MatchSettings())
    labels = result.clusters
    assert (labels <= np.arange(len(rows))).all()
    assert (labels[labels] == labels).all()
    left, right = result.links["left"].to_numpy(), result.links["right"].to_numpy()
    assert (left < right).all()
    odds = result.links["probability"].to_numpy()
    assert ((odds >= 0) & (odds <= 1)).all()
    asked = zip(result.review["left"].to_pylist(), result.review["right"].to_pylist(), strict=True)
    assert all(labels[a] != labels[b] for a, b in asked)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_explanation_adds_up(rows: list[tuple[str | None, ...]]) -> None:
    result = match(table_of(rows), columns())
    why = result.explain(0, len(rows) - 1)
    total = why.prior + sum(f.weight for f in why.fields) + why.related + why.limited + why.identifiers
    total += why.calibration + why.ruled
    assert total == pytest.approx(why.total, abs=1e-6)
    assert why.probability == pytest.approx(1 / (1 + 2.0**-why.total), abs=1e-9)
