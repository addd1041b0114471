"""Delimited text: CSV, TSV and their relatives, in any encoding that customers send.

Every value is the exact text of the file. Rows are streamed; a cursor is the byte offset and line to go on from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from connectors.contract import Cursor, Dataset, Page, Reject
from connectors.errors import OptionsInvalid, WrongContent
from connectors.files.dialect import NAMES
from connectors.files.encoding import detect_encoding
from connectors.files.layout import Layout, find_layout
from connectors.files.lines import Lines
from connectors.files.rows import TextRow, parse_rows
from connectors.files.sniff import EXTENSIONS, Content, sniff
from connectors.location import fingerprint, open_file_path, resumes
from connectors.options import option
from connectors.pages import take_sample
from connectors.text import text_table

COUNTED_BYTES = 32 * 2**20
"""Files up to this size are read through once to describe them exactly."""
_FORMULA_TEXT = r'^="(.*)"$'
"""How exports make Excel keep leading zeros: ``="00123"``."""


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """How to read a text file."""

    delimiter: str | None = option("Field separator: one character, or tab, comma, semicolon, pipe; default: found")
    encoding: str | None = option("Encoding, e.g. utf-8, gb18030, utf-16, big5; default: found")
    quote: str = option("Quote character", '"')
    header_row: int | None = option("Line of the header, counted from 1; default: found")
    header: str = option("'none' where the file has no header: columns are called 'column 1' …", "auto")


class CsvConnector:
    """Reads a delimited text file; see :class:`CsvOptions`."""

    def __init__(self, location: str, options: CsvOptions | None = None) -> None:
        self.location = location
        self.options = options or CsvOptions()
        _check_options(self.options)

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the file: columns, a sample, the number of records, and rows that will be short or rejected."""
        layout = self._layout()
        sample, _ = take_sample(_pages(layout, None, max(1, sample_rows)), layout.columns, sample_rows)
        notes = list(layout.notes)
        if layout.path.suffix.casefold() not in EXTENSIONS[Content.TEXT]:
            notes.append(f"the name ends in '{layout.path.suffix}', the content is plain text and is read as such")
        rows = None
        if layout.path.stat().st_size <= COUNTED_BYTES:
            rows, remarks = _survey(layout)
            notes.extend(remarks)
        return Dataset(layout.columns, sample, rows, notes=tuple(notes))

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield the records after ``cursor``; a row with more fields than columns, or broken, is rejected."""
        layout = self._layout()
        yield from _pages(layout, cursor if resumes(cursor, layout.path) else None, page_size)

    def _layout(self) -> Layout:
        path = open_file_path(self.location)
        content = sniff(path)
        if content not in (Content.TEXT, Content.JSON):
            raise WrongContent(
                f"'{path}' is not a text file but {content.value}.",
                remedy="Leave the connector out to have it chosen by content, or export the file as .csv.",
                file=str(path),
            )
        encoding = detect_encoding(path, self.options.encoding)
        o = self.options
        delimiter = o.delimiter or ("\t" if path.suffix.casefold() in (".tsv", ".tab") else None)
        return find_layout(path, encoding, delimiter, quote=o.quote, header_row=o.header_row, header=o.header == "auto")


def _check_options(options: CsvOptions) -> None:
    delimiter = options.delimiter
    if delimiter is not None and len(NAMES.get(delimiter.casefold(), delimiter)) != 1:
        raise OptionsInvalid(
            f"Option 'delimiter' is '{delimiter}'.", remedy=f"Give one character or {', '.join(NAMES)}."
        )
    if len(options.quote) != 1:
        raise OptionsInvalid(f"Option 'quote' is '{options.quote}'.", remedy="Give one character.")
    if options.header not in ("auto", "none"):
        raise OptionsInvalid(f"Option 'header' is '{options.header}'.", remedy="Give 'auto' or 'none'.")
    if options.header_row is not None and options.header_row < 1:
        raise OptionsInvalid(f"Option 'header_row' is {options.header_row}.", remedy="Lines count from 1.")


def _pages(layout: Layout, cursor: Cursor | None, page_size: int) -> Iterator[Page]:
    offset, line = (int(str(cursor["offset"])), int(str(cursor["line"]))) if cursor else (layout.offset, layout.line)
    state = fingerprint(layout.path)
    name, width = layout.path.name, layout.width
    records: list[list[str]] = []
    origins: list[str] = []
    rejects: list[Reject] = []

    def page() -> Page:
        position = {"file": state, "line": lines.number, "offset": lines.offset}
        return Page(_table(layout, records), tuple(origins), position, tuple(rejects))

    with Lines(layout.path, layout.encoding, offset, line) as lines:
        for row in parse_rows(lines, layout.dialect):
            if row.code or (len(row.fields) > width and _too_long(row, width)):
                rejects.append(_reject(layout, row, len(records)))
            else:
                fields = row.fields
                records.append(fields if len(fields) == width else (fields + [""] * width)[:width])
                origins.append(f"{name}!{row.line}")
            if len(records) + len(rejects) >= page_size:
                yield page()
                records, origins, rejects = [], [], []
        if records or rejects:
            yield page()


def _too_long(row: TextRow, width: int) -> bool:
    return any(map(str.strip, row.fields[width:]))


def _table(layout: Layout, records: list[list[str]]) -> pa.Table:
    if len(layout.positions) != layout.width:
        records = [[fields[i] for i in layout.positions] for fields in records]
    table = text_table(layout.columns, records)
    for index, name in enumerate(layout.columns):
        if pc.any(pc.starts_with(table[name], '="')).as_py():
            plain = pc.replace_substring_regex(table[name], _FORMULA_TEXT, r"\1")
            table = table.set_column(index, name, pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain))
    return table


def _reject(layout: Layout, row: TextRow, after: int) -> Reject:
    origin = f"{layout.path.name}!{row.line}"
    if row.code == "row_unreadable":
        return Reject(origin, row.code, row.reason, {"line": row.fields[0]}, after)
    names = dict(zip(layout.positions, layout.columns, strict=True))
    raw = {names.get(i, f"column {i + 1}"): field for i, field in enumerate(row.fields)}
    reason = row.reason or (
        f"{len(row.fields)} fields where the header has {layout.width}; "
        "a value probably contains the separator and is not quoted"
    )
    return Reject(origin, row.code or "row_too_long", reason, raw, after)


def _survey(layout: Layout) -> tuple[int, list[str]]:
    """Count the records and the irregular rows of the whole file."""
    rows = short = rejected = first_short = first_rejected = 0
    with Lines(layout.path, layout.encoding, layout.offset, layout.line) as lines:
        for row in parse_rows(lines, layout.dialect):
            if row.code or (len(row.fields) > layout.width and _too_long(row, layout.width)):
                rejected += 1
                first_rejected = first_rejected or row.line
                continue
            rows += 1
            if len(row.fields) < layout.width:
                short += 1
                first_short = first_short or row.line
    notes = []
    if short:
        notes.append(
            f"{short} row(s) have fewer fields than the header (first in line {first_short}): the rest is empty"
        )
    if rejected:
        notes.append(f"{rejected} row(s) cannot be read and go to quarantine (first in line {first_rejected})")
    return rows, notes
