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
    """Tell for every distinct record whether it has several rows, and these may agree by chance.

    Args:
        features: compared columns of the distinct records.
        sizes: rows per distinct record.
        rows: of the table the columns' statistics were measured in.
    """
    several = np.flatnonzero(sizes > 1)
    if not len(several):
        return np.zeros(len(sizes), dtype=np.bool_)
    origins: dict[str, FloatArray] = {}
    for one in features:
        share = _share_elsewhere(one, sizes, several)
        origin = group(one.name, one.kind)
        before = origins.get(origin)
        if before is None:
            origins[origin] = share
        else:
            origins[origin] = np.minimum(before, share) if origin in DEPENDENT else before * share
    expected = np.full(len(several), rows)
    for share in origins.values():
        expected *= share
    found = np.zeros(len(sizes), dtype=np.bool_)
    found[several] = (expected >= EXPECTED) & (sizes[several] < EXCESS * (expected + 1))
    return found


def _share_elsewhere(feature: Feature, sizes: IntArray, records: IntArray) -> FloatArray:
    """Return for some records the share of the other records' rows that hold its value; 1 where it has none.

    Of several values the rarest counts.
    """
    known = feature.codes[records] >= 0
    codes = feature.codes[records[known]]
    common = feature.common("row")
    held = common.of(feature.values)[feature.set_elements]
    rarest = np.minimum.reduceat(held, feature.set_offsets[:-1]) if len(held) else held
    own = sizes[records[known]].astype(float)
    others = np.maximum(rarest[codes] - own, 0) + STRENGTH * chance(feature.name, feature.kind)
    share = np.ones(len(records))
    share[known] = np.minimum(others / (np.maximum(common.total - own, 0) + STRENGTH), 1.0)
    return share
