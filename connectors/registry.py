"""Which connectors there are, which one fits a location, and how a source is opened.

Built-in connectors and those that installed packages announce in the entry-point group ``cdm.connectors`` are equals:
an entry point names a :class:`ConnectorType`, e.g. ``kingdee = "my_package.kingdee:CONNECTOR"``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from connectors.contract import Connector
from connectors.errors import UnknownConnector, did_you_mean
from connectors.files.sniff import EXTENSIONS, WORKBOOKS, Content, sniff
from connectors.location import is_url, open_file_path
from connectors.options import Option, list_options, parse_options
from schemas.source import SourceSpec

GROUP = "cdm.connectors"


@dataclass(frozen=True, slots=True)
class ChangeReading:
    """How far a source can be read by what changed: whether at all, and after how many days everything is due."""

    possible: bool
    sweep_days: int | None = None


@dataclass(frozen=True, slots=True)
class ConnectorType:
    """A kind of source: its name, one line about it, its options dataclass, and how to make a connector of it."""

    name: str
    summary: str
    options: type[Any]
    open: Callable[[str, Any], Connector]


PUSH = "push"
"""The connector of sources that are not read."""
_BUILT_IN = {
    "excel": ("Workbooks: .xlsx .xlsm .xls .xlsb .ods", "connectors.files.excel", "Excel"),
    "csv": ("Delimited text: CSV, TSV, in any encoding", "connectors.files.delimited", "Csv"),
    "jsonl": ("JSON lines, or a JSON document with an array of objects", "connectors.files.json_records", "Json"),
    "parquet": ("Parquet files", "connectors.files.parquet", "Parquet"),
    "tryton": ("Tryton (ERP): its parties or its sales", "connectors.tryton.connector", "Tryton"),
    "vendure": ("Vendure (shop): its customers or its orders", "connectors.vendure.connector", "Vendure"),
    "sql": ("Any database with an SQLAlchemy URL: a table or a query", "connectors.sql.database", "Sql"),
    PUSH: ("Records that are sent to the API; the location is a sample file of them", "connectors.push", "Push"),
}


@cache
def _load_built_in(name: str) -> ConnectorType:
    """Import a built-in connector when it is first asked for: each brings its own heavy library."""
    summary, module_name, prefix = _BUILT_IN[name]
    module = import_module(module_name)
    return ConnectorType(name, summary, getattr(module, f"{prefix}Options"), getattr(module, f"{prefix}Connector"))


def connector_names() -> tuple[str, ...]:
    """Return the names of all connectors, built in and installed."""
    return (*_BUILT_IN, *(point.name for point in entry_points(group=GROUP) if point.name not in _BUILT_IN))


def connector_type(name: str) -> ConnectorType:
    """Return the connector ``name``.

    Raises:
        UnknownConnector: no such connector; the known ones are listed.
    """
    if name in _BUILT_IN:
        return _load_built_in(name)
    for point in entry_points(group=GROUP):
        if point.name == name:
            loaded: ConnectorType = point.load()
            return loaded
    raise UnknownConnector(
        f"There is no connector '{name}'.", remedy=did_you_mean(name, connector_names()), connector=name
    )


def connector_options(name: str) -> tuple[Option, ...]:
    """Return the options of the connector ``name``, with one line of help each."""
    return list_options(connector_type(name).options)


def open_connector(connector: str, location: str, options: Mapping[str, str] | None = None) -> Connector:
    """Return a connector for ``location``; nothing is opened yet.

    Args:
        connector: its name; ``""`` or ``auto`` to have it told from the location.
        location: a path or URL; ``${NAME}`` is replaced from the environment.
        options: the connector's own options, as texts.

    Raises:
        UnknownConnector: no connector of this name, or none for this location.
        OptionsInvalid: an option is unknown or impossible.
    """
    name = guess_connector(location) if connector in ("", "auto") else connector
    kind = connector_type(name)
    return kind.open(location, parse_options(name, kind.options, options or {}))


def open_source(source: SourceSpec) -> Connector:
    """Return a connector for a registered source."""
    return open_connector(source.connector, source.location, source.options)


def change_reading(source: SourceSpec) -> ChangeReading:
    """Return whether a registered source can be asked for what changed, by its options and their defaults.

    Raises:
        UnknownConnector, OptionsInvalid: as :func:`open_connector`.
    """
    kind = connector_type(source.connector)
    options = parse_options(source.connector, kind.options, source.options)
    column = getattr(options, "updated_at", None)
    return ChangeReading(column not in (None, "none"), getattr(options, "sweep_days", None))


def guess_connector(location: str) -> str:
    """Return the name of the connector that fits a URL or a file, by its content first, then by its name.

    Raises:
        UnknownConnector: nothing fits; SourceNotFound and the like where a file cannot be opened.
    """
    if is_url(location):
        scheme = re.split(r"[+:]", location, maxsplit=1)[0].casefold()
        return scheme if scheme in connector_names() else "sql"
    path = open_file_path(location)
    content = sniff(path)
    if content in WORKBOOKS or content in (Content.ENCRYPTED, Content.DAMAGED_ZIP):
        return "excel"
    if content is Content.PARQUET:
        return "parquet"
    if content is Content.JSON and path.suffix.casefold() not in EXTENSIONS[Content.TEXT]:
        return "jsonl"
    if content in (Content.TEXT, Content.JSON):
        return "jsonl" if path.suffix.casefold() in EXTENSIONS[Content.JSON] else "csv"
    raise UnknownConnector(f"'{path}' is {content.value}.", remedy=_other_way(content, path), location=location)


def _other_way(content: Content, path: Path) -> str:
    match content:
        case Content.SQLITE:
            return f"Give it as a database: sqlite:///{path}."
        case Content.HTML | Content.XML:
            return "Open it in a spreadsheet program and save it as .xlsx."
        case Content.ZIP | Content.GZIP:
            return "Unpack it and give the file inside."
        case _:
            return f"Known connectors: {', '.join(connector_names())}."
