"""Read whole tables for one-shot work: raw rows, how they are mapped, and what each row is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from connectors.contract import Connector, Page, Reject
from schemas.errors import MappingError
from schemas.mapping import Mapping
from schemas.model import Model
from schemas.progress import Progress
from schemas.types import EntityKind

SAMPLE = 2000
"""Rows that are looked at to propose a mapping."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """How the user wants a table to be read."""

    id_column: str | None = None
    source_column: str | None = None
    entity: str = "auto"
    map_file: Path | None = None
    ignore: tuple[str, ...] = ()
    truth_column: str | None = None


@dataclass(frozen=True, slots=True)
class InputTable:
    """One table in memory.

    ``raw`` holds the rows that could be read, as text columns; ``rows`` their places (0-based) among all rows of the
    input. ``sources`` and ``record_ids`` name every row of the input, the ``rejects`` included; ``truth`` says who it
    truly is, blank where no column does.
    """

    name: str
    raw: pa.Table
    mapping: Mapping
    rows: np.ndarray
    sources: Sequence[str]
    record_ids: Sequence[str]
    truth: Sequence[str]
    rejects: Sequence[Reject]
    notes: Sequence[str]


def read_table(path: Path, name: str, request: ReadRequest, model: Model, progress: Progress) -> InputTable:
    """Read one file whole and decide its mapping.

    Raises:
        SourceError: the file cannot be read.
        MappingError: a column the user named does not exist, or the mapping file is wrong.
    """
    from connectors.registry import open_connector

    connector = open_connector("auto", str(path))
    dataset = connector.describe()
    check_columns(request, dataset.columns, path)
    pages = _read_all(connector, name, dataset.rows, progress)
    tables = [page.table for page in pages] or [dataset.sample.slice(0, 0)]
    raw = pa.concat_tables(tables, promote_options="default").combine_chunks()
    rejects = dict(_places(pages))
    count = raw.num_rows + len(rejects)
    rows = np.setdiff1d(np.arange(count), np.fromiter(rejects, np.int64, len(rejects)), assume_unique=True)
    numbers = [str(i) for i in range(1, count + 1)]
    return InputTable(
        name=name,
        raw=raw,
        mapping=mapping_of(raw, request, model, dataset.columns, path),
        rows=rows,
        sources=_texts(raw, rows, rejects, request.source_column, [name] * count),
        record_ids=_texts(raw, rows, rejects, request.id_column, numbers),
        truth=_texts(raw, rows, rejects, request.truth_column, [""] * count),
        rejects=list(rejects.values()),
        notes=[f"{path.name}: {note}" for note in dataset.notes],
    )


def _read_all(connector: Connector, name: str, rows: int | None, progress: Progress) -> list[Page]:
    pages: list[Page] = []
    done = 0
    for page in connector.read():
        pages.append(page)
        done += page.table.num_rows + len(page.rejects)
        progress(f"read {name}", done, rows)
    return pages


def _places(pages: Sequence[Page]) -> Iterator[tuple[int, Reject]]:
    """Yield the place of every rejected row among all rows of the input."""
    before = 0
    for page in pages:
        for number, reject in enumerate(page.rejects):
            yield before + reject.after + number, reject
        before += page.table.num_rows + len(page.rejects)


def mapping_of(raw: pa.Table, request: ReadRequest, model: Model, columns: Sequence[str], path: Path) -> Mapping:
    """Return the mapping the user gave, or the one that rows of the table suggest; raises ``MappingError``."""
    from schemas.mapping_check import validate
    from schemas.mapping_file import read_mapping

    if request.map_file is not None:
        mapping = read_mapping(request.map_file)
        validate(mapping, model, columns)
        return mapping
    from connectors.mapping import propose_mapping

    named = (request.id_column, request.source_column, request.truth_column, *request.ignore)
    hidden = [column for column in named if column is not None]
    parties = Model({entity.name: entity for entity in model.of_kind(EntityKind.PARTY)})
    return propose_mapping(_sample(raw), parties, entity=request.entity, source_hint=path.stem, ignore=hidden)


def _sample(raw: pa.Table) -> pa.Table:
    """Return rows spread over the whole table: its first rows may be of one kind."""
    step = max(raw.num_rows // SAMPLE, 1)
    return raw.take(pa.array(range(0, raw.num_rows, step), pa.int64()))


def check_columns(request: ReadRequest, columns: Sequence[str], path: Path) -> None:
    """Refuse columns that the user named and the table does not have; raises ``MappingError``."""
    named = {"--id": request.id_column, "--source": request.source_column, "--truth": request.truth_column}
    for option, column in [*named.items(), *(("--ignore", column) for column in request.ignore)]:
        if column is not None and column not in columns:
            raise MappingError(
                f"{path} has no column '{column}', which {option} names.",
                remedy=f"Use one of: {', '.join(columns)}.",
                file=str(path),
                column=column,
            )


def _texts(
    raw: pa.Table, rows: np.ndarray, rejects: MappingType[int, Reject], column: str | None, otherwise: list[str]
) -> list[str]:
    """Return what a column says of every row of the input, ``otherwise`` where it says nothing."""
    if column is None:
        return otherwise
    texts = list(otherwise)
    for row, text in zip(rows.tolist(), raw.column(column).to_pylist(), strict=True):
        texts[row] = text or texts[row]
    for row, reject in rejects.items():
        texts[row] = reject.raw.get(column) or texts[row]
    return texts
