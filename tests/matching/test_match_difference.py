"""Two clusterings compared: nothing changes between equals, and every change is told once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.difference import difference

LABELS = st.integers(0, 40).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 6), min_size=n, max_size=n) for _ in range(2)])
)


def test_merges_splits_and_regroupings_are_told_apart() -> None:
    before = [0, 0, 1, 1, 2, 2, 3, 3, 3, 4]
    after = [0, 0, 0, 0, 5, 6, 7, 7, 8, 8]
    found = difference(before, after)
    assert [one.kind for one in found.changes] == ["merge", "regroup", "split"]
    merged = found.changes[0]
    assert [part.tolist() for part in merged.before] == [[0, 1], [2, 3]]
    assert [part.tolist() for part in merged.after] == [[0, 1, 2, 3]]
    assert (found.before, found.after, found.joined, found.parted) == (5, 5, 5, 3)
    assert found.churn == 1.0


def test_no_rows_change_nothing() -> None:
    found = difference([], [])
    assert (found.rows, found.churn, found.changes) == (0, 0.0, [])


@given(LABELS)
def test_what_labels_are_called_does_not_matter(labels: tuple[list[int], list[int]]) -> None:
    before = np.array(labels[0])
    assert difference(before, before * 7 + 3).changes == []


@given(LABELS)
def test_every_row_that_moves_is_in_one_change(labels: tuple[list[int], list[int]]) -> None:
    before, after = labels
    found = difference(before, after)
    told = [row for one in found.changes for part in one.before for row in part.tolist()]
    assert len(told) == len(set(told))
    for row in range(len(before)):
        members = [{i for i, x in enumerate(side) if x == side[row]} for side in (before, after)]
        assert (row in told) == (members[0] != members[1])
    back = difference(after, before)
    assert (back.joined, back.parted) == (found.parted, found.joined)
    assert back.count("merge") == found.count("split")
