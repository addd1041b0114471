"""Matching of Parquet files on Apache Spark; every worker reads, cleanses and writes slices of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cdm.pipeline.match.cleansing import Cleansing
from cdm.pipeline.match.files import replaced, with_clusters
from cdm.pipeline.match.local import learn, stage
from cdm.pipeline.match.parquet import CLUSTER, ROW, ParquetInput
from cdm.pipeline.match.request import MatchOutcome, MatchRequest
from cdm.pipeline.resolve import match_settings
from matching import Model
from schemas.model import Label
from schemas.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from cdm.settings import Settings
    from matching.spark.engine import SparkResult


@dataclass(frozen=True)
class _Job:
    """What every step needs."""

    session: SparkSession
    request: MatchRequest
    source: ParquetInput
    settings: Settings
    progress: Progress


def run_on_spark(
    request: MatchRequest, source: ParquetInput, work: Sequence[Cleansing], settings: Settings, progress: Progress
) -> MatchOutcome:
    """Cleanse, match and write; see :func:`cdm.pipeline.match.run_match`."""
    from matching.spark.session import spark_session

    with spark_session(request.master, request.conf) as session:
        job = _Job(session, request, source, settings, progress)
        notes: list[Label] = []
        results = [_matched(job, cleansing, notes) for cleansing in work]
        progress("write", 0, 1)
        customers = _write_rows(request.out, source, _together([one.clusters for one in results]))
        links = _write(request.links, _together([one.links for one in results]))
        review = _write(request.review, _together([one.review for one in results]))
        progress("write", 1, 1)
    return MatchOutcome(source.rows, customers, links, review, notes)


def _matched(job: _Job, cleansing: Cleansing, notes: list[Label]) -> SparkResult:
    """Cleanse and match the rows of one entity type."""
    from matching.spark.engine import apply_on_spark

    model = _learned(job, cleansing, notes) if job.request.model is None else Model.load(job.request.model)
    rows = _slices(job, cleansing)
    chosen = match_settings(job.settings, model.settings)
    return apply_on_spark(rows, model, settings=chosen, progress=partial(stage, job.progress, cleansing.entity.name))


def _learned(job: _Job, cleansing: Cleansing, notes: list[Label]) -> Model:
    """Learn a model on this machine from all rows, or a sample of them."""
    from matching.spark.sample import MOST, sample_settings, stretched

    job.progress("learn", 0, 1)
    rows, settings = job.source.rows, match_settings(job.settings)
    share = min(MOST / rows, 1.0)
    table = _slices(job, cleansing, share).orderBy(ROW).toArrow()
    part = sample_settings(settings, rows, table.num_rows) if share < 1 else settings
    model = learn(cleansing, table, part).model
    model = stretched(model, rows, settings) if share < 1 else model
    if job.request.save_model is not None:
        model.save(job.request.save_model)
    job.progress("learn", 1, 1)
    zh = f"没有给出模型：已从 {rows:,} 行中的 {table.num_rows:,} 行学习。"
    notes.append(Label(zh, f"No model was given: one was learned from {table.num_rows:,} of {rows:,} rows."))
    return model


def _slices(job: _Job, cleansing: Cleansing, share: float = 1.0) -> DataFrame:
    """Return the cleansed rows of every slice of the input, or a share of them; each slice is a task of its own."""
    from pyspark.sql.pandas.types import from_arrow_schema

    slices = job.source.slices

    def each(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from cleansing(slices[number], share).combine_chunks().to_batches(max_chunksize=50_000)

    frame = job.session.range(0, len(slices), 1, len(slices))
    return frame.mapInArrow(each, from_arrow_schema(cleansing.schema))


def _together(frames: Sequence[DataFrame]) -> DataFrame:
    whole = frames[0]
    for more in frames[1:]:
        whole = whole.union(more)
    return whole


def _write_rows(path: Path, source: ParquetInput, clusters: DataFrame) -> int:
    """Write the rows with their clusters into a folder, one file per slice; return the number of clusters."""
    from pyspark.sql import functions as f

    firsts = source.firsts

    def number(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            place = np.searchsorted(firsts, batch.column(0).to_numpy(), side="right") - 1
            yield pa.RecordBatch.from_arrays([pa.array(place, pa.int32()), *batch.columns], ["slice", ROW, CLUSTER])

    with replaced(path) as part:
        part.mkdir()

        def write(table: pa.Table) -> pa.Table:
            from pyarrow.parquet import write_table

            at = int(table.column("slice")[0].as_py())
            order = np.argsort(table.column(ROW).to_numpy())
            labels = table.column(CLUSTER).to_numpy()[order]
            write_table(with_clusters(source.slices[at], labels), part / f"part-{at:06d}.parquet")
            own = labels == np.arange(len(labels)) + source.slices[at].first
            return pa.table({"clusters": [int(own.sum())]})

        placed = clusters.select(ROW, CLUSTER).mapInArrow(number, "slice int, row bigint, cluster bigint")
        found = placed.groupBy("slice").applyInArrow(write, "clusters bigint").agg(f.sum("clusters")).first()
    return int(found[0] or 0) if found is not None else 0


def _write(path: Path, pairs: DataFrame) -> int:
    """Write pairs of rows into a folder, in order; return their number."""
    with replaced(path) as part:
        pairs.write.parquet(part.absolute().as_uri())
    return int(pairs.count())
