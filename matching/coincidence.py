"""Rows that say exactly the same: one customer, or chance?

Equal rows were made one record before anything was learned, so learning never saw how often whole rows agree by chance.
Four rows that say no more than ``王 伟`` among a hundred thousand are four persons. The test: how many rows would say
the same if the other rows' values were combined at random?
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray
from matching.defaults import chance, group
from matching.profile import Feature

EXPECTED = 0.05
"""Equal rows are taken for chance where at least this many are expected by chance …"""
EXCESS = 5.0
"""… and there are not this many times more of them."""
STRENGTH = 200.0
"""Rows the shipped chance agreement of a column is worth."""
DEPENDENT = frozenset({"address", "place", "weak"})
"""Origins whose columns follow from one another: only the most telling one counts."""


def coincidental(features: Sequence[Feature], sizes: IntArray, rows: float) -> BoolArray:
    """Tell for every distinct record whether its rows may agree by chance.

    Args:
        features: compared columns of the distinct records.
        sizes: rows per distinct record.
        rows: of the table the columns' statistics were measured in.
    """
    origins: dict[str, FloatArray] = {}
    for one in features:
        share = _share_elsewhere(one, sizes)
        origin = group(one.name, one.kind)
        before = origins.get(origin)
        if before is None:
            origins[origin] = share
        else:
            origins[origin] = np.minimum(before, share) if origin in DEPENDENT else before * share
    expected = np.full(len(sizes), rows)
    for share in origins.values():
        expected *= share
    return np.asarray((expected >= EXPECTED) & (sizes < EXCESS * (expected + 1)))


def _share_elsewhere(feature: Feature, sizes: IntArray) -> FloatArray:
    """Return per record the share of the other records' rows that hold its value; 1 where it has none.

    Of several values the rarest counts.
    """
    known = np.flatnonzero(feature.codes >= 0)
    width = np.diff(feature.set_offsets)
    common = feature.common("row")
    rarest = np.full(len(width), np.inf)
    held = common.of(feature.values)
    np.minimum.at(rarest, np.repeat(np.arange(len(width)), width), held[feature.set_elements])
    own = sizes[known].astype(float)
    others = np.maximum(rarest[feature.codes[known]] - own, 0) + STRENGTH * chance(feature.name, feature.kind)
    share = np.ones(len(sizes))
    share[known] = np.minimum(others / (np.maximum(common.total - own, 0) + STRENGTH), 1.0)
    return share
