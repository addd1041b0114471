"""Real files and databases for the connector tests, written by the libraries of each format."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Cells = Sequence[Sequence[object]]


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write ``{sheet: rows}`` with xlsxwriter; ``finish(workbook, sheets)`` adds the rest."""
    import xlsxwriter

    def write(
        sheets: dict[str, Cells], name: str = "customers.xlsx", finish: Callable[..., None] | None = None
    ) -> Path:
        path = tmp_path / name
        workbook = xlsxwriter.Workbook(path)
        made = {title: workbook.add_worksheet(title) for title in sheets}
        for title, rows in sheets.items():
            for number, row in enumerate(rows):
                made[title].write_row(number, 0, row)
        if finish is not None:
            finish(workbook, made)
        workbook.close()
        return path

    return write


@pytest.fixture
def write_xlsb(tmp_path: Path) -> Callable[..., Path]:
    """Write one sheet as a minimal binary workbook ([MS-XLSB]): texts, numbers, booleans, merged regions."""

    def write(rows: Cells, merges: Sequence[tuple[int, int, int, int]] = (), name: str = "customers.xlsb") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", XLSB_TYPES)
            archive.writestr("_rels/.rels", relations("officeDocument", "xl/workbook.bin"))
            archive.writestr("xl/_rels/workbook.bin.rels", relations("worksheet", "worksheets/sheet1.bin"))
            archive.writestr("xl/workbook.bin", xlsb_workbook("客户"))
            archive.writestr("xl/worksheets/sheet1.bin", xlsb_sheet(rows, merges))
        return path

    return write


XLSB_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def relations(kind: str, target: str) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{base}/{kind}" Target="{target}"/></Relationships>'
    )


def record(kind: int, payload: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    size, length = len(payload), b""
    while True:
        part, size = size & 0x7F, size >> 7
        length += bytes([part | (0x80 if size else 0)])
        if not size:
            return head + length + payload


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_workbook(sheet: str) -> bytes:
    bundle = record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide(sheet))
    return record(0x83) + record(0x8F) + bundle + record(0x90) + record(0x84)


def xlsb_sheet(rows: Cells, merges: Sequence[tuple[int, int, int, int]]) -> bytes:
    width = max(len(row) for row in rows)
    parts = [record(0x81), record(0x94, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)), record(0x91)]
    for number, row in enumerate(rows):
        parts.append(record(0x00, struct.pack("<I", number) + bytes(13)))
        for column, value in enumerate(row):
            cell = struct.pack("<II", column, 0)
            if isinstance(value, bool):
                parts.append(record(0x04, cell + bytes([value])))
            elif isinstance(value, (int, float)):
                parts.append(record(0x05, cell + struct.pack("<d", value)))
            elif value:
                parts.append(record(0x06, cell + wide(str(value))))
    parts.append(record(0x92))
    if merges:
        regions = b"".join(record(0xB0, struct.pack("<4I", *region)) for region in merges)
        parts.append(record(0xB1, struct.pack("<I", len(merges))) + regions + record(0xB2))
    return b"".join([*parts, record(0x82)])
