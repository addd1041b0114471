"""Finds the decisions that a new one would contradict, directly or through others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from cdm.store.decisions import Decision, NewDecision, Verdict


def contradicted(new: NewDecision, binding: Sequence[Decision]) -> list[Decision]:
    """Return the binding decisions that cannot hold together with a new one.

    Args:
        new: the decision about to be made.
        binding: decisions that hold and agree with each other.

    Returns:
        Those that must be withdrawn first: they say "different" about records that would be joined, or they join, in a
        chain, records that would be set apart. Empty where all can hold.
    """
    against: list[Decision] = []
    if new.kind is not Verdict.DIFFERENT:
        root = _joined([*(one.must_link() for one in binding), *_chains(new)])
        against += [
            one for one in binding if any(root(a) == root(b) for a, b in one.cannot_link() if _touches(root, new, a))
        ]
    if new.kind is not Verdict.SAME:
        root = _joined(one.must_link() for one in binding)
        groups = [{root(record) for record in part} for part in new.parts]
        shared = {g for i, one in enumerate(groups) for other in groups[i + 1 :] for g in one & other}
        against += [one for one in binding if any(root(a) in shared for a, _ in one.must_link())]
    return sorted({one.id: one for one in against}.values(), key=lambda one: one.id)


class _Roots(dict[int, int]):
    """Disjoint sets of records."""

    def __call__(self, record: int) -> int:
        while self.get(record, record) != record:
            record = self[record]
        return record


def _joined(chains: Iterable[Sequence[tuple[int, int]]]) -> _Roots:
    roots = _Roots()
    for chain in chains:
        for a, b in chain:
            low, high = sorted((roots(a), roots(b)))
            roots[high] = low
    return roots


def _chains(new: NewDecision) -> list[list[tuple[int, int]]]:
    return [list(pairwise(part)) for part in new.parts]


def _touches(root: _Roots, new: NewDecision, record: int) -> bool:
    """Tell whether a record would be joined with any the decision is about."""
    mine = {root(part[0]) for part in new.parts if part}
    return root(record) in mine
