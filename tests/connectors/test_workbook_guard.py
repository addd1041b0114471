"""Workbooks that cannot or must not be opened."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from connectors.errors import (
    SourceEmpty,
    SourceEncrypted,
    SourceNotFound,
    SourceTooLarge,
    SourceUnreadable,
    WrongContent,
)
from connectors.files.archive import guard_archive
from connectors.files.excel import ExcelConnector
from connectors.files.extent import guard_extent
from connectors.files.sniff import Content

Write = Callable[..., Path]
ROWS = [["姓名", "电话"], ["张三", "138"]]


def describe(path: Path) -> list[dict[str, str]]:
    return ExcelConnector(str(path)).describe().sample.to_pylist()


def old_workbook(path: Path) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("S")
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))
    return path.read_bytes()


def test_missing_file_names_it_and_the_nearest(tmp_path: Path, write_xlsx: Write) -> None:
    write_xlsx({"S": ROWS}, name="customers.xlsx")
    with pytest.raises(SourceNotFound, match=r"custommers\.xlsx' does not exist\. Did you mean 'customers\.xlsx'"):
        describe(tmp_path / "custommers.xlsx")
    with pytest.raises(SourceNotFound, match=r"folder .* does not exist either"):
        describe(tmp_path / "nowhere" / "a.xlsx")


def test_folder_and_empty_file(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="is not a file"):
        describe(tmp_path)
    (tmp_path / "a.xlsx").touch()
    with pytest.raises(SourceEmpty, match=r"a\.xlsx' is empty"):
        describe(tmp_path / "a.xlsx")


def test_content_counts_not_the_name(tmp_path: Path, write_xlsx: Write) -> None:
    modern = write_xlsx({"S": ROWS}, name="customers.xls")
    assert describe(modern) == [{"姓名": "张三", "电话": "138"}]
    assert any("the name ends in '.xls'" in note for note in ExcelConnector(str(modern)).describe().notes)
    old_workbook(tmp_path / "old.xlsx")
    assert describe(tmp_path / "old.xlsx") == [{"姓名": "张三", "电话": "138"}]


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        (b"id,name\n1,Ann\n", "plain text", "connector 'csv'"),
        (b"<html><body><table><tr><td>a</td></tr></table></body></html>", "an HTML page", "save it as .xlsx"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML document", "save it as .xlsx"),
        (b'{"id": 1}\n', "JSON text", "connector 'jsonl'"),
        (b"%PDF-1.4 ...", "a PDF document", "as .xlsx or .csv"),
    ],
    ids=["csv", "html", "xml", "json", "pdf"],
)
def test_wrong_extension_for_the_content(tmp_path: Path, content: bytes, what: str, remedy: str) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(WrongContent, match=rf"a\.xls' is not a workbook but {what}.*{remedy}"):
        describe(tmp_path / "a.xls")


def test_other_zip_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(WrongContent, match="a zip archive that is no workbook"):
        describe(tmp_path / "a.xlsx")


@pytest.mark.parametrize("keep", [0.4, 0.98])
def test_truncated_workbook(tmp_path: Path, write_xlsx: Write, keep: float) -> None:
    whole = write_xlsx({"S": ROWS}).read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(SourceUnreadable, match=r"half\.xlsx.*damaged or truncated"):
        describe(tmp_path / "half.xlsx")


def test_damaged_parts(tmp_path: Path, write_xlsx: Write) -> None:
    source = write_xlsx({"S": ROWS})
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet><sheetData><row" if "sheet1" in name else old.read(name))
    with pytest.raises(SourceUnreadable, match=r"bad\.xlsx' cannot be read"):
        describe(tmp_path / "bad.xlsx")
    content = old_workbook(tmp_path / "bad.xls")
    (tmp_path / "bad.xls").write_bytes(content[:1536])
    with pytest.raises(SourceUnreadable):
        describe(tmp_path / "bad.xls")


def test_encrypted_modern_workbook(tmp_path: Path) -> None:
    """An encrypted .xlsx is an OLE container with a stream ``EncryptedPackage`` ([MS-OFFCRYPTO] 2.3.4.4)."""
    content = old_workbook(tmp_path / "a.xls")
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    assert content.count(entry) == 1
    name = "EncryptedPackage"
    renamed = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2)
    (tmp_path / "a.xlsx").write_bytes(content.replace(entry, renamed))
    with pytest.raises(SourceEncrypted, match=r"a\.xlsx' is protected by a password.*remove the password"):
        describe(tmp_path / "a.xlsx")


def test_encrypted_old_workbook(tmp_path: Path) -> None:
    """An encrypted .xls has a FILEPASS record after BOF ([MS-XLS] 2.4.117)."""
    content = bytearray(old_workbook(tmp_path / "a.xls"))
    start = content.index(bytes.fromhex("0908 1000 0006 0500"))
    following = start + 4 + struct.unpack_from("<H", content, start + 2)[0]
    struct.pack_into("<H", content, following, 0x002F)
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(SourceEncrypted, match="protected by a password"):
        describe(tmp_path / "a.xls")


def bomb(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(size // 2**20):
                part.write(bytes(2**20))
    return path


def test_zip_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.xlsx", 300 * 2**20)
    assert path.stat().st_size < 500_000
    with pytest.raises(SourceTooLarge, match=r"bomb\.xlsx.* declares 314,572,811 bytes in 2 parts.*zip bomb guard"):
        describe(path)


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = bomb(tmp_path / "liar.xlsx", 8 * 2**20)
    content, real = bytearray(path.read_bytes()), struct.pack("<I", 8 * 2**20)
    assert content.count(real) >= 1
    path.write_bytes(content.replace(real, struct.pack("<I", 1000)))
    guard_archive(path)  # harmless within the usual limits
    with pytest.raises(SourceTooLarge, match="unpacks to more than it declares"):
        guard_archive(path, limit=4 * 2**20, free=2**20)


@pytest.mark.parametrize("place", ["XFD1048576", "CS1048576"])
def test_sheet_that_stretches_too_far(tmp_path: Path, place: str) -> None:
    """Two cells would make a grid of many gigabytes."""
    book = openpyxl.Workbook()
    book.active["A1"] = "name"
    book.active[place] = "stray"
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(
        SourceTooLarge, match=r"wide\.xlsx' \(xl/worksheets/sheet1\.xml\) stretches over 1,048,576 rows"
    ):
        describe(tmp_path / "wide.xlsx")


@pytest.mark.parametrize(
    ("body", "extent"),
    [
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row><row r="9"><c r="A9"><v>1</v></c></row>',
            (9, 16384),
        ),
        ('<row r="1"><c s="1" r="A1"><v>1</v></c><c s="1" r="AB7"><is><t>x</t></is></c></row>', (7, 28)),
        ("<row><c><v>1</v></c><c><v>1</v></c></row><row/><row><c><v>1</v></c></row>", (3, 2)),
        ('<x:row r="5"><x:c r="C5"><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>', (5, 4)),
        ('<row r="2"><c r="B2"><v>1</v></c><c r="XFD2" s="1"/></row><row r="9"><c r="A9" s="1"/></row>', (2, 2)),
    ],
    ids=["far column", "attributes in another order", "implied places", "prefixed tags", "only formatted"],
)
def test_extent_of_a_sheet(tmp_path: Path, body: str, extent: tuple[int, int]) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns:x="y"><sheetData>{body}</sheetData></worksheet>'
        )
    rows, columns = extent
    guard_extent(path, Content.XLSX, limit=rows * columns)
    with pytest.raises(SourceTooLarge, match=f"{rows:,} rows and {columns:,} columns"):
        guard_extent(path, Content.XLSX, limit=rows * columns - 1)


def test_binary_sheet_that_stretches_too_far(write_xlsb: Write) -> None:
    path = write_xlsb([["name"], ["Ann"]])
    guard_extent(path, Content.XLSB, limit=2)
    with pytest.raises(SourceTooLarge, match="2 rows and 1 columns"):
        guard_extent(path, Content.XLSB, limit=1)


def test_overlapping_parts_are_refused(tmp_path: Path) -> None:
    """Many directory entries for one and the same packed part (the overlapping bomb of D. Fifield, 2019)."""
    path = tmp_path / "overlap.xlsx"
    data = zlib.compress(bytes(2**16), 9)[2:-4]
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(data), 2**16, 15, 0) + b"xl/workbook.xml"
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(data), 2**16, 15, 0, 0, 0, 0, 0, 0)
    count = 500
    directory = (entry + b"xl/workbook.xml") * count
    begin = len(local) + len(data)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), begin, 0)
    path.write_bytes(local + data + directory + end)
    with pytest.raises(SourceTooLarge, match="500 parts"):
        guard_archive(path, free=2**20)


def test_honest_workbook_passes_the_guard(write_xlsx: Write) -> None:
    guard_archive(write_xlsx({"S": ROWS * 500}), limit=10 * 2**20, free=1)
