"""The backup file: its manifest, and proof that it is whole."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is a class
from typing import IO
from zipfile import BadZipFile

import orjson

from cdm.errors import BackupDamaged, BackupFailed
from schemas.progress import Progress, silent

FORMAT = 1
MANIFEST = "manifest.json"
SUFFIX = ".cdmbackup"
_BLOCK = 1 << 20
_BROKEN = (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, LookupError, TypeError, StructError)
"""What reading damaged bytes raises: a flipped bit may name a compression, a password or a version there is not."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table in a backup: ``size`` in bytes and ``sha256`` are those of its Parquet file."""

    name: str
    rows: int
    size: int
    sha256: str

    @property
    def member(self) -> str:
        """Name of its file inside the archive."""
        return f"{self.name}.parquet"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    schema: str
    """Revision of the hub's tables."""
    program: str
    """Version that wrote it."""
    made_at: str
    tables: Sequence[TableEntry]
    digest: str = ""
    """SHA-256 of the manifest, which by its sums stands for every byte of the backup."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables)

    def dump(self) -> bytes:
        """Return the bytes that are written into the archive."""
        content = asdict(self)
        del content["digest"]
        return orjson.dumps(content, option=orjson.OPT_INDENT_2)


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup and read its manifest.

    Raises:
        BackupFailed: the file cannot be read, or a newer release wrote it.
        BackupDamaged: it is no backup, or not a whole one.
    """
    try:
        archive = zipfile.ZipFile(file)
    except OSError as error:
        raise BackupFailed(
            f"The backup {file} cannot be read: {error.strerror or error}.", remedy="Check its name and permissions."
        ) from error
    except _BROKEN as error:
        raise BackupDamaged(f"The file {file} is no whole backup: {error}.", remedy=_ANOTHER) from error
    with archive:
        yield archive, _manifest(archive, file)


def verify(file: Path, progress: Progress = silent) -> Manifest:
    """Check every byte of a backup against its manifest.

    Args:
        file: the backup.
        progress: told about bytes.

    Raises:
        BackupFailed: the file cannot be read, or a newer release wrote it.
        BackupDamaged: a part is missing or not what was written; names the part.
    """
    with opened(file) as (archive, manifest):
        done, total = 0, sum(one.size for one in manifest.tables)
        for one in manifest.tables:
            progress("verify", done, total)
            if _digest(archive, one.member) != one.sha256:
                raise damaged(file, one.member)
            done += one.size
        progress("verify", done, total)
    return manifest


def damaged(file: Path, part: str) -> BackupDamaged:
    """Return the error of a backup one part of which is missing or altered."""
    return BackupDamaged(f"The part '{part}' of the backup {file} is damaged or missing.", remedy=_ANOTHER, part=part)


_ANOTHER = "Take another backup; this one cannot be relied on."


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        content = archive.read(MANIFEST)
        known = orjson.loads(content)
        if known["format"] > FORMAT:
            raise BackupFailed(
                f"The backup {file} has format {known['format']}; this release reads formats up to {FORMAT}.",
                remedy="Install the newer release that wrote it.",
            )
        tables = [TableEntry(**one) for one in known["tables"]]
        manifest = Manifest(**{**known, "tables": tables})
    except _BROKEN as error:
        raise damaged(file, MANIFEST) from error
    return replace(manifest, digest=hashlib.sha256(content).hexdigest())


def _digest(archive: zipfile.ZipFile, member: str) -> str:
    """Return the SHA-256 of a part; empty where it cannot be read."""
    sum_ = hashlib.sha256()
    try:
        with archive.open(member) as part:
            _feed(part, sum_)
    except _BROKEN:
        return ""
    return sum_.hexdigest()


def _feed(part: IO[bytes], sum_: hashlib._Hash) -> None:
    while block := part.read(_BLOCK):
        sum_.update(block)
