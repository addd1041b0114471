"""Read, map, cleanse and match the tables of a request; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cdm.pipeline.dedupe.request import DedupeRequest
from cdm.pipeline.memory import rare_collection
from cdm.pipeline.models import model_of
from cdm.pipeline.opening import check_size
from cdm.pipeline.records import Records, gather
from cdm.pipeline.resolve import resolve
from cdm.pipeline.tables import InputTable, ReadRequest, read_table
from cdm.settings import Settings, load_settings
from matching import MatchResult
from schemas.model import Model
from schemas.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Matched:
    """The records of one entity type and what the engine said about them; cluster labels are record positions."""

    records: Records
    result: MatchResult


@rare_collection()
def match_tables(request: DedupeRequest, progress: Progress = silent) -> tuple[list[InputTable], list[Matched]]:
    """Read and match without writing anything: what benchmarks and tests call."""
    settings = load_settings()
    model = model_of(settings)
    reading = ReadRequest(
        request.id_column,
        request.source_column,
        request.entity,
        request.map_file,
        request.ignore,
        request.truth_column,
    )
    for path in request.files:
        check_size(str(path), settings)
    names = source_names(request.files)
    tables = [read_table(p, n, reading, model, progress) for p, n in zip(request.files, names, strict=True)]
    return tables, [
        Matched(records, _match(records, model, settings, progress))
        for records in gather(tables, model, settings.country, progress)
    ]


def _match(records: Records, model: Model, settings: Settings, progress: Progress) -> MatchResult:
    return resolve(
        model[records.entity],
        records.table,
        records.findings,
        source=pa.array(records.sources, pa.string()),
        settings=settings,
        progress=progress,
    )


def source_names(files: Sequence[Path]) -> list[str]:
    """Name each file's source: its file name, or its path where two files share the name."""
    names = [path.name for path in files]
    return [name if names.count(name) == 1 else str(path) for name, path in zip(names, files, strict=True)]


def cluster_positions(matched: Sequence[Matched], count: int) -> np.ndarray:
    """Return, for each of ``count`` input rows, the position of the first row of its cluster."""
    first = np.arange(count)
    for one in matched:
        rows = one.records.rows
        first[rows] = rows[one.result.clusters]
    return first
