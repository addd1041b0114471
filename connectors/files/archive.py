"""The guard in front of zip-based workbooks: no zip bomb is ever opened."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from connectors.errors import SourceTooLarge, SourceUnreadable
from connectors.limits import MAX_ARCHIVE_MEMBERS, MAX_INFLATED_BYTES, MAX_INFLATION_RATIO, RATIO_FREE_BYTES

DEFLATE_MAX_RATIO = 1032
"""Deflate cannot do better (zlib's technical details); a small file therefore cannot hide a large one."""
_CHUNK = 2**20


def guard_archive(path: Path, limit: int = MAX_INFLATED_BYTES, free: int = RATIO_FREE_BYTES) -> None:
    """Refuse an archive that would unpack to too much.

    First by the sizes it declares, then, where these could hide more than the limits allow, by unpacking it in bounded
    pieces and counting.

    Args:
        path: a zip archive.
        limit: bytes it may unpack to.
        free: bytes below which the ratio does not matter.

    Raises:
        SourceTooLarge: it is (or pretends not to be) a zip bomb.
        SourceUnreadable: the archive is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise _damaged(path, str(error)) from None
    size = path.stat().st_size
    allowed = min(limit, max(free, size * MAX_INFLATION_RATIO))
    declared = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_ARCHIVE_MEMBERS or declared > allowed or packed > size:
        raise _too_large(path, f"declares {declared:,} bytes in {len(members):,} parts", allowed)
    if packed * DEFLATE_MAX_RATIO > allowed:
        _count(path, members, allowed)


def _count(path: Path, members: Sequence[zipfile.ZipInfo], allowed: int) -> None:
    total = 0
    with path.open("rb") as stream:
        for member in members:
            for size in _inflated_sizes(path, stream, member):
                total += size
                if total > allowed:
                    raise _too_large(path, "unpacks to more than it declares", allowed)


def _inflated_sizes(path: Path, stream: BinaryIO, member: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the sizes of the pieces ``member`` really unpacks to, whatever its header declares."""
    stream.seek(member.header_offset)
    local = stream.read(30)
    if len(local) < 30 or not local.startswith(b"PK\x03\x04"):
        raise _damaged(path, f"part '{member.filename}' is not where the directory says")
    stream.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
    if member.compress_type == zipfile.ZIP_STORED:
        yield member.compress_size
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged(path, f"part '{member.filename}' is packed by method {member.compress_type}")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left = member.compress_size
    try:
        while left > 0 and not inflate.eof and (data := stream.read(min(_CHUNK, left))):
            left -= len(data)
            while data:
                yield len(inflate.decompress(data, _CHUNK))
                data = inflate.unconsumed_tail
    except zlib.error as error:
        raise _damaged(path, f"part '{member.filename}': {error}") from None


def _too_large(path: Path, why: str, allowed: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"The workbook '{path}' ({path.stat().st_size:,} bytes) {why}; {allowed:,} bytes are allowed (zip bomb guard).",
        remedy="Open it in a spreadsheet program and save the customer table alone as .xlsx or .csv.",
        file=str(path),
    )


def _damaged(path: Path, why: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"The workbook '{path}' is damaged: {why}.", remedy="Fetch or export the file again.", file=str(path)
    )
