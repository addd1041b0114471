"""Which cluster has the best claim to which id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

FREE = -1
"""Owner of a cluster that has no id yet."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Records that live now and an id they belong or belonged to; arrays of one length."""

    cluster: Ints
    """The record's present cluster."""
    golden: Ints
    """Position of the id in the sorted list of all ids: the smaller, the older."""
    run: Ints
    """The run since which (or until which) the record belongs (belonged) to the id."""


@dataclass(slots=True)
class Claims:
    """What is decided so far: the id of each cluster, and which ids are taken."""

    owner: Ints
    taken: npt.NDArray[np.bool_]

    def grant(self, clusters: Ints, golden: Ints) -> None:
        """Go through claims in the given order; each cluster gets one id and each id goes to one cluster."""
        for cluster, identity in zip(clusters.tolist(), golden.tolist(), strict=True):
            if self.owner[cluster] == FREE and not self.taken[identity]:
                self.owner[cluster] = identity
                self.taken[identity] = True


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Distinct (cluster, id) pairs with what their records say."""

    cluster: Ints
    golden: Ints
    shared: Ints
    runs: Ints
    """Sum of the runs; among pairs of equally many records, the smaller, the longer they belong."""
    earliest: Ints
    latest: Ints


def live_claims(claims: Claims, now: Holding, was: Holding) -> None:
    """Decide about the ids that are not retired.

    An id that no other cluster claims stays where it is. Where the records of an id fall apart, a part that is exactly
    what was merged into it later steps back into its former id, if another part keeps the id; then the part with most
    records keeps the id (ties: the part that belongs longest, the older id, the smallest record id).

    Args:
        claims: decided further in place.
        now: the present holders of live ids.
        was: the former holders of retired ids.
    """
    pairs = _pairs(now)
    alone = (_times(pairs.cluster) == 1) & (_times(pairs.golden) == 1)
    claims.owner[pairs.cluster[alone]] = pairs.golden[alone]
    claims.taken[pairs.golden[alone]] = True
    order = np.lexsort((pairs.cluster, pairs.golden, pairs.runs, -pairs.shared))
    order = order[~alone[order]]
    cluster, former = _stepping_back(claims, pairs, was)
    trial = Claims(claims.owner.copy(), claims.taken.copy())
    trial.grant(cluster, former)
    trial.grant(pairs.cluster[order], pairs.golden[order])
    left = np.full(len(claims.owner), FREE, np.int64)
    left[pairs.cluster] = pairs.golden
    kept = trial.taken[left[cluster]]
    claims.grant(cluster[kept], former[kept])
    claims.grant(pairs.cluster[order], pairs.golden[order])


def former_claims(claims: Claims, was: Holding) -> None:
    """Give retired ids back to clusters without one that hold most of the records the id had when it was retired.

    Args:
        claims: decided further in place.
        was: the former holders of retired ids.
    """
    pairs = _pairs(was)
    sizes = np.bincount(was.golden, minlength=len(claims.taken))
    fit = 2 * pairs.shared > sizes[pairs.golden]
    order = np.lexsort((pairs.cluster, pairs.golden, -pairs.latest, -pairs.shared))
    order = order[fit[order]]
    claims.grant(pairs.cluster[order], pairs.golden[order])


def _stepping_back(claims: Claims, now: _Pairs, was: Holding) -> tuple[Ints, Ints]:
    """Return the clusters that are exactly what was merged into an id later, and the id each had before."""
    if not len(now.cluster) or not len(was.cluster):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    contested = (_times(now.golden) > 1) & (_times(now.cluster) == 1)
    eldest = np.full(len(claims.taken), np.iinfo(np.int64).max, np.int64)
    np.minimum.at(eldest, now.golden, now.earliest)
    # All its records joined together, and later than others that are still there.
    joined = contested & (now.earliest == now.latest) & (now.earliest > eldest[now.golden])
    since = np.full(len(claims.owner), -1, np.int64)
    since[now.cluster[joined]] = now.earliest[joined]
    held = np.zeros(len(claims.owner), np.int64)
    np.add.at(held, now.cluster, now.shared)
    before = _pairs(was)
    whole = before.shared == np.bincount(was.golden, minlength=len(claims.taken))[before.golden]
    same = whole & (before.shared == held[before.cluster]) & (before.latest == since[before.cluster])
    return before.cluster[same], before.golden[same]


def _pairs(holding: Holding) -> _Pairs:
    width = int(holding.golden.max(initial=0)) + 1
    codes, inverse, shared = np.unique(
        holding.cluster * width + holding.golden, return_inverse=True, return_counts=True
    )
    runs = np.zeros(len(codes), np.int64)
    np.add.at(runs, inverse, holding.run)
    earliest = np.full(len(codes), np.iinfo(np.int64).max, np.int64)
    np.minimum.at(earliest, inverse, holding.run)
    latest = np.zeros(len(codes), np.int64)
    np.maximum.at(latest, inverse, holding.run)
    return _Pairs(codes // width, codes % width, shared.astype(np.int64), runs, earliest, latest)


def _times(values: Ints) -> Ints:
    """Return how often each value occurs, aligned with the values."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return counts[inverse].astype(np.int64)
