"""How good clusters are, where the truth is known: pairwise, B-cubed and exact precision, recall and F1.

Pairwise figures count all true pairs, pairs lost in blocking included. B-cubed (Bagga and Baldwin 1998) averages over
records, so that one huge cluster does not drown the rest. Exact figures ask whether a whole customer came out right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import FloatArray, IntArray
from matching.evaluate.estimate import Estimate, ratio, with_interval


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and their harmonic mean, each 0–1 with its interval, NaN where it is a share of nothing."""

    precision: Estimate
    recall: Estimate
    f1: Estimate

    def to_dict(self) -> Mapping[str, Any]:
        """Return the figures as JSON-serialisable data."""
        return {name: getattr(self, name).to_dict() for name in ("precision", "recall", "f1")}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Quality of one clustering.

    Attributes:
        pairwise: over pairs of records.
        b_cubed: over records.
        exact: over clusters of two and more records: found ones that are a true one, true ones that were found.
        records: records compared with the truth.
        true_pairs, merged_pairs, right_pairs: counts behind the pairwise figures.
        true_clusters, merged_clusters, right_clusters: counts behind the exact figures.
        largest: records in the largest cluster.
    """

    pairwise: Figures
    b_cubed: Figures
    exact: Figures
    records: int
    true_pairs: int
    merged_pairs: int
    right_pairs: int
    true_clusters: int
    merged_clusters: int
    right_clusters: int
    largest: int

    def to_dict(self) -> Mapping[str, Any]:
        """Return the figures as JSON-serialisable data."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: one.to_dict() if isinstance(one, Figures) else one for name, one in found.items()}


def evaluate(clusters: npt.ArrayLike, truth: npt.ArrayLike) -> Evaluation:
    """Compare clusters with the truth.

    Args:
        clusters: one label per record, shape (records,).
        truth: one label per record, shape (records,).

    Returns:
        Figures with 95 % intervals; precision is NaN where nothing was merged, recall where there was nothing to merge.
    """
    one = _Overlap.of(clusters, truth)
    shared, found, true = (_pairs(sizes) for sizes in (one.shared, one.found, one.true))
    right, merged, possible = one.per_unit(shared, "both"), one.per_unit(found, "found"), one.per_unit(true, "true")
    whole = ((one.shared == one.found[one.found_of]) & (one.shared == one.true[one.true_of]) & (one.shared > 1)) * 1
    exact = one.per_unit(whole, "both")
    clusters_found, clusters_true = one.per_unit((one.found > 1) * 1, "found"), one.per_unit((one.true > 1) * 1, "true")
    return Evaluation(
        pairwise=shares(right, merged, possible),
        b_cubed=_b_cubed(one),
        exact=shares(exact, clusters_found, clusters_true),
        records=int(one.found.sum()),
        true_pairs=int(true.sum()),
        merged_pairs=int(found.sum()),
        right_pairs=int(shared.sum()),
        true_clusters=int(clusters_true.sum()),
        merged_clusters=int(clusters_found.sum()),
        right_clusters=int(whole.sum()),
        largest=int(one.found.max(initial=0)),
    )


def shares(right: FloatArray, merged: FloatArray, possible: FloatArray) -> Figures:
    """Return precision, recall and F1 from what each independent unit holds; F1 is a share as well (Dice 1945)."""
    return Figures(ratio(right, merged), ratio(right, possible), ratio(2 * right, merged + possible))


@dataclass(frozen=True, eq=False)
class _Overlap:
    """Two partitions of the same records, crossed.

    ``found`` and ``true`` are sizes of clusters, ``shared`` those of their non-empty intersections, which lie in the
    clusters ``found_of`` and ``true_of``. ``units`` gives, for each of the three, the connected group it belongs to.
    """

    found: IntArray
    true: IntArray
    shared: IntArray
    found_of: IntArray
    true_of: IntArray
    units: Mapping[str, IntArray]
    unit_count: int

    @staticmethod
    def of(clusters: npt.ArrayLike, truth: npt.ArrayLike) -> _Overlap:
        """Cross two labellings."""
        found = np.unique(np.asarray(clusters), return_inverse=True)[1].ravel().astype(np.int64)
        true = np.unique(np.asarray(truth), return_inverse=True)[1].ravel().astype(np.int64)
        width = int(true.max(initial=-1)) + 1
        both, shared = np.unique(found * max(width, 1) + true, return_counts=True)
        found_of, true_of = both // max(width, 1), both % max(width, 1)
        count = int(found.max(initial=-1)) + 1
        edges = coo_array((np.ones(len(both)), (found_of, count + true_of)), shape=(count + width, count + width))
        unit_count, unit = connected_components(edges, directed=False) if len(both) else (0, np.empty(0, np.int32))
        units = {"found": unit[:count], "true": unit[count:], "both": unit[found_of]}
        sizes = (np.bincount(found, minlength=count), np.bincount(true, minlength=width), shared)
        return _Overlap(*sizes, found_of, true_of, units, int(unit_count))

    def per_unit(self, values: npt.NDArray[Any], kind: str) -> FloatArray:
        """Sum ``values``, one per cluster of ``kind``, over each connected group."""
        return np.bincount(self.units[kind], values, minlength=self.unit_count).astype(np.float64)


def _b_cubed(one: _Overlap) -> Figures:
    """Return the figures over records; every record's precision and recall is that of its own intersection."""
    records = one.per_unit(one.shared, "both")
    squared = one.shared.astype(np.float64) ** 2
    pure, whole = (one.per_unit(squared / size, "both") for size in (one.found[one.found_of], one.true[one.true_of]))
    precision, recall = ratio(pure, records), ratio(whole, records)
    if not precision.defined:
        return Figures(precision, recall, precision)
    count, p, r = float(records.sum()), float(precision), float(recall)
    moved = 2 * (r**2 * (pure - p * records) + p**2 * (whole - r * records)) / (p + r) ** 2 / count
    return Figures(precision, recall, with_interval(2 * p * r / (p + r), moved, records))


def _pairs(sizes: IntArray) -> IntArray:
    """Return the number of pairs inside groups of these sizes."""
    return sizes.astype(np.int64) * (sizes.astype(np.int64) - 1) // 2
