"""The guard against sheets that stretch too far.

A sheet is held in memory as a full grid: two cells at its opposite corners, a few kilobytes of file, would ask for
hundreds of gigabytes. How far the cells of each sheet reach is therefore looked up before it is loaded: first by a
quick look that may say too much, and where that is beyond the limit, cell by cell.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate

from connectors.errors import SourceTooLarge
from connectors.files.sniff import Content
from connectors.limits import MAX_SHEET_CELLS

_CHUNK = 2**20
_NO_SHEETS = re.compile(
    r"(sharedstrings|styles|theme\d*)\.xml$|\.rels$|/(media|drawings|charts|printersettings)/", re.I
)
_WIDE = re.compile(rb' r="([A-Z]{2,3})\d+"[^>/]*>')
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_ONE_LETTER = 26
_CONTENT = frozenset({"v", "is", "f"})
"""What a filled cell has inside: a value, an inline text or a formula; a cell that is only formatted has nothing."""


def guard_extent(path: Path, content: Content, limit: int = MAX_SHEET_CELLS) -> None:
    """Refuse a workbook with a sheet whose cells stretch over more than ``limit`` grid positions.

    Raises:
        SourceTooLarge: naming the part of the workbook, its rows and columns.
    """
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            rows = columns = 0
            if content is Content.XLSX and member.endswith(".xml") and not _NO_SHEETS.search(member):
                rows, columns = _xlsx_extent(archive, member, limit)
            elif content is Content.XLSB and member.startswith("xl/worksheets/") and member.endswith(".bin"):
                with archive.open(member) as part:
                    rows, columns = _xlsb_extent(part.read(4096))
            if rows * columns > limit:
                raise SourceTooLarge(
                    f"A sheet of '{path}' ({member}) stretches over {rows:,} rows and {columns:,} columns.",
                    remedy="Delete the stray cells far below or to the right of the table, and save it again.",
                    file=str(path),
                )


def _xlsx_extent(archive: zipfile.ZipFile, member: str, limit: int) -> tuple[int, int]:
    """Return (rows, columns) that the filled cells of one part reach; (0, 0) for a part that is no sheet.

    The figures may be too large where even so they are within ``limit``.
    """
    rows = count = cells = plain = other = 0
    columns = _ONE_LETTER
    with archive.open(member) as part:
        for piece in _pieces(part):
            count += piece.count(b"<row")
            cells += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/>")
            plain += piece.count(b'<c r="')
            other += piece.count(b":c ") + piece.count(b":c>") + piece.count(b":row")
            columns = max([columns, *map(_column_number, set(_WIDE.findall(piece)))])
            rows = max([rows, *map(int, _ROW.findall(piece))])
    rows = max(rows, count)
    if cells == plain and not other and rows * columns <= limit:
        return (rows, columns) if cells else (0, 0)
    with archive.open(member) as part:
        return _Follower().follow(part)


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Yield the content in pieces that never cut a tag in two."""
    rest = b""
    while chunk := part.read(_CHUNK):
        rest += chunk
        cut = rest.rfind(b"<")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _Follower:
    """Follows the cells of a sheet one by one; places may be implied by their order (ECMA-376 18.3.1.4, 18.3.1.73)."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0

    def follow(self, part: IO[bytes]) -> tuple[int, int]:
        parser = ParserCreate()
        parser.StartElementHandler = self.start
        with suppress(ExpatError):  # calamine tells what is wrong with it
            parser.ParseFile(part)
        return self.rows, self.columns

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        place = attributes.get("r", "")
        if name == "row":
            self.row = int(place) if place.isdigit() else self.row + 1
            self.column = 0
        elif name == "c":
            reference = _REFERENCE.fullmatch(place)
            self.column = _column_number(reference[1].encode()) if reference else self.column + 1
            self.row = int(reference[2]) if reference else self.row
        elif name in _CONTENT:
            self.rows = max(self.rows, self.row)
            self.columns = max(self.columns, self.column)


def _xlsb_extent(head: bytes) -> tuple[int, int]:
    """Return (rows, columns) of BrtWsDim, which stands at the beginning of a sheet ([MS-XLSB] 2.4.829)."""
    start = head.find(b"\x94\x01\x10")
    if start < 0 or len(head) < start + 19:
        return 0, 0
    _, last_row, _, last_column = struct.unpack_from("<4I", head, start + 3)
    return last_row + 1, last_column + 1
