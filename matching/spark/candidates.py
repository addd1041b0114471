"""Candidate pairs on a cluster: the model's blocking keys joined, rule by rule with its limits.

Blocks within the limit of their rule are gathered and paired. Larger ones, a placeholder telephone number in a million
records among them, are never gathered: their records are sorted over all workers, and every record is paired with the
few that stand next to it, also across the places where the sorted records are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from matching.plan import Plan
from matching.spark.batches import mapped
from matching.spark.kernel import RECORD, Kernel
from matching.spark.neighbours import NEAR, across_pieces, paired

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import Column, DataFrame

PAIRS = "a bigint, b bigint"


def candidates(records: DataFrame, kernel: Broadcast[Kernel], count: int) -> DataFrame:
    """Return the pairs the model's plan proposes, each once, as columns ``a`` < ``b``.

    Args:
        records: distinct records as cells.
        kernel: broadcast to the workers.
        count: how many records there are.
    """
    from pyspark.sql import functions as f

    plan = kernel.value.model.plan
    if count <= plan.exhaustive:
        one, other = records.select(f.col(RECORD).alias("a")), records.select(f.col(RECORD).alias("b"))
        return one.crossJoin(other).where("a < b")
    if not plan.rules:
        return records.sparkSession.createDataFrame([], PAIRS)
    keys = mapped(records, kernel, Kernel.keys, "record bigint, rule int, key bigint").persist()
    sizes = keys.groupBy("rule", "key").count().where("count > 1")
    over = sizes.where(f.col("count") > f.greatest(_limit(plan, "largest"), f.lit(1))).persist()
    crowded = over.where(_limit(plan, "neighbours") > 0).select("rule", "key")
    pairs = _inside(keys.join(over.select("rule", "key"), ["rule", "key"], "left_anti"))
    pairs = pairs.union(_near(keys.join(crowded, ["rule", "key"]), records, kernel))
    return pairs.where("a <> b").select(f.least("a", "b").alias("a"), f.greatest("a", "b").alias("b")).distinct()


def _limit(plan: Plan, name: str) -> Column:
    """Return a limit of the rule each row belongs to."""
    from pyspark.sql import functions as f

    limits = [f.lit(int(getattr(rule, name))) for rule in plan.rules]
    return f.element_at(f.array(*limits), f.col("rule") + 1)


def _inside(keys: DataFrame) -> DataFrame:
    """Return all pairs inside every block."""
    from pyspark.sql import functions as f

    blocks = keys.groupBy("rule", "key").agg(f.collect_list(RECORD).alias("all")).where("size(all) > 1")
    ones = blocks.select("all", f.posexplode("all").alias("place", "a"))
    return ones.select("a", f.explode(f.expr("slice(all, place + 2, size(all))")).alias("b"))


def _near(keys: DataFrame, records: DataFrame, kernel: Broadcast[Kernel]) -> DataFrame:
    """Return each record of a crowded block with its neighbours in the order of their values."""
    from pyspark import TaskContext

    session, plan = records.sparkSession, kernel.value.model.plan
    if keys.isEmpty():
        return session.createDataFrame([], PAIRS)
    crowd = records.join(keys.select(RECORD).distinct(), RECORD, "left_semi")
    ranked = mapped(crowd, kernel, Kernel.ranks, "record bigint, rank binary")
    rows = keys.join(ranked, RECORD).select("rule", "key", "rank", RECORD, _limit(plan, "neighbours").alias("steps"))
    order = ("rule", "key", "rank")
    steps = max(rule.neighbours for rule in plan.rules)

    def pair(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        return paired(batches, task.partitionId() if task is not None else 0, steps)

    ordered = rows.repartitionByRange(*order).sortWithinPartitions(*order).drop("rank")
    found = ordered.mapInArrow(pair, NEAR).persist()
    edges = found.where("a is null").drop("a", "b").toArrow()
    across = session.createDataFrame(across_pieces(edges), PAIRS)
    return found.where("a is not null").select("a", "b").union(across)
