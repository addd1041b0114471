"""JSON: one object per line (JSON lines), or one document that is or contains an array of objects.

Nested objects are flattened with dots (``address.city``), arrays of plain values joined with ``;``, arrays of objects
kept as JSON text. Numbers keep the digits they are written with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from connectors.contract import Cursor, Dataset, Page, Reject
from connectors.errors import SourceEmpty, SourceTooLarge, SourceUnreadable, WrongContent
from connectors.files.encoding import TextEncoding, detect_encoding
from connectors.files.lines import Lines
from connectors.files.sniff import Content, sniff
from connectors.limits import MAX_COLUMNS, MAX_JSON_DOCUMENT_BYTES
from connectors.location import fingerprint, open_file_path, resumes
from connectors.options import option
from connectors.pages import take_sample
from connectors.text import text_table, value_text


@dataclass(frozen=True, slots=True)
class JsonOptions:
    """How to read JSON."""

    encoding: str | None = option("Encoding, e.g. utf-8, utf-16; default: found")


class _Record(NamedTuple):
    """One object, flattened: its line (or number in the array), and where reading goes on; or what is wrong."""

    line: int
    values: Mapping[str, object]
    offset: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Layout:
    path: Path
    encoding: TextEncoding
    whole: bool
    columns: tuple[str, ...]
    rows: int
    rejected: int


class JsonConnector:
    """Reads JSON lines or a JSON document; see :class:`JsonOptions`."""

    def __init__(self, location: str, options: JsonOptions | None = None) -> None:
        self.location = location
        self.options = options or JsonOptions()

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the file: all keys of all objects, a sample, the number of objects."""
        layout = self._layout()
        sample, _ = take_sample(_pages(layout, None, max(1, sample_rows)), layout.columns, sample_rows)
        notes = [*layout.encoding.notes]
        if layout.rejected:
            notes.append(f"{layout.rejected} line(s) are no JSON object and go to quarantine")
        return Dataset(layout.columns, sample, layout.rows, notes=tuple(notes))

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield the objects after ``cursor``; a line that is no JSON object is rejected."""
        layout = self._layout()
        yield from _pages(layout, cursor if resumes(cursor, layout.path) else None, page_size)

    def _layout(self) -> _Layout:
        path = open_file_path(self.location)
        content = sniff(path)
        if content not in (Content.JSON, Content.TEXT):
            raise WrongContent(
                f"'{path}' is not JSON but {content.value}.",
                remedy="Leave the connector out to have it chosen by content.",
                file=str(path),
            )
        encoding = detect_encoding(path, self.options.encoding)
        whole = _is_document(path, encoding)
        columns: dict[str, None] = {}
        rows = rejected = 0
        for record in _records(path, encoding, whole):
            if record.reason:
                rejected += 1
                continue
            rows += 1
            columns.update(dict.fromkeys(record.values))
            if len(columns) > MAX_COLUMNS:
                raise SourceTooLarge(
                    f"The objects of '{path}' have more than {MAX_COLUMNS} different keys.",
                    remedy="Export keys as values.",
                    file=str(path),
                )
        if not rows:
            raise _no_objects(path, rejected)
        return _Layout(path, encoding, whole, tuple(columns), rows, rejected)


def _no_objects(path: Path, rejected: int) -> SourceEmpty | SourceUnreadable:
    if rejected:
        return SourceUnreadable(
            f"No line of '{path}' is a JSON object.", remedy="Export one JSON object per line.", file=str(path)
        )
    return SourceEmpty(f"The file '{path}' holds no JSON object.", remedy="Export it again.", file=str(path))


def _is_document(path: Path, encoding: TextEncoding) -> bool:
    """Say whether the file is one JSON document rather than one object per line."""
    with Lines(path, encoding) as lines:
        first = next((line for line in lines if line.strip()), "").strip()
    if not first.startswith("{"):
        return first.startswith("[")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return first.count("{") > first.count("}")
    return _inner_list(value) is not None and path.suffix.casefold() == ".json"


def _records(path: Path, encoding: TextEncoding, whole: bool, offset: int = 0, number: int = 0) -> Iterator[_Record]:
    if whole:
        for index, value in enumerate(_document(path, encoding), start=1):
            if index > number:
                yield _record(index, value, 0)
        return
    with Lines(path, encoding, offset, number) as lines:
        for line in lines:
            lines.recent.clear()
            if not line.strip():
                continue
            try:
                yield _record(lines.number, _loads(line), lines.offset)
            except (ValueError, RecursionError) as error:
                yield _Record(lines.number, {"line": line.strip()[:10_000]}, lines.offset, f"not JSON: {error}")


def _loads(text: str) -> object:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: None)


def _record(number: int, value: object, offset: int) -> _Record:
    if not isinstance(value, dict):
        return _Record(number, {"line": value_text(value) or ""}, offset, "not a JSON object")
    return _Record(number, flatten(value), offset)


def _document(path: Path, encoding: TextEncoding) -> list[object]:
    if path.stat().st_size > MAX_JSON_DOCUMENT_BYTES:
        raise SourceTooLarge(
            f"'{path}' is one JSON document of more than {MAX_JSON_DOCUMENT_BYTES:,} bytes.",
            remedy="Export JSON lines (one object per line), which is read in pieces.",
            file=str(path),
        )
    try:
        value = _loads(path.read_bytes()[encoding.mark :].decode(encoding.name))
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(
            f"'{path}' is not valid JSON: {error}.", remedy="Export it again.", file=str(path)
        ) from None
    if isinstance(value, list):
        return value
    inner = _inner_list(value)
    return [value] if inner is None else inner


def _inner_list(value: object) -> list[object] | None:
    """Return the longest array of objects directly inside an object, e.g. under ``customers`` or ``data``."""
    values = value.values() if isinstance(value, dict) else ()
    lists = [v for v in values if isinstance(v, list) and v and all(isinstance(item, dict) for item in v)]
    return max(lists, key=len) if lists and not _has_scalars(value) else None


def _has_scalars(value: object) -> bool:
    """Say whether an object looks like a record of its own: it has more plain values than an envelope has."""
    return isinstance(value, dict) and sum(not isinstance(v, (dict, list)) for v in value.values()) > 4


def flatten(value: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Return a JSON object as column → plain value: ``{"a": {"b": 1}}`` becomes ``{"a.b": 1}``."""
    flat: dict[str, object] = {}
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, dict) and item:
            for inner, plain in flatten(item, f"{name}.").items():
                flat.setdefault(inner, plain)
        elif isinstance(item, list) and not any(isinstance(part, (dict, list)) for part in item):
            flat.setdefault(name, ";".join(value_text(part) or "" for part in item))
        else:
            flat.setdefault(name, None if item == {} else item)
    return flat


def _pages(layout: _Layout, cursor: Cursor | None, page_size: int) -> Iterator[Page]:
    offset, number = (int(str(cursor["offset"])), int(str(cursor["line"]))) if cursor else (0, 0)
    state = fingerprint(layout.path)
    name = layout.path.name
    rows: list[list[object]] = []
    origins: list[str] = []
    rejects: list[Reject] = []
    position: dict[str, object] = {}
    for record in _records(layout.path, layout.encoding, layout.whole, offset, number):
        if record.reason:
            raw = {key: str(value) for key, value in record.values.items()}
            rejects.append(Reject(f"{name}!{record.line}", "row_unreadable", record.reason, raw, len(rows)))
        else:
            rows.append([record.values.get(column) for column in layout.columns])
            origins.append(f"{name}!{record.line}")
        position = {"file": state, "line": record.line, "offset": record.offset}
        if len(rows) + len(rejects) >= page_size:
            yield Page(text_table(layout.columns, rows), tuple(origins), position, tuple(rejects))
            rows, origins, rejects = [], [], []
    if rows or rejects:
        yield Page(text_table(layout.columns, rows), tuple(origins), position, tuple(rejects))
