"""Read a YAML file strictly, and know on which line each part of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from schemas.errors import CdmError

MAX_BYTES = 4 * 1024 * 1024
"""A model or mapping file is a few kilobytes; anything far larger is not one."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one YAML file and the line of every mapping key in it."""

    path: Path
    data: object
    lines: Mapping[tuple[str, ...], int]

    def place(self, *keys: str) -> str:
        """Name the file and the line of the innermost of ``keys`` that is in the file, for messages."""
        for length in range(len(keys), 0, -1):
            line = self.lines.get(keys[:length])
            if line is not None:
                return f"{self.path}, line {line}"
        return str(self.path)


def read_document(path: Path, error: type[CdmError]) -> Document:
    """Read one YAML file.

    Args:
        path: the file.
        error: the class to raise, so that a wrong model and a wrong mapping stay apart.

    Returns:
        The document; its data is plain dicts, lists, strings, numbers, booleans and ``None``.

    Raises:
        CdmError: of class ``error``, for a missing, unreadable, oversized or ill-formed file, or a key written twice.
    """
    return parse_document(_read(path, error), path, error)


def parse_document(text: str, path: Path, error: type[CdmError]) -> Document:
    """Parse YAML ``text``; see :func:`read_document`. ``path`` is only named in messages."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[tuple[str, ...], int] = {}
        _index(node, (), lines, path, error)
        data = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, RecursionError, ValueError) as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        what = getattr(broken, "problem", None) or str(broken)
        raise error(
            f"{where}: this is not well-formed YAML ({what}).",
            remedy="Check the indentation, quotes and brackets there; texts with ': ' or '#' need quotes.",
            file=str(path),
        ) from broken
    finally:
        loader.dispose()
    return Document(path, data, lines)


def _read(path: Path, error: type[CdmError]) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise error(
                f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB.", remedy="Name a YAML file.", file=str(path)
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as failed:
        raise error(
            f"{path} cannot be read ({failed.strerror}).",
            remedy="Check the path and that you may read it.",
            file=str(path),
        ) from failed
    except UnicodeDecodeError as failed:
        raise error(
            f"{path} is not UTF-8 text (byte {failed.start}).", remedy="Save the file as UTF-8.", file=str(path)
        ) from failed


def _index(
    node: yaml.Node | None,
    above: tuple[str, ...],
    lines: dict[tuple[str, ...], int],
    path: Path,
    error: type[CdmError],
) -> None:
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _index(item, (*above, str(number)), lines, path, error)
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        name = (*above, str(key.value))
        if name in lines:
            raise error(
                f"{path}, line {key.start_mark.line + 1}: '{key.value}' is written twice, first in line {lines[name]}.",
                remedy="Keep one of the two.",
                file=str(path),
                key=str(key.value),
            )
        lines[name] = key.start_mark.line + 1
        _index(value, name, lines, path, error)
