"""A connector over one feed of a web server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connectors.contract import Cursor, Dataset, Page
from connectors.http.options import UPDATED_AT, HttpOptions
from connectors.http.reading import Feed, describe, read


class HttpConnector:
    """Reads one feed; a subclass says which, when it is first asked."""

    def __init__(self, options: HttpOptions) -> None:
        self.options = options

    def feed(self) -> Feed:
        """Return the feed that location and options name; nothing is asked of the server yet."""
        raise NotImplementedError

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the server without reading all of it."""
        dataset = describe(self.feed(), self.options.overlap, sample_rows)
        return dataset if self.options.updated_at == UPDATED_AT else replace(dataset, updated_at=None)

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield the records after ``cursor``, or those that changed since a read that came to its end."""
        if self.options.updated_at != UPDATED_AT and cursor is not None and cursor.get("complete"):
            return
        yield from read(self.feed(), self.options.overlap, cursor, page_size)
