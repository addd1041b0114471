"""Parquet: types become exact text.

Decimals keep their digits, dates and times are ISO 8601, whole floats have no ``.0``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from connectors.contract import Cursor, Dataset, Page
from connectors.errors import SourceUnreadable, WrongContent
from connectors.files.header import name_columns
from connectors.files.sniff import Content, sniff
from connectors.location import fingerprint, open_file_path, resumes
from connectors.pages import take_sample
from connectors.text import TEXT, text_column, tidy

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile


@dataclass(frozen=True, slots=True)
class ParquetOptions:
    """A Parquet file tells everything itself: there is nothing to choose."""


class ParquetConnector:
    """Reads a Parquet file."""

    def __init__(self, location: str, options: ParquetOptions | None = None) -> None:
        self.location = location
        self.options = options or ParquetOptions()

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the file: columns and number of rows from its footer, and a sample."""
        path = self._path()
        with _open(path) as file:
            columns, notes = name_columns(file.schema_arrow.names)
            rows = file.metadata.num_rows
        sample, _ = take_sample(self.read(page_size=max(1, sample_rows)), columns, sample_rows)
        return Dataset(columns, sample, rows, notes=notes)

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield the rows after ``cursor``; row groups that lie before it are not read."""
        path = self._path()
        done = int(str(cursor["row"])) if cursor is not None and resumes(cursor, path) else 0
        state = fingerprint(path)
        with _open(path) as file:
            columns, _ = name_columns(file.schema_arrow.names)
            schema = pa.schema([(name, TEXT) for name in columns])
            for batch in _batches(path, file, done, page_size):
                table = pa.table([column_text(column) for column in batch.columns], schema=schema)
                origins = tuple(f"{path.name}!{number}" for number in range(done + 1, done + batch.num_rows + 1))
                done += batch.num_rows
                yield Page(table, origins, {"file": state, "row": done})

    def _path(self) -> Path:
        path = open_file_path(self.location)
        content = sniff(path)
        if content is not Content.PARQUET:
            raise WrongContent(
                f"'{path}' is not a Parquet file but {content.value}.",
                remedy="Leave the connector out to have it chosen by content.",
                file=str(path),
            )
        return path


def _open(path: Path) -> ParquetFile:
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from None


def _batches(path: Path, file: ParquetFile, done: int, page_size: int) -> Iterator[pa.RecordBatch]:
    groups: list[int] = []
    skip = done
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if not groups and skip >= rows:
            skip -= rows
        else:
            groups.append(group)
    if not groups:
        return
    try:
        for batch in file.iter_batches(page_size, row_groups=groups):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            rest, skip = batch.slice(skip), 0
            yield rest
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from None


def column_text(column: pa.Array) -> pa.Array:
    """Return an Arrow column of any type as a tidy ``string`` array."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column_text(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return tidy(column.cast(TEXT))
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    return text_column(column.to_pylist())


def _unreadable(path: Path, error: Exception) -> SourceUnreadable:
    return SourceUnreadable(
        f"The Parquet file '{path}' cannot be read: {error}.", remedy="Write it again.", file=str(path)
    )
