"""Finds the decisions that a new one would contradict, directly or through others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cdm.store.chains import Chained
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
        root = Chained(pair for chain in (*(one.must_link() for one in binding), *_chains(new)) for pair in chain)
        against += [
            one for one in binding if any(root(a) == root(b) for a, b in one.cannot_link() if _touches(root, new, a))
        ]
    if new.kind is not Verdict.SAME:
        root = Chained(pair for one in binding for pair in one.must_link())
        groups = [{root(record) for record in part} for part in new.parts]
        shared = {g for i, one in enumerate(groups) for other in groups[i + 1 :] for g in one & other}
        against += [one for one in binding if any(root(a) in shared for a, _ in one.must_link())]
    return sorted({one.id: one for one in against}.values(), key=lambda one: one.id)


def _chains(new: NewDecision) -> list[list[tuple[int, int]]]:
    return [list(pairwise(part)) for part in new.parts]


def _touches(root: Chained, new: NewDecision, record: int) -> bool:
    """Tell whether a record would be joined with any the decision is about."""
    mine = {root(part[0]) for part in new.parts if part}
    return root(record) in mine
