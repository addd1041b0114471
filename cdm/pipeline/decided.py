"""Stewards' decisions as the matching engine takes them: pairs of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cdm.store.decisions import Decision

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Decided:
    """Row pairs that are one customer, and row pairs that are not, whatever their score."""

    same: Pairs
    different: Pairs


UNDECIDED = Decided([], [])


def decided_pairs(decisions: Sequence[Decision], record_ids: np.ndarray) -> Decided:
    """Turn decisions about records into pairs of rows.

    Args:
        decisions: binding ones.
        record_ids: id of every row's record, ascending.

    Returns:
        The pairs; records that do not live now are left out, the rest of their decision holds.
    """
    row = {int(record): at for at, record in enumerate(record_ids)} if decisions else {}
    same: Pairs = []
    different: Pairs = []
    for one in decisions:
        alive = _alive(one, row)
        same += [(row[a], row[b]) for a, b in alive.must_link()]
        different += [(row[a], row[b]) for a, b in alive.cannot_link()]
    return Decided(same, different)


def _alive(one: Decision, row: dict[int, int]) -> Decision:
    """Return the decision for the records that live: a chain of equals must not break at one that is gone."""
    parts = [[record for record in part if record in row] for part in one.parts]
    return replace(one, parts=[part for part in parts if part])
