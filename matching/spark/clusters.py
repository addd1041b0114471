"""Clusters on a cluster: components by alternating stars, each then judged whole by the local clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from matching.cluster import LINK
from matching.score import log_odds
from matching.spark.batches import mapped, mapped_whole
from matching.spark.components import components
from matching.spark.kernel import RECORD, Kernel

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

FOUND = "left bigint, right bigint, free double"
"""A link and its odds had no steward decided; without odds a record and the smallest record of its cluster."""


def clustered(links: DataFrame, records: DataFrame, kernel: Broadcast[Kernel]) -> tuple[DataFrame, DataFrame]:
    """Cluster records.

    Args:
        links: scored candidate pairs, at least all those that join a component.
        records: distinct records as cells.
        kernel: broadcast to the workers.

    Returns:
        ``record``, ``cluster`` of the records in clusters of several, by the smallest record; and all pairs inside
        components, ``a``, ``b``, ``free``.
    """
    from pyspark.sql import functions as f

    joining = links.where(f.col("odds") > LINK)
    labels = components(joining.select("a", "b"))
    own = joining.groupBy(f.col("a").alias(RECORD)).agg(
        f.collect_list("b").alias("to"), f.collect_list("odds").alias("odds")
    )
    members = labels.join(records, RECORD).join(own, RECORD, "left")
    found = mapped_whole(members, kernel, "component", _cluster, FOUND).persist()
    clusters = found.where("free is null").selectExpr(f"left as {RECORD}", "right as cluster")
    return clusters, found.where("free is not null").selectExpr("left as a", "right as b", "free")


def _cluster(kernel: Kernel, table: pa.Table) -> pa.Table:
    """Cluster whole components."""
    to, odds = table.column("to").combine_chunks(), table.column("odds").combine_chunks()
    ids = table.column(RECORD).to_numpy()
    a = ids[pa.compute.list_parent_indices(to).to_numpy()]
    batch, found = kernel.cluster(table, a, to.flatten().to_numpy(), odds.flatten().to_numpy())
    keep = found.odds > log_odds(kernel.settings.review)
    one, other = batch.ids[found.left[keep]], batch.ids[found.right[keep]]
    smallest = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(smallest, found.labels, batch.ids)
    several = np.bincount(found.labels, minlength=len(ids))[found.labels] > 1
    return pa.table(
        {
            "left": np.concatenate([np.minimum(one, other), batch.ids[several]]),
            "right": np.concatenate([np.maximum(one, other), smallest[found.labels[several]]]),
            "free": pa.array(
                np.concatenate([found.odds[keep], np.zeros(several.sum())]),
                mask=np.concatenate([np.zeros(keep.sum(), bool), np.ones(several.sum(), bool)]),
            ),
        }
    )


def copies(groups: DataFrame, records: DataFrame, kernel: Broadcast[Kernel]) -> DataFrame:
    """Return ``record``, ``odds``, ``mergeable`` of the records that several rows say: are these one customer?

    Args:
        groups: ``record``, ``size``.
        records: distinct records as cells.
        kernel: broadcast to the workers.
    """
    several = records.join(groups.where("size > 1"), RECORD)
    return mapped(several, kernel, Kernel.own, "record bigint, odds double, mergeable boolean")
