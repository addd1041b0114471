"""Cleansing the pages of a large source in several processes; order, errors and durability stay as with one."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator

import pyarrow as pa

from cdm.pipeline.page_reader import PageReader
from cdm.pipeline.workers import Workers
from connectors.contract import Page
from schemas.errors import CdmError

WORTHWHILE = 10_000
"""Rows of a source beyond which more processes pay for their start."""
_MOST = 3
"""Processes beyond which storing the pages, which the reading does alone, takes longer than cleansing them."""


def worker_count(wanted: int | None) -> int:
    """Return how many processes help to read a large source: what the installation wants, else one for each core but
    the reading's own, three at most."""
    if wanted is not None:
        return wanted
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores - 1, _MOST)


def cleansed_pages(
    reader: PageReader, pages: Iterator[Page], workers: int
) -> Generator[tuple[Page, pa.Table], None, None]:
    """Cleanse pages in their order.

    Args:
        reader: cleanses one page.
        pages: the pages of a source, read a few ahead of those that are yielded.
        workers: how many processes help where the source is large.

    Yields:
        Each page with its records (``cdm.store.page.RECORD_PAGE``).

    Raises:
        CdmError: what the source raises, after all pages that could be read were yielded.
    """
    ahead = _Ahead(pages)
    rows = 0
    while (page := ahead.next()) is not None:
        rows += page.table.num_rows
        if rows >= WORTHWHILE and workers > 0 and ahead.more:
            break
        yield page, reader.records(*_arguments(page))
    if page is not None:
        with Workers(reader.records, _arguments, workers) as helpers:
            yield page, reader.records(*_arguments(page))
            yield from helpers.each(iter(ahead.next, None))
    ahead.finish()


class _Ahead:
    """Pages, with a look at whether there are more; an error of the source waits until its turn."""

    def __init__(self, pages: Iterator[Page]) -> None:
        self._pages = pages
        self._known: deque[Page] = deque()
        self._error: CdmError | None = None
        self._look()

    def _look(self) -> None:
        try:
            page = next(self._pages, None)
        except CdmError as error:
            self._error, page = error, None
        if page is not None:
            self._known.append(page)

    @property
    def more(self) -> bool:
        """Whether another page is there."""
        return bool(self._known)

    def next(self) -> Page | None:
        """Return the next page, or nothing after the last one that could be read."""
        if not self._known:
            return None
        page = self._known.popleft()
        if self._error is None:
            self._look()
        return page

    def finish(self) -> None:
        """Raise the error that ended the pages, if one did."""
        if self._error is not None:
            raise self._error


def _arguments(page: Page) -> tuple[pa.Table, pa.Array]:
    """Return what a page reader is given of a page."""
    return page.table, pa.array(page.origins, pa.string())
