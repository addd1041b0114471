"""Handing batches of records to the kernel: what Spark sends as Arrow goes through local functions and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from matching.spark.kernel import Kernel

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

AT_A_TIME = 20_000
"""Rows of whole groups that are worked on together."""
Work = Callable[[Kernel, pa.Table], pa.Table]


def mapped(frame: DataFrame, kernel: Broadcast[Kernel], work: Work, schema: str) -> DataFrame:
    """Send every batch of a frame through a function of the kernel.

    Args:
        frame: in batches of any size and order; ``work`` must not mind.
        kernel: broadcast to the workers.
        work: what is done with a batch.
        schema: of what ``work`` returns, in Spark's words.
    """

    def each(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from work(kernel.value, pa.Table.from_batches([batch])).to_batches()

    return frame.mapInArrow(each, schema)


def mapped_whole(frame: DataFrame, kernel: Broadcast[Kernel], by: str, work: Work, schema: str) -> DataFrame:
    """Send whole groups of rows through a function of the kernel, many groups at a time.

    Args:
        frame: rows.
        kernel: broadcast to the workers.
        by: column of the group.
        work: what is done with some groups; gets about ``AT_A_TIME`` rows, no group in part.
        schema: of what ``work`` returns.
    """

    def each(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for table in whole_groups(batches, by, AT_A_TIME):
            yield from work(kernel.value, table).to_batches()

    return frame.repartition(by).sortWithinPartitions(by).mapInArrow(each, schema)


def whole_groups(batches: Iterable[pa.RecordBatch], by: str, least: int) -> Iterator[pa.Table]:
    """Yield tables that hold groups whole, from batches in the order of the groups."""
    waiting: list[pa.RecordBatch] = []
    rows, enough = 0, least
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows < enough:
            continue
        table = pa.Table.from_batches(waiting).combine_chunks()
        groups = table.column(by).to_numpy()
        cut = int(np.searchsorted(groups, groups[-1]))
        if cut:
            yield table.slice(0, cut)
        waiting, rows = table.slice(cut).to_batches(), rows - cut
        enough = max(least, 2 * rows)
    if rows:
        yield pa.Table.from_batches(waiting).combine_chunks()
