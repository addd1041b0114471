"""The seam between a source system and the hub: pages of raw records and a resumable cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from schemas.mapping import Mapping

Cursor = MappingType[str, object]
"""JSON-serialisable position from which a later read goes on; opaque to everyone but the connector that made it."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read as a record; it goes to quarantine and the rest goes on."""

    origin: str
    code: str
    reason: str
    raw: MappingType[str, str]
    after: int = 0
    """How many rows of its page's table stand before it, so that its place among them is known."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of one source.

    ``table`` holds one ``string`` column per source column, headers as in the source, values as exact text (an
    18-digit id is never a float), null where the cell is empty. ``origins`` says where each row stands, e.g.
    ``customers.xlsx#客户!12`` or ``erp.customers[FNUMBER=C001]``. ``cursor`` resumes after this page.
    """

    table: pa.Table
    origins: Sequence[str]
    cursor: Cursor
    rejects: Sequence[Reject] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a connector found before reading: columns, a sample, the size where it is cheap to know, and remarks."""

    columns: Sequence[str]
    sample: pa.Table
    rows: int | None = None
    key: str | None = None
    updated_at: str | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    """What was decided on the user's behalf, e.g. header row found in row 3, sheet '说明' left out."""
    mapping: Mapping | None = None
    """What the columns mean, where the connector knows the system; else it is proposed from names and values."""


class Connector(Protocol):
    """Reads one source. Made by its factory from ``(location, options)``; opens nothing until asked."""

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the source without reading all of it."""
        ...

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield pages after ``cursor`` (from the start where it is ``None``); an empty source yields no page."""
        ...
