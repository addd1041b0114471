"""One-shot deduplication of any tables: read, map, cleanse, match, write; no hub is needed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from cdm.errors import CdmError
from cdm.pipeline.prepare import ORGANIZATION, PERSON
from cdm.pipeline.records import Records, gather
from cdm.pipeline.resolve import resolve
from cdm.pipeline.tables import InputTable, ReadRequest, read_table
from cdm.settings import Settings, load_settings
from matching import MatchResult
from schemas.model import Model
from schemas.progress import Progress, silent

ENTITIES = ("auto", PERSON, ORGANIZATION)


class DedupeError(CdmError):
    """The request cannot be carried out as it was put."""

    code, status, exit_code = "dedupe_request", 422, 2


@dataclass(frozen=True, slots=True)
class DedupeRequest:
    """What to deduplicate and what to write; see ``cdm dedupe --help``."""

    files: tuple[Path, ...]
    out: Path
    id_column: str | None = None
    source_column: str | None = None
    entity: str = "auto"
    map_file: Path | None = None
    ignore: tuple[str, ...] = ()
    review: Path | None = None
    report: Path | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Matched:
    """The records of one entity type and what the engine said about them; cluster labels are record positions."""

    records: Records
    result: MatchResult


@dataclass(frozen=True, slots=True)
class DedupeOutcome:
    """What came out, in numbers, and what the user should know."""

    records: int
    customers: int
    review: int
    notes: Sequence[str] = field(default_factory=tuple)


def run_dedupe(request: DedupeRequest, progress: Progress = silent) -> DedupeOutcome:
    """Carry out a request and write its files.

    Raises:
        SourceError: an input cannot be read.
        MappingError: a named column or the mapping file is wrong.
        DedupeError: the request contradicts itself or an output cannot be written.
    """
    from cdm.pipeline.dedupe_files import write_outputs

    _check(request)
    tables, matched = match_tables(request, progress)
    return write_outputs(request, tables, matched)


def match_tables(request: DedupeRequest, progress: Progress = silent) -> tuple[list[InputTable], list[Matched]]:
    """Read and match without writing anything: what benchmarks and tests call."""
    from cdm.pipeline.models import model_of

    settings = load_settings()
    model = model_of(settings)
    reading = ReadRequest(request.id_column, request.source_column, request.entity, request.map_file, request.ignore)
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


def _check(request: DedupeRequest) -> None:
    if request.entity not in ENTITIES:
        raise DedupeError(f"'{request.entity}' is not an entity to deduplicate.", remedy=f"Use {', '.join(ENTITIES)}.")
    outputs = [p.resolve() for p in (request.out, request.review, request.report) if p is not None]
    inputs = [p.resolve() for p in (*request.files, request.map_file) if p is not None]
    for path in outputs:
        if path in inputs or outputs.count(path) > 1:
            raise DedupeError(f"{path} would be overwritten.", remedy="Give every output a name of its own.")
        if not path.parent.is_dir():
            raise DedupeError(f"The folder {path.parent} does not exist.", remedy="Make it first, or write elsewhere.")
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise DedupeError(
                f"{path} cannot be written: it is a folder, or you may not write there.",
                remedy="Name a file in a folder of your own.",
            )
