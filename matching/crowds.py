"""Crowds: customers with many records, whose pairs must not pass for what chance looks like.

A company that fills a quarter of a table under a hundred spellings makes every sixteenth of all pairs its own: names,
places and telephone numbers then seem to agree by chance, and nothing agrees enough to be a match. So what is learned
about pairs counts customers rather than records. Records named the same but for spelling are one crowd; of two crowds
of a and b records each pair counts 1/(a·b), so that they are one pair of strangers, whatever their size; inside a
crowd of a records each counts 2/a, so that it brings one pair for each record more.

Crowds weigh what is learned and decide nothing: two companies of one name stay two. Only names that are enough to merge
by where there is nothing else (``alone`` in ``defaults.yaml``) make them; tables of persons have none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import FloatArray, IntArray, ends_of
from matching.compare.levels import NEAR
from matching.defaults import prior
from matching.patterns import PatternKeys, levels_of
from matching.profile import Feature


def crowds(features: Sequence[Feature], pairs: IntArray, patterns: PatternKeys) -> IntArray | None:
    """Number the crowds.

    Args:
        features: compared columns of the distinct records.
        pairs, patterns: the candidate pairs and their levels, both as one integer each.

    Returns:
        The crowd of every record, shape (records,); ``None`` where every record stands for itself.
    """
    names = [i for i, one in enumerate(features) if prior(one.name, one.kind).alone]
    if not names or not len(features[0].codes):
        return None
    count = len(features[0].codes)
    ends = [_equal(features[i].codes) for i in names]
    ends += [ends_of(pairs[levels_of(patterns, i, len(features)) >= NEAR], count) for i in names]
    a, b = (np.concatenate(side) for side in zip(*ends, strict=True))
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _equal(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs that chain the records of each value together."""
    order = np.argsort(codes, kind="stable")
    one, next_one = order[:-1], order[1:]
    same = (codes[one] == codes[next_one]) & (codes[one] >= 0)
    return one[same], next_one[same]


def weights(crowd: IntArray, left: IntArray, right: IntArray) -> FloatArray:
    """Return what each of some pairs counts, shape (pairs,)."""
    sizes = np.bincount(crowd).astype(float)
    a, b = sizes[crowd[left]], sizes[crowd[right]]
    return np.where(crowd[left] == crowd[right], 2 / a, 1 / (a * b))
