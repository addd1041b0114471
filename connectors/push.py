"""A source that is not read: its records are sent to the hub, and the location is a sample of how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.contract import Cursor, Dataset, Page


@dataclass(frozen=True)
class PushOptions:
    """There is nothing to choose."""


class PushConnector:
    """Describes a sample file; reads nothing.

    Args:
        location: a file of any kind that can be read, with the columns of the records that will be sent.
        options: none.
    """

    def __init__(self, location: str, options: PushOptions) -> None:
        self._location = location

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the sample; raises ``SourceError`` where it cannot be read."""
        from connectors.registry import open_connector

        return open_connector("auto", self._location).describe(sample_rows)

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield nothing: records come when they are sent."""
        return iter(())
