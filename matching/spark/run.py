"""The parts of one run that several stages share: distinct records, and what becomes of rows and links in the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from matching.explain import BITS
from matching.score import log_odds, probability
from matching.spark.batches import mapped
from matching.spark.clusters import copies
from matching.spark.kernel import RECORD, UNSETTLED, Kernel
from matching.spark.scores import shared_identifiers

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

LINKS = "left bigint, right bigint, probability double, weight double, proposed boolean"


@dataclass(frozen=True)
class Run:
    """Rows and the distinct records they say.

    Attributes:
        kernel: broadcast to the workers.
        cells: ``record`` (the row's number), ``content`` and the cells of every row.
        groups: ``content``, ``first`` (its smallest row), ``size``.
        distinct: ``record`` and cells of the distinct records.
        count: how many distinct records there are.
    """

    kernel: Broadcast[Kernel]
    cells: DataFrame
    groups: DataFrame
    distinct: DataFrame
    count: int

    @staticmethod
    def of(rows: DataFrame, kernel: Kernel) -> Run:
        """Normalise rows and find the distinct records; look which identifiers are shared."""
        from pyspark.sql import functions as f

        context = rows.sparkSession.sparkContext
        sent = context.broadcast(kernel)
        text = ", ".join(f"{cell} string" for cell in kernel.cells)
        cells = mapped(rows, sent, Kernel.normalise, f"{RECORD} bigint, content binary, {text}").persist()
        groups = cells.groupBy("content").agg(f.min(RECORD).alias("first"), f.count("*").alias("size")).persist()
        firsts = groups.select(f.col("first").alias(RECORD))
        distinct = cells.drop("content").join(firsts, RECORD).persist()
        found = Run(sent, cells, groups, distinct, groups.count())
        shared = shared_identifiers(distinct, sent)
        if not shared:
            return found
        known = {name: {*values, *shared.get(name, ())} for name, values in {**shared, **kernel.model.shared}.items()}
        model = replace(kernel.model, shared={name: tuple(sorted(values)) for name, values in known.items()})
        return replace(found, kernel=context.broadcast(replace(kernel, model=model)))

    @cached_property
    def copies(self) -> DataFrame:
        """``first``, ``own`` (log odds) and ``mergeable`` of the records that several rows say."""
        sizes = self.groups.selectExpr(f"first as {RECORD}", "size")
        own = copies(sizes, self.distinct, self.kernel)
        return own.selectExpr(f"{RECORD} as first", "odds as own", "mergeable").persist()

    @cached_property
    def records(self) -> DataFrame:
        """The distinct records and whether they are unsettled."""
        from pyspark.sql import functions as f

        unsettled = self.copies.where("not mergeable").select(
            f.col("first").alias(RECORD), f.lit(True).alias(UNSETTLED)
        )
        return self.distinct.join(unsettled, RECORD, "left").fillna(value=False, subset=[UNSETTLED])

    def labels(self, clusters: DataFrame) -> DataFrame:
        """Return ``row``, ``cluster``: the smallest row of its cluster.

        Rows that say the same are one customer where what they say is enough, or where their record belongs to a larger
        cluster.
        """
        from pyspark.sql import functions as f

        known = clusters.withColumnsRenamed({RECORD: "first"})
        groups = self.groups.join(known, "first", "left").join(self.copies, "first", "left")
        own = f.when(f.col("mergeable"), f.col("first")).otherwise(f.col(RECORD))
        rows = self.cells.select(RECORD, "content").join(groups, "content")
        return rows.select(f.col(RECORD).alias("row"), f.coalesce("cluster", own).alias("cluster")).persist()

    def links(self, scored: DataFrame, inside: DataFrame) -> DataFrame:
        """Return the links above the review threshold, those between rows that say the same among them.

        Args:
            scored: candidate pairs.
            inside: all pairs inside components.
        """
        from pyspark.sql import functions as f

        least = log_odds(self.kernel.value.settings.review)
        every = scored.select("a", "b", "free", "proposed").union(inside.withColumn("proposed", f.lit(False)))
        once = every.where(f.col("free") > least).groupBy("a", "b").agg(f.max("free"), f.max("proposed"))
        same = self.copies.where(f.col("own") > least).join(self.groups, "first").select("content", "first", "own")
        equal = self.cells.select(RECORD, "content").join(same, "content").where(f.col(RECORD) != f.col("first"))
        found = once.union(equal.select("first", RECORD, "own", f.lit(True)))
        return mapped(found, self.kernel, _weighed, LINKS).orderBy("left", "right").persist()

    def review(self, links: DataFrame, labels: DataFrame) -> DataFrame:
        """Return the best link between any two clusters, most probable first; none where a steward has decided."""
        from pyspark.sql import Window
        from pyspark.sql import functions as f

        pair = ("one", "other")
        order = (f.col("probability").desc(), "left", "right")
        apart = _between(links, labels).where("one <> other")
        kernel = self.kernel.value
        if len(kernel.cannot):
            told = links.sparkSession.createDataFrame(kernel.cannot.tolist(), "left bigint, right bigint")
            apart = apart.join(_between(told, labels).select(*pair), list(pair), "left_anti")
        best = apart.withColumn("place", f.row_number().over(Window.partitionBy(*pair).orderBy(*order)))
        asked = best.where("place = 1").orderBy(*order).limit(kernel.settings.review_limit)
        return asked.select("left", "right", "probability")


def _between(pairs: DataFrame, labels: DataFrame) -> DataFrame:
    """Add the clusters of pairs of rows, the smaller one first."""
    for side in ("left", "right"):
        pairs = pairs.join(labels.selectExpr(f"row as {side}", f"cluster as {side}_cluster"), side)
    ends = "least(left_cluster, right_cluster) as one", "greatest(left_cluster, right_cluster) as other"
    return pairs.selectExpr("*", *ends)


def _weighed(kernel: Kernel, table: pa.Table) -> pa.Table:
    """Return links with probability and weight in bits."""
    a, b, odds, proposed = (column.to_numpy() for column in table.columns)
    weights = {"probability": probability(odds), "weight": np.asarray(odds) * BITS}
    return pa.table({"left": a, "right": b, **weights, "proposed": proposed})
