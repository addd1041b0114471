"""Where a source is: placeholders from the environment, and files that can really be opened."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

from connectors.contract import Cursor
from connectors.errors import OptionsInvalid, SourceDenied, SourceEmpty, SourceNotFound, SourceUnreadable, did_you_mean

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+://")


def is_url(location: str) -> bool:
    """Say whether ``location`` is a URL rather than a path."""
    return bool(URL.match(location))


def expand(location: str) -> str:
    """Replace every ``${NAME}`` by the environment variable ``NAME``.

    A value that stands in the user or password part of a URL is percent-encoded, so that any password works.

    Raises:
        OptionsInvalid: the variable is not set; the message names it, never a value.
    """
    credentials = location.rfind("@") if is_url(location) else -1

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in os.environ:
            raise OptionsInvalid(
                f"The location uses ${{{name}}}, but the environment has no variable '{name}'.",
                remedy=f"Set {name} and try again.",
                variable=name,
            )
        return quote(os.environ[name], safe="") if match.start() < credentials else os.environ[name]

    return PLACEHOLDER.sub(value, location)


def open_file_path(location: str) -> Path:
    """Return the path of a file that exists, can be read and is not empty.

    Raises:
        SourceNotFound, SourceUnreadable, SourceDenied, SourceEmpty: naming the file.
    """
    path = Path(expand(location)).expanduser()
    try:
        if not path.exists():
            raise SourceNotFound(f"The file '{path}' does not exist.", remedy=_remedy(path), file=str(path))
        if not path.is_file():
            raise SourceUnreadable(f"'{path}' is not a file.", remedy="Name one file.", file=str(path))
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except PermissionError:
        raise SourceDenied(
            f"The file '{path}' may not be read.", remedy="Give this user permission to read it.", file=str(path)
        ) from None
    if empty:
        raise SourceEmpty(f"The file '{path}' is empty.", remedy="Export it again.", file=str(path))
    return path


def _remedy(path: Path) -> str:
    if not path.parent.is_dir():
        return f"The folder '{path.parent}' does not exist either; check the path."
    files = sorted(p.name for p in path.parent.iterdir() if p.is_file())
    return did_you_mean(path.name, files, limit=10) if files else "There is no file at all in that folder."


def fingerprint(path: Path) -> dict[str, object]:
    """Return what tells one state of a file from another, for cursors: a changed file is read from its start."""
    stat = path.stat()
    return {"size": stat.st_size, "modified": stat.st_mtime_ns}


def resumes(cursor: Cursor | None, path: Path) -> bool:
    """Say whether ``cursor`` was made on ``path`` in its present state."""
    return cursor is not None and cursor.get("file") == fingerprint(path)
