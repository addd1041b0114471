"""Stewards' decisions as the matching engine takes them: pairs of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cdm.store.chains import Chained
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
        The pairs. Records that do not live now have no row, yet whom they were said to be, or not to be, still holds
        for the others.
    """
    row = {int(record): at for at, record in enumerate(record_ids)} if decisions else {}
    root = Chained(pair for one in decisions for pair in one.must_link())
    alive: dict[int, list[int]] = {}
    for record in sorted({record for one in decisions for part in one.parts for record in part} & row.keys()):
        alive.setdefault(root(record), []).append(row[record])

    def standing(record: int) -> int | None:
        return row.get(record, next(iter(alive.get(root(record), ())), None))

    apart = dict.fromkeys((standing(a), standing(b)) for one in decisions for a, b in one.cannot_link())
    different = [(a, b) for a, b in apart if a is not None and b is not None]
    return Decided([pair for rows in alive.values() for pair in pairwise(rows)], different)
