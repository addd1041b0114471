"""What a file really is, told from its content, whatever its name says."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

HEAD_BYTES = 65_536


class Content(StrEnum):
    """Kinds of content that are told apart."""

    XLSX = "an Excel workbook (.xlsx)"
    XLSB = "an Excel binary workbook (.xlsb)"
    XLS = "an Excel 97-2003 workbook (.xls)"
    ODS = "an OpenDocument spreadsheet (.ods)"
    ENCRYPTED = "a password-protected workbook"
    PARQUET = "a Parquet file"
    JSON = "JSON text"
    HTML = "an HTML page"
    XML = "an XML document"
    TEXT = "plain text"
    SQLITE = "an SQLite database"
    ZIP = "a zip archive that is no workbook"
    DAMAGED_ZIP = "a damaged or truncated zip archive (workbooks are such archives)"
    GZIP = "a gzip archive"
    PDF = "a PDF document"
    BINARY = "binary data"


WORKBOOKS = frozenset({Content.XLSX, Content.XLSB, Content.XLS, Content.ODS})

EXTENSIONS = {
    Content.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    Content.XLSB: (".xlsb",),
    Content.XLS: (".xls", ".xlt"),
    Content.ODS: (".ods", ".ots"),
    Content.PARQUET: (".parquet", ".pq"),
    Content.JSON: (".jsonl", ".ndjson", ".json"),
    Content.TEXT: (".csv", ".tsv", ".txt", ".tab", ".psv"),
}

_MAGIC = (
    (b"PAR1", Content.PARQUET),
    (b"SQLite format 3\0", Content.SQLITE),
    (b"\x1f\x8b", Content.GZIP),
    (b"%PDF-", Content.PDF),
    (b"\x09\x08", Content.XLS),  # a bare BIFF8 stream
    (b"\x09\x04\x06\x00", Content.XLS),
    (b"\x09\x02\x06\x00", Content.XLS),
)


def sniff(path: Path) -> Content:
    """Tell what kind of content ``path`` holds; reads its beginning, and a zip archive's directory."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return _sniff_ole(head + stream.read(16 * HEAD_BYTES))
    if head.startswith(b"PK"):
        return _sniff_zip(path)
    for magic, content in _MAGIC:
        if head.startswith(magic):
            return content
    return _sniff_text(head)


def _sniff_ole(head: bytes) -> Content:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return Content.ENCRYPTED
    workbook = "Workbook".encode("utf-16-le") in head or "Book".encode("utf-16-le") in head
    return Content.XLS if workbook else Content.BINARY


def _sniff_zip(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                return Content.XLSB
            if any(name.casefold() == "xl/workbook.xml" for name in names):
                return Content.XLSX
            if "content.xml" in names and "spreadsheet" in _small_text(archive, "mimetype"):
                return Content.ODS
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError):
        return Content.DAMAGED_ZIP
    return Content.ZIP


def _small_text(archive: zipfile.ZipFile, name: str) -> str:
    if name not in archive.namelist():
        return "spreadsheet"  # some writers leave the mimetype out; calamine then decides
    with archive.open(name) as stream:
        return stream.read(200).decode("ascii", "replace")


def _sniff_text(head: bytes) -> Content:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Content.TEXT
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000]
    lowered = start.lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return Content.HTML
    if lowered.startswith(b"<?xml"):
        return Content.HTML if b"<html" in lowered else Content.XML
    if start.startswith(b"{") or (start.startswith(b"[") and start[1:].lstrip().startswith((b"{", b"]"))):
        return Content.JSON
    return Content.BINARY if _looks_binary(head) else Content.TEXT


def _looks_binary(head: bytes) -> bool:
    zeros = head.count(0)
    if zeros and (head[0::2].count(0) > 0.9 * zeros or head[1::2].count(0) > 0.9 * zeros) and zeros > 0.1 * len(head):
        return False  # UTF-16 without a byte order mark
    control = sum(head.count(byte) for byte in range(32) if byte not in (0, 9, 10, 12, 13, 26, 27))
    return zeros > 0.1 * len(head) or control > 0.02 * len(head) + 2
