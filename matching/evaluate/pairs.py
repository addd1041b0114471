"""Figures where only some pairs are labelled same or different.

They describe the labelled pairs, and the whole table only as far as these were drawn at random from it: pairs picked
because they are hard make an engine look worse than it is, easy ones better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import BoolArray, IntArray
from matching.evaluate.clusters import Figures, shares


@dataclass(frozen=True, slots=True)
class PairEvaluation:
    """Quality of a clustering on labelled pairs.

    Attributes:
        figures: precision among labelled pairs that were merged, recall among those labelled same.
        labelled, same, merged, right: counts of pairs.
    """

    figures: Figures
    labelled: int
    same: int
    merged: int
    right: int

    def to_dict(self) -> Mapping[str, Any]:
        """Return the figures as JSON-serialisable data."""
        counts = {name: getattr(self, name) for name in ("labelled", "same", "merged", "right")}
        return {"figures": self.figures.to_dict(), **counts}


def evaluate_pairs(left: IntArray, right: IntArray, same: BoolArray, merged: BoolArray) -> PairEvaluation:
    """Compare what was merged with what labels say.

    Args:
        left, right: records of each labelled pair, shape (pairs,).
        same: whether the label says they are one customer.
        merged: whether they are in one cluster.

    Returns:
        Figures with 95 % intervals; pairs that share records count as one observation.
    """
    records, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
    a, b = ends[: len(left)], ends[len(left) :]
    edges = coo_array((np.ones(len(a)), (a, b)), shape=(len(records), len(records)))
    unit = connected_components(edges, directed=False)[1][a] if len(records) else a
    hit, found, true = (np.bincount(unit, kind).astype(np.float64) for kind in (same & merged, merged, same))
    return PairEvaluation(
        shares(hit, found, true), len(left), int(same.sum()), int(merged.sum()), int((same & merged).sum())
    )
