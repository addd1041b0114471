"""Contradictory verdicts are found, whichever way they contradict each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.supervised import Labels, reconcile

VERDICTS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), max_size=25)


def kept(labels: Labels) -> set[tuple[int, int, bool]]:
    return set(zip(labels.left.tolist(), labels.right.tolist(), labels.same.tolist(), strict=True))


def test_a_pair_judged_both_ways_is_a_contradiction() -> None:
    sound, found = reconcile(Labels.of([(1, 2, True), (2, 1, False), (3, 4, True)]))
    assert [one.chain for one in found] == [(1, 2)]
    assert kept(sound) == {(3, 4, True)}


def test_a_chain_of_equals_contradicts_a_difference_between_its_ends() -> None:
    said = [(1, 2, True), (2, 3, True), (3, 4, True), (4, 1, False), (4, 9, False), (2, 7, True)]
    sound, found = reconcile(Labels.of(said))
    assert [one.chain for one in found] == [(1, 2, 3, 4)]
    assert kept(sound) == {(4, 9, False), (2, 7, True)}


def test_what_is_said_twice_counts_once() -> None:
    assert len(Labels.of([(1, 2, True), (2, 1, True), (5, 5, True)])) == 1


@given(VERDICTS)
def test_what_is_kept_never_contradicts_itself(verdicts: list[tuple[int, int, bool]]) -> None:
    sound, found = reconcile(Labels.of(verdicts))
    assert reconcile(sound)[1] == []
    assert len(sound) == len(Labels.of(verdicts)) or found


@given(VERDICTS, st.randoms())
def test_the_order_of_verdicts_does_not_matter(verdicts: list[tuple[int, int, bool]], random: object) -> None:
    shuffled = list(verdicts)
    random.shuffle(shuffled)
    assert kept(reconcile(Labels.of(shuffled))[0]) == kept(reconcile(Labels.of(verdicts))[0])
