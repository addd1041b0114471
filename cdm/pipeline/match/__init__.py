"""Matching of whole Parquet files: on this machine, or the same on Apache Spark; no hub is needed.

request.py     what was asked for
parquet.py     the input in slices that any machine can read on its own
cleansing.py   a slice → the columns that are compared, row by row alike wherever it is cut
local.py       everything in this process
on_spark.py    everything on a cluster
files.py       what is written: the rows with their clusters, links, pairs for review
"""

from __future__ import annotations

from datetime import UTC, datetime

from cdm.pipeline.match.parquet import open_parquet
from cdm.pipeline.match.request import MatchOutcome, MatchRequest, MatchRequestError, check, cleansings
from cdm.pipeline.memory import rare_collection
from cdm.settings import load_settings
from schemas.progress import Progress, silent

__all__ = ["MatchOutcome", "MatchRequest", "MatchRequestError", "run_match"]


@rare_collection()
def run_match(request: MatchRequest, progress: Progress = silent) -> MatchOutcome:
    """Carry out a request and write its files: the rows with their clusters, links, and pairs for review.

    Raises:
        MatchRequestError: the request contradicts itself or an output cannot be written.
        SourceUnreadable: the input is no Parquet.
        MappingError: a named column or the mapping file is wrong.
        MatchModelError: the model file is none, or of other columns.
        SparkMissing: the runner is Spark, and PySpark or Java is not installed.
    """
    check(request)
    settings = load_settings()
    source = open_parquet(request.location)
    work = cleansings(source, request, settings, datetime.now(UTC).date())
    if request.runner == "spark":
        from cdm.pipeline.match.on_spark import run_on_spark as run
    else:
        from cdm.pipeline.match.local import run_local as run
    return run(request, source, work, settings, progress)
