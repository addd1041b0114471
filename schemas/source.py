"""What the hub remembers about one source system."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from schemas.mapping import Mapping


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One registered source: where to read, how to read it, how to map it and how far to trust it.

    ``location`` is a path or a URL; ``${NAME}`` in it is replaced from the environment when the source is opened, so
    that no password is stored. ``options`` are the connector's own (sheet, header_row, table, query, key, …).
    ``trust`` (0–100) ranks sources for the ``most_trusted`` survivorship policy. ``schedule`` says how often it is read
    besides the nightly run, as five cron fields (``0 * * * *``) or an interval (``15m``, ``2h``); empty: not.
    """

    name: str
    connector: str
    location: str
    options: MappingType[str, str] = field(default_factory=dict)
    trust: int = 50
    mapping: Mapping | None = None
    schedule: str = ""
