"""Parquet files as slices: pieces of a row group that any machine can read on its own.

A row is known by its number, counted through all files in the order of their names, so that it is called the same
however the work is spread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from connectors.errors import SourceUnreadable

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem
    from pyarrow.parquet import ParquetFile

SLICE = 100_000
"""Rows of a slice: enough to cleanse distinct values once, few enough for many workers."""
ROW, CLUSTER = "row", "cluster"
"""Columns that the output adds to the input's."""


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """Some rows of one row group; ``first`` is the number of the first of them among all rows of the input."""

    first: int
    rows: int
    file: str
    group: int
    skip: int

    def read(self) -> pa.Table:
        """Return the rows with the columns and types of the file."""
        return _group(self.file, self.group).slice(self.skip, self.rows)

    def text(self) -> pa.Table:
        """Return the rows as exact text, as the Parquet connector delivers them."""
        from connectors.files.parquet import column_text

        table = self.read().combine_chunks()
        columns = [column_text(c.chunk(0)) if c.num_chunks else pa.array([], pa.string()) for c in table.columns]
        return pa.table(columns, names=table.column_names)


@dataclass(frozen=True)
class ParquetInput:
    """One file, or all files under a folder."""

    location: str
    schema: pa.Schema
    slices: Sequence[Slice]

    @cached_property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(one.rows for one in self.slices)

    @cached_property
    def firsts(self) -> np.ndarray:
        """Number of the first row of every slice."""
        return np.array([one.first for one in self.slices], dtype=np.int64)

    def sample(self, rows: int) -> pa.Table:
        """Return about so many rows, spread over the whole input, as text."""
        step = max(self.rows // max(rows, 1), 1)
        count = max(min(len(self.slices), rows * step // SLICE, 20), 1)
        chosen = [self.slices[i] for i in np.unique(np.linspace(0, len(self.slices) - 1, count).astype(int))]
        step = max(sum(one.rows for one in chosen) // max(rows, 1), 1)
        return pa.concat_tables([one.text().take(pa.array(range(0, one.rows, step), pa.int64())) for one in chosen])


def open_parquet(location: str) -> ParquetInput:
    """Find the files and read their footers.

    Args:
        location: a file or a folder, as a path or as an address that Arrow reads (``s3://…``, ``hdfs://…``).

    Raises:
        SourceUnreadable: there is no such file, one cannot be read, or their columns differ.
    """
    files = _files(location)
    slices: list[Slice] = []
    schema: pa.Schema | None = None
    first = 0
    for file in files:
        with _open(file) as parquet:
            found = parquet.schema_arrow.remove_metadata()
            schema = schema or found
            _same_columns(schema, found, files[0], file)
            for group in range(parquet.num_row_groups):
                rows = parquet.metadata.row_group(group).num_rows
                slices += _cut(file, group, rows, first)
                first += rows
    assert schema is not None
    return ParquetInput(location, schema, slices)


def _cut(file: str, group: int, rows: int, first: int) -> Iterator[Slice]:
    for skip in range(0, rows, SLICE):
        yield Slice(first + skip, min(SLICE, rows - skip), file, group, skip)


def _files(location: str) -> list[str]:
    from pyarrow.fs import FileSelector, FileType

    try:
        system, path = filesystem(location)
        info = system.get_file_info(path)
        if info.type is FileType.Directory:
            inside = system.get_file_info(FileSelector(path, recursive=True))
            found = sorted(i.path for i in inside if i.type is FileType.File and i.path.endswith(".parquet"))
        else:
            found = [path] if info.type is FileType.File else []
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(location, str(error)) from None
    if not found:
        raise _unreadable(location, "there is no Parquet file")
    prefix = location[: location.index("://") + 3] if "://" in location else ""
    return [prefix + one for one in found]


def filesystem(location: str) -> tuple[FileSystem, str]:
    """Return the file system of a path or address, and the path in it."""
    from pyarrow.fs import FileSystem, LocalFileSystem

    if "://" in location:
        system, path = FileSystem.from_uri(location)
        return system, str(path)
    return LocalFileSystem(), str(Path(location).expanduser().absolute())


def _open(file: str) -> ParquetFile:
    from pyarrow.parquet import ParquetFile

    try:
        system, path = filesystem(file)
        return ParquetFile(system.open_input_file(path))
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(file, str(error)) from None


@lru_cache(maxsize=1)
def _group(file: str, group: int) -> pa.Table:
    """Return one row group; kept, because its slices are mostly read one after the other."""
    with _open(file) as parquet:
        try:
            return parquet.read_row_group(group)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(file, str(error)) from None


def _same_columns(expected: pa.Schema, found: pa.Schema, first: str, file: str) -> None:
    """Refuse files that do not fit together, and a column the output needs for itself."""
    for name in (ROW, CLUSTER):
        if name in found.names:
            raise _unreadable(file, f"it has a column '{name}', which the output adds", "Rename the column.")
    if expected.equals(found):
        return
    odd = [f"'{f.name}' ({f.type})" for f in found if f not in expected] or [f"'{f.name}'" for f in expected]
    raise _unreadable(file, f"its columns differ from those of {first}: {', '.join(odd[:5])}", "Write all files alike.")


def _unreadable(
    file: str, why: str, remedy: str = "Name a Parquet file, or a folder of Parquet files."
) -> SourceUnreadable:
    return SourceUnreadable(f"{file} cannot be read as Parquet: {why}.", remedy=remedy, file=file)
