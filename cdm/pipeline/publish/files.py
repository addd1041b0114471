"""Publish to files: written aside, and put in place when all of them are whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cdm.pipeline.publish.errors import TargetFailed
from cdm.pipeline.publish.options import Options
from cdm.pipeline.publish.rows import Rows
from cdm.report.exports import GoldenTable, write_golden
from connectors.location import expand

TYPED = ".parquet"
"""The format that keeps dates and numbers as such; in the others everything is text, to the letter."""


def path_of(location: str) -> Path:
    """Return the file a location names; raises ``SourceError`` where an environment variable is not set."""
    return Path(expand(location)).expanduser()


def write_files(path: Path, rows: Rows, options: Options) -> list[Path]:
    """Write golden records, crosswalk and former ids; what was there stays whole until the new is.

    Args:
        path: the file; its ending decides the format (:func:`cdm.report.exports.write_golden`).
        rows: what is written.
        options: language of headers.

    Returns:
        The files.

    Raises:
        TargetFailed: they cannot be written.
    """
    golden = [GoldenTable(plan.entity, table) for plan, table in rows.golden]
    with _told(path), _aside(path) as folder:
        more = {"crosswalk": rows.crosswalk, "former": rows.former}
        written = write_golden(folder / path.name, golden, options.language, **more)
        for file in written:
            _make_durable(file)
        return _in_place(written, path.parent)


def _in_place(written: Sequence[Path], folder: Path) -> list[Path]:
    placed = []
    for file in written:
        place = folder / file.name
        file.replace(place)
        placed.append(place)
    return placed


def expected(path: Path, rows_of: Sequence[str]) -> list[Path]:
    """Return the files there are after publishing, for the names of the tables in them."""
    if path.suffix.lower() == ".xlsx":
        return [path]
    return [path.with_name(f"{path.stem}-{name}{path.suffix}") for name in rows_of]


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Yield a folder beside the file, on the same disk; what a process that was killed left there is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = path.with_name(f".{path.name}.publish")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_durable(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TargetFailed(
            f"{path} cannot be written: {error.strerror or error}.",
            remedy="Close the file where it is open, and see that there is room and the folder may be written to.",
            path=str(path),
        ) from error
