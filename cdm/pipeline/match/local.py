"""Matching of Parquet files in this process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from cdm.pipeline.match.cleansing import PROVEN, Cleansing, filled, identifiers_of
from cdm.pipeline.match.files import write_rows, write_table
from cdm.pipeline.match.parquet import ROW, ParquetInput
from cdm.pipeline.match.request import MatchOutcome, MatchRequest
from cdm.pipeline.resolve import match_settings
from cdm.settings import Settings
from matching import MatchResult, MatchSettings, Model, apply, columns_of, match
from schemas.progress import Progress, silent


def run_local(
    request: MatchRequest, source: ParquetInput, work: Sequence[Cleansing], settings: Settings, progress: Progress
) -> MatchOutcome:
    """Cleanse, match and write; see :func:`cdm.pipeline.match.run_match`."""
    clusters = np.arange(source.rows)
    links, review = [], []
    for cleansing in work:
        table = _cleansed(source, cleansing, progress)
        rows = table.column(ROW).to_numpy()
        result = _matched(cleansing, table, request, settings, progress)
        if request.save_model is not None:
            result.model.save(request.save_model)
        clusters[rows] = rows[result.clusters]
        links.append(_numbered(result.links, rows))
        review.append(_numbered(result.review, rows))
    progress("write", 0, 1)
    write_rows(request.out, source, clusters)
    write_table(request.links, pa.concat_tables(links))
    write_table(request.review, pa.concat_tables(review))
    progress("write", 1, 1)
    return MatchOutcome(
        records=source.rows,
        customers=len(np.unique(clusters)),
        links=sum(one.num_rows for one in links),
        review=sum(one.num_rows for one in review),
    )


def _cleansed(source: ParquetInput, cleansing: Cleansing, progress: Progress) -> pa.Table:
    parts = []
    for piece in source.slices:
        progress(f"cleanse {cleansing.entity.name}", piece.first, source.rows)
        parts.append(cleansing(piece))
    progress(f"cleanse {cleansing.entity.name}", source.rows, source.rows)
    return pa.concat_tables(parts).combine_chunks()


def _matched(
    cleansing: Cleansing, table: pa.Table, request: MatchRequest, settings: Settings, progress: Progress
) -> MatchResult:
    listen = partial(stage, progress, cleansing.entity.name)
    if request.model is None:
        return learn(cleansing, table, match_settings(settings), listen)
    model = Model.load(request.model)
    chosen = match_settings(settings, model.settings)
    return apply(table, model, identifiers=identifiers_of(table), settings=chosen, progress=listen)


def learn(cleansing: Cleansing, table: pa.Table, settings: MatchSettings, progress: Progress = silent) -> MatchResult:
    """Match cleansed rows by a model learned from them."""
    known = filled(table.drop_columns([n for n in table.column_names if n == ROW or n.startswith(PROVEN)]))
    columns = columns_of(cleansing.entity, known)
    return match(known, columns, identifiers=identifiers_of(table), settings=settings, progress=progress)


def stage(progress: Progress, entity: str, name: str, done: int, total: int | None = None) -> None:
    """Report a stage of matching one entity type."""
    progress(f"match {entity}: {name}", done, total)


def _numbered(pairs: pa.Table, rows: np.ndarray) -> pa.Table:
    """Return pairs of rows of one entity type as pairs of rows of the input."""
    for place, name in enumerate(("left", "right")):
        pairs = pairs.set_column(place, name, pa.array(rows[pairs.column(name).to_numpy()]))
    return pairs
