"""How good clusters are, where the truth is known: pairwise and B-cubed precision, recall and F1.

Pairwise figures count all true pairs, pairs lost in blocking included. B-cubed (Bagga and Baldwin 1998) averages over
records, so that one huge cluster does not drown the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and their harmonic mean, each 0–1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Quality of one clustering.

    Attributes:
        pairwise: over pairs of records.
        b_cubed: over records.
        true_pairs, merged_pairs, right_pairs: counts behind the pairwise figures.
        largest: records in the largest cluster.
    """

    pairwise: Figures
    b_cubed: Figures
    true_pairs: int
    merged_pairs: int
    right_pairs: int
    largest: int


def evaluate(clusters: npt.ArrayLike, truth: npt.ArrayLike) -> Evaluation:
    """Compare clusters with the truth.

    Args:
        clusters: one label per record, shape (records,).
        truth: one label per record, shape (records,).

    Returns:
        Figures; precision is 1 where nothing was merged, recall is 1 where there was nothing to merge.
    """
    found = np.unique(np.asarray(clusters), return_inverse=True)[1].ravel().astype(np.int64)
    true = np.unique(np.asarray(truth), return_inverse=True)[1].ravel().astype(np.int64)
    both, shared = np.unique(found * (int(true.max(initial=0)) + 1) + true, return_counts=True)
    found_sizes, true_sizes = np.bincount(found), np.bincount(true)
    width = int(true.max(initial=0)) + 1
    right, merged, possible = _pairs(shared), _pairs(found_sizes), _pairs(true_sizes)
    records = max(len(found), 1)
    squared = shared.astype(float) ** 2
    return Evaluation(
        pairwise=Figures(right / merged if merged else 1.0, right / possible if possible else 1.0),
        b_cubed=Figures(
            float((squared / found_sizes[both // width]).sum() / records) if len(found) else 1.0,
            float((squared / true_sizes[both % width]).sum() / records) if len(found) else 1.0,
        ),
        true_pairs=possible,
        merged_pairs=merged,
        right_pairs=right,
        largest=int(found_sizes.max(initial=0)),
    )


def _pairs(sizes: npt.NDArray[np.int64]) -> int:
    """Return the number of pairs inside groups of these sizes."""
    return int((sizes.astype(np.int64) * (sizes.astype(np.int64) - 1) // 2).sum())
