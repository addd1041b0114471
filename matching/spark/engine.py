"""A table far larger than one machine: the run of ``matching.apply`` on Spark, to the same result byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.cluster import LINK
from matching.model import Model
from matching.score import log_odds
from matching.settings import MatchSettings
from matching.spark.candidates import candidates
from matching.spark.clusters import clustered
from matching.spark.kernel import Kernel, decided
from matching.spark.run import Run
from matching.spark.scores import scored
from schemas.progress import Progress, silent

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Pairs = Sequence[tuple[int, int]]
PROVEN = "proven:"


@dataclass(frozen=True, eq=False)
class SparkResult:
    """What :class:`matching.MatchResult` holds, as frames.

    Attributes:
        clusters: ``row``, ``cluster``: the smallest row of its cluster.
        links: ``left``, ``right``, ``probability``, ``weight``, ``proposed``, in order.
        review: ``left``, ``right``, ``probability``, most probable first.
        records, pairs: distinct records; candidate pairs examined.
    """

    clusters: DataFrame
    links: DataFrame
    review: DataFrame
    records: int
    pairs: int


def apply_on_spark(
    rows: DataFrame,
    model: Model,
    *,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
) -> SparkResult:
    """Decide which rows are one customer, by a model learned before.

    Args:
        rows: ``row`` (bigint, each once) and cleansed records: any of the model's columns, ``string`` or
            ``array<string>``; verified identifiers under their names behind ``proven:``.
        model: from :func:`matching.match` or :meth:`Model.load`.
        must_link, cannot_link: stewards' decisions as pairs of row numbers.
        settings: thresholds other than the model's own.
        progress: told about stages.

    Returns:
        The same as :func:`matching.apply` on the same rows in the order of their numbers.
    """
    from pyspark.sql import functions as f

    names = tuple(c.removeprefix(PROVEN) for c in rows.columns if c.startswith(PROVEN))
    kernel = Kernel(model, settings or model.settings, names, decided(must_link), decided(cannot_link))
    with _step(progress, "read"):
        run = Run.of(rows, kernel)
    with _step(progress, "block"):
        pairs = candidates(run.distinct, run.kernel, run.count)
        pairs = pairs.withColumn("proposed", f.lit(True))
        given = [(min(pair), max(pair), False) for pair in must_link if pair[0] != pair[1]]
        if given:
            pairs = pairs.union(rows.sparkSession.createDataFrame(given, pairs.schema))
            pairs = pairs.groupBy("a", "b").agg(f.max("proposed").alias("proposed"))
        pairs = pairs.persist()
        examined = pairs.count()
    with _step(progress, "score"):
        least = min(LINK, log_odds(kernel.settings.review))
        links = scored(pairs, run.records, run.kernel).where(f.greatest("odds", "free") > least).persist()
        links.count()
    with _step(progress, "cluster"):
        clusters, inside = clustered(links, run.records, run.kernel)
        labels, found = run.labels(clusters), run.links(links, inside)
        labels.count()
    return SparkResult(labels, found, run.review(found, labels), run.count, examined)


@contextmanager
def _step(progress: Progress, name: str) -> Iterator[None]:
    """Tell a listener about one step."""
    progress(name, 0, 1)
    yield
    progress(name, 1, 1)
