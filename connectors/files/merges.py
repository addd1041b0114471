"""Merged cells of the formats for which calamine does not tell them: OpenDocument and binary workbooks."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path, PurePosixPath
from xml.parsers.expat import ExpatError, ParserCreate

Region = tuple[tuple[int, int], tuple[int, int]]
"""((first row, first column), (last row, last column)), 0-based, inclusive."""

_CHUNK = 2**20
_RELATIONSHIP = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target)="([^"]*)"')
_MERGES = re.compile(rb"\xb1\x01\x04(.{4})((?:\xb0\x01\x10.{16})+)\xb2\x01\x00", re.DOTALL)


def ods_merges(path: Path) -> dict[str, list[Region]]:
    """Return the merged regions of every sheet of an OpenDocument spreadsheet (ODF 1.3, table:number-rows-spanned)."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        if not any(b"-spanned" in chunk for chunk in iter(lambda: stream.read(_CHUNK), b"")):
            return {}
    reader = _OdsReader()
    parser = ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        try:
            parser.ParseFile(stream)
        except ExpatError:  # calamine, which reads the values, tells what is wrong
            return {}
    return reader.regions


class _OdsReader:
    """Follows rows and columns through the XML events of ``content.xml``."""

    def __init__(self) -> None:
        self.regions: dict[str, list[Region]] = {}
        self.sheet = ""
        self.row = self.column = 0
        self.repeat = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.sheet, self.row = attributes.get("table:name", ""), 0
            self.regions.setdefault(self.sheet, [])
        elif tag == "table:table-row":
            self.column, self.repeat = 0, int(attributes.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            rows = int(attributes.get("table:number-rows-spanned", 1))
            columns = int(attributes.get("table:number-columns-spanned", 1))
            if rows > 1 or columns > 1:
                last = (self.row + rows - 1, self.column + columns - 1)
                self.regions[self.sheet].append(((self.row, self.column), last))
            self.column += int(attributes.get("table:number-columns-repeated", 1))

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.repeat


def xlsb_merges(path: Path) -> dict[str, list[Region]]:
    """Return the merged regions of every sheet of a binary workbook ([MS-XLSB] 2.4.715 BrtMergeCell)."""
    with zipfile.ZipFile(path) as archive:
        parts = _xlsb_parts(archive)
        known = set(archive.namelist())
        return {sheet: _xlsb_regions(archive.read(part)) for sheet, part in parts.items() if part in known}


def _xlsb_regions(content: bytes) -> list[Region]:
    regions: list[Region] = []
    for match in _MERGES.finditer(content):
        count = struct.unpack("<I", match[1])[0]
        body = match[2]
        if len(body) != count * 19:
            continue  # the bytes of something else
        for position in range(0, len(body), 19):
            top, bottom, left, right = struct.unpack_from("<4I", body, position + 3)
            regions.append(((top, left), (bottom, right)))
    return regions


def _xlsb_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name → archive member, from the workbook's BrtBundleSh records and relationships."""
    targets = {}
    for tag in _RELATIONSHIP.findall(archive.read("xl/_rels/workbook.bin.rels")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get(b"Target", b"").decode()
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
        targets[attributes.get(b"Id", b"").decode()] = path
    content = archive.read("xl/workbook.bin")
    parts = {}
    for kind, record in _records(content):
        if kind == 0x9C:
            relation, rest = _wide_string(record, 8)
            name, _ = _wide_string(record, rest)
            if relation in targets:
                parts[name] = targets[relation]
    return parts


def _records(content: bytes) -> list[tuple[int, bytes]]:
    """Split a binary part into (record type, payload) ([MS-XLSB] 2.1.4)."""
    records, position = [], 0
    while position < len(content):
        kind = content[position] & 0x7F
        if content[position] & 0x80:
            position += 1
            kind |= (content[position] & 0x7F) << 7
        position += 1
        size = shift = 0
        while True:
            size |= (content[position] & 0x7F) << shift
            shift += 7
            position += 1
            if not content[position - 1] & 0x80:
                break
        records.append((kind, content[position : position + size]))
        position += size
    return records


def _wide_string(record: bytes, position: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", record, position)[0]
    end = position + 4 + 2 * length
    return record[position + 4 : end].decode("utf-16-le"), end
