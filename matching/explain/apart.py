"""What keeps two clusters apart whatever a pair between them says: identifiers of their other records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from matching.arrays import IntArray
from matching.explain.reasons import Reason


class Said(Protocol):
    """Returns what one row says in one identifier."""

    def __call__(self, name: str, row: int) -> str | None:
        """Return the value as it came."""


def held_apart(
    identifiers: dict[str, IntArray], clusters: IntArray, left: IntArray, right: IntArray, said: Said
) -> list[Sequence[Reason]]:
    """Return, per pair, the identifiers in which other records of the two clusters hold valid, different values.

    Pairs of one cluster, and pairs that differ in the identifier themselves, have none of it.

    Args:
        identifiers: identifier → one code per row, -1 where it holds no valid value of its own.
        clusters: label of every row.
        left, right: the rows of the pairs.
        said: what stands in a row, in words.
    """
    members = _members(clusters, np.concatenate([left, right]))
    found: list[Sequence[Reason]] = []
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        mine, theirs = members[clusters[one]], members[clusters[other]]
        reasons = []
        for name, codes in identifiers.items():
            own = codes[one], codes[other]
            if clusters[one] == clusters[other] or (min(own) >= 0 and own[0] != own[1]):
                continue
            if (ends := _differing(codes, mine, theirs)) is not None:
                reasons.append(Reason("identifier_apart", (name,), said(name, ends[0]), said(name, ends[1])))
        found.append(reasons)
    return found


def _members(clusters: IntArray, rows: IntArray) -> dict[int, IntArray]:
    """Return the rows of each cluster that some rows are in, rising."""
    wanted = np.zeros(int(clusters.max()) + 1, dtype=np.bool_)
    wanted[clusters[rows]] = True
    inside = np.flatnonzero(wanted[clusters])
    inside = inside[np.argsort(clusters[inside], kind="stable")]
    labels, starts = np.unique(clusters[inside], return_index=True)
    return dict(zip(labels.tolist(), np.split(inside, starts[1:]), strict=True))


def _differing(codes: IntArray, mine: IntArray, theirs: IntArray) -> tuple[int, int] | None:
    """Return the first row of each side whose values differ; ``None`` where no two do."""
    mine, theirs = mine[codes[mine] >= 0], theirs[codes[theirs] >= 0]
    for row in mine.tolist():
        against = theirs[codes[theirs] != codes[row]]
        if len(against):
            return row, int(against[0])
    return None
