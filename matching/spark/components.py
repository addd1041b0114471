"""Connected components on a cluster: every record gets the smallest record it is linked to, however far away.

Two steps are repeated until nothing changes. *Large-star* hooks the larger neighbours of every record to the smallest
record in its neighbourhood, *small-star* the smaller ones; both keep what is connected connected, and paths shrink
until every component is one star. Source: Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii: Connected Components in
MapReduce and Beyond, SoCC 2014; alternating the two takes O(log² n) rounds at most, about log n in practice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def components(edges: DataFrame) -> DataFrame:
    """Label connected records.

    Args:
        edges: columns ``a``, ``b`` (bigint), in any order, repeated or not; ``a`` differs from ``b``.

    Returns:
        Columns ``record``, ``component``: every record of ``edges`` once, with the smallest record of its component.
    """
    from pyspark.sql import functions as f

    before: tuple[int, int] | None = None
    star = settled(edges.select(f.greatest("a", "b").alias("a"), f.least("a", "b").alias("b")).distinct())
    while before != (now := _fingerprint(star)):
        before = now
        star = settled(small_star(large_star(star)))
    hooked = star.select(f.col("a").alias("record"), f.col("b").alias("component"))
    heads = star.select(f.col("b").alias("record"), f.col("b").alias("component"))
    return hooked.union(heads).distinct()


def large_star(edges: DataFrame) -> DataFrame:
    """Hook every neighbour larger than a record to the smallest of the record and its neighbours."""
    from pyspark.sql import functions as f

    both = edges.union(edges.select(f.col("b").alias("a"), f.col("a").alias("b")))
    return _hooked(both).where("b > a").select(f.col("b").alias("a"), f.col("m").alias("b"))


def small_star(edges: DataFrame) -> DataFrame:
    """Hook a record and every neighbour smaller than it to the smallest of them."""
    from pyspark.sql import functions as f

    down = edges.select(f.greatest("a", "b").alias("a"), f.least("a", "b").alias("b"))
    both = f.explode(f.array("a", "b")).alias("a")
    return _hooked(down).select(both, f.col("m").alias("b")).where("a <> b").distinct()


def _hooked(edges: DataFrame) -> DataFrame:
    """Add ``m``: the smallest of record ``a`` and all its neighbours ``b``."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    smallest = f.min("b").over(Window.partitionBy("a"))
    return edges.withColumn("m", f.least("a", smallest))


def _fingerprint(edges: DataFrame) -> tuple[int, int]:
    """Return a count and a sum of hashes that change when the edges do."""
    from pyspark.sql import functions as f

    found = edges.agg(f.count("*"), f.coalesce(f.sum(f.xxhash64("a", "b").cast("decimal(38,0)")), f.lit(0))).first()
    return (int(found[0]), int(found[1])) if found is not None else (0, 0)


def settled(frame: DataFrame) -> DataFrame:
    """Return the same rows, computed once: later rounds must not repeat the earlier ones.

    Kept in the checkpoint folder where the session has one (it survives the loss of a machine), else with the workers.
    """
    context = frame.sparkSession.sparkContext
    return frame.checkpoint() if context.getCheckpointDir() else frame.localCheckpoint()
