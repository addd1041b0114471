"""How a text file is laid out: encoding, delimiter, header, and where its data begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from connectors.errors import HeaderMissing, SourceEmpty
from connectors.files.dialect import Dialect, detect_dialect
from connectors.files.encoding import TextEncoding
from connectors.files.header import clean_name, find_header, name_columns
from connectors.files.lines import Lines
from connectors.files.rows import TextRow, parse_rows

SAMPLE_LINES = 1000


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything needed to read the data rows. ``positions`` are the field positions of ``columns``."""

    path: Path
    encoding: TextEncoding
    dialect: Dialect
    columns: tuple[str, ...]
    positions: tuple[int, ...]
    width: int
    offset: int
    line: int
    notes: tuple[str, ...]


def find_layout(
    path: Path, encoding: TextEncoding, delimiter: str | None, *, quote: str, header_row: int | None, header: bool
) -> Layout:
    """Tell how ``path`` is laid out from its first lines.

    Raises:
        SourceEmpty: nothing but blank lines.
        HeaderMissing: no line looks like a header, or there is no line ``header_row``.
    """
    with Lines(path, encoding) as lines:
        dialect = detect_dialect(list(islice(lines, SAMPLE_LINES)), delimiter, quote)
    rows, ends = _first_rows(path, encoding, dialect, max(SAMPLE_LINES, header_row or 0))
    if not rows:
        raise SourceEmpty(
            f"The file '{path}' holds nothing but blank lines.", remedy="Export it again.", file=str(path)
        )
    notes = list(encoding.notes)
    if dialect.delimiter != ",":
        notes.append(f"fields are separated by {dialect.delimiter!r}")
    if header:
        index = _header_index(path, rows, header_row)
        labels: Sequence[object] = rows[index].fields
        if rows[index].line > 1 and header_row is None:
            notes.append(f"header found in line {rows[index].line}")
        data, (offset, line) = rows[index + 1 :], ends[index]
    else:
        labels, data = [""] * max(len(row.fields) for row in rows), rows
        line = dialect.skip
        offset = _offset_after(path, encoding, line)
        notes.append("read without a header")
    positions = _kept(labels, data, keep_all=not header)
    columns, remarks = name_columns([labels[i] for i in positions], positions)
    notes.extend(remarks if header else ())
    width = max(positions) + 1
    return Layout(path, encoding, dialect, columns, positions, width, offset, line, tuple(notes))


def _first_rows(
    path: Path, encoding: TextEncoding, dialect: Dialect, count: int
) -> tuple[list[TextRow], list[tuple[int, int]]]:
    """Return the first rows and, for each, (offset, line number) right after it."""
    rows, ends = [], []
    with Lines(path, encoding, _offset_after(path, encoding, dialect.skip), dialect.skip) as lines:
        for row in islice(parse_rows(lines, dialect), count):
            rows.append(row)
            ends.append((lines.offset, lines.number))
    return rows, ends


def _offset_after(path: Path, encoding: TextEncoding, count: int) -> int:
    with Lines(path, encoding) as lines:
        list(islice(lines, count))
        return lines.offset


def _header_index(path: Path, rows: Sequence[TextRow], header_row: int | None) -> int:
    if header_row is not None:
        index = next((i for i, row in enumerate(rows) if row.line == header_row), None)
        what = f"There is no row of fields in line {header_row} of '{path}'."
    else:
        index = find_header([row.fields for row in rows])
        what = f"No row of '{path}' looks like a header; its first row is {rows[0].fields[:6]}."
    if index is None:
        raise HeaderMissing(
            what,
            remedy="Add a line of column names, or give the option header_row=N, or header=none.",
            file=str(path),
            row=rows[0].line,
        )
    return index


def _kept(labels: Sequence[object], data: Sequence[TextRow], keep_all: bool) -> tuple[int, ...]:
    """Return the positions of the columns that have a header, or data in the first rows."""
    if keep_all:
        return tuple(range(len(labels)))
    bare = {i for i, label in enumerate(labels) if not clean_name(label)}
    for row in data:
        bare -= {i for i in bare if i < len(row.fields) and row.fields[i].strip()}
    return tuple(i for i in range(len(labels)) if i not in bare)
