"""Assigns golden ids to the clusters of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cdm.identity.claims import FREE, Claims, Holding, former_claims, live_claims
from cdm.identity.uuid7 import Mint

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Churn:
    """How much the golden ids moved."""

    kept: int
    minted: int
    revived: int
    retired: int
    """Ids that are no more, ``merged`` of them because their records belong to another golden record now."""
    merged: int
    moved: int
    """Source records that belong to another golden record than before."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is who from now on; ``record_ids`` and ``golden_ids`` are aligned with the input of :func:`assign`."""

    record_ids: Ints
    golden_ids: pa.Array
    released: Sequence[int]
    """Records that had a golden record and have none any more, in order."""
    retired: Sequence[str]
    redirects: Sequence[tuple[str, str]]
    """Retired id → id that now holds records of it; an id whose records are all gone has none."""
    churn: Churn


def assign(
    record_ids: Ints, clusters: Ints, *, current: pa.Table, former: pa.Table, live: pa.Array, mint: Mint
) -> Assignment:
    """Give every cluster its golden id.

    Args:
        record_ids: the records that live now, each once.
        clusters: label of each record's cluster; equal labels, same customer.
        current: record_id, golden_id, since_run_id — the crosswalk as it stands.
        former: record_id, golden_id, until_run_id — the records each retired id had when it was retired.
        live: golden ids that are not retired, whether they have records or not.
        mint: makes new ids.

    Returns:
        The assignment. It does not depend on the order of the records or on the labels' values.
    """
    dense = _dense(record_ids, clusters)
    ids = pc.unique(pa.chunked_array([live, *current["golden_id"].chunks, *former["golden_id"].chunks])).sort()
    claims = Claims(np.full(int(dense.max(initial=-1)) + 1, FREE, np.int64), np.zeros(len(ids), bool))
    holding = _holding(record_ids, dense, current, "since_run_id", ids)
    was = _holding(record_ids, dense, former, "until_run_id", ids)
    live_claims(claims, holding, was)
    former_claims(claims, was)
    names = _names(claims.owner, ids, mint)
    retired = sorted(set(live.to_pylist()) - set(names))
    old, new = ids.take(pa.array(holding.golden)).to_pylist(), [names[cluster] for cluster in holding.cluster.tolist()]
    gone = set(retired)
    redirects = sorted({(was, now) for was, now in zip(old, new, strict=True) if was in gone})
    return Assignment(
        record_ids=record_ids,
        golden_ids=pa.array(names, pa.string()).take(pa.array(dense)),
        released=np.setdiff1d(current["record_id"].to_numpy(), record_ids).tolist(),
        retired=retired,
        redirects=redirects,
        churn=Churn(
            kept=len(live) - len(retired),
            minted=int((claims.owner == FREE).sum()),
            revived=int((claims.owner != FREE).sum()) - len(live) + len(retired),
            retired=len(retired),
            merged=len({was for was, _ in redirects}),
            moved=sum(was != now for was, now in zip(old, new, strict=True)),
        ),
    )


def _dense(record_ids: Ints, clusters: Ints) -> Ints:
    """Number the clusters by their smallest record id, so that nothing depends on labels or order."""
    _, labels = np.unique(clusters, return_inverse=True)
    smallest = np.full(int(labels.max(initial=-1)) + 1, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(smallest, labels, record_ids)
    rank = np.empty(len(smallest), np.int64)
    rank[np.argsort(smallest, kind="stable")] = np.arange(len(smallest))
    return rank[labels]


def _holding(record_ids: Ints, dense: Ints, table: pa.Table, run: str, ids: pa.Array) -> Holding:
    """Return the rows of ``table`` whose record lives now, with the record's present cluster."""
    records = table["record_id"].to_numpy().astype(np.int64)
    order = np.argsort(record_ids, kind="stable")
    at = np.searchsorted(record_ids, records, sorter=order)
    at = np.minimum(at, len(record_ids) - 1) if len(record_ids) else at
    alive = record_ids[order[at]] == records if len(record_ids) else np.zeros(len(records), bool)
    golden = pc.index_in(table["golden_id"], value_set=ids).to_numpy().astype(np.int64)
    runs = table[run].to_numpy().astype(np.int64)
    clusters = dense[order[at[alive]]] if len(record_ids) else np.empty(0, np.int64)
    return Holding(clusters, golden[alive], runs[alive])


def _names(owner: Ints, ids: pa.Array, mint: Mint) -> list[str]:
    fresh = np.flatnonzero(owner == FREE)
    names: list[str] = ids.take(pa.array(owner, mask=owner == FREE)).to_pylist()
    for cluster, name in zip(fresh.tolist(), mint(len(fresh)), strict=True):
        names[cluster] = name
    return names
