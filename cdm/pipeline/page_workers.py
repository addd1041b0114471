"""Cleansing the pages of a large source in several processes; order, errors and durability stay as with one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

import pyarrow as pa

from cdm.pipeline.page_reader import PageReader
from cdm.pipeline.page_worker import FAILED, read_frame, write_frame
from connectors.contract import Page
from schemas.errors import CdmError

WORTHWHILE = 10_000
"""Rows of a source beyond which more processes pay for their start."""
_MOST = 4
"""Processes beyond which storing the pages, which one process does, takes longer than cleansing them."""


def worker_count(wanted: int | None) -> int:
    """Return how many processes cleanse a large source: what the installation wants, else one per core, four at most.

    On a single core there are none: the reading does it all.
    """
    if wanted is not None:
        return wanted
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST) if cores > 1 else 0


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
        CdmError: what reading or cleansing a page raises, after all pages before it were yielded.
    """
    ahead = _Ahead(pages)
    rows = 0
    while (page := ahead.next()) is not None:
        rows += page.table.num_rows
        if rows >= WORTHWHILE and workers > 0 and ahead.more:
            break
        yield page, _records(reader, page)
    if page is not None:
        with _Workers(reader, workers) as helpers:
            yield page, _records(reader, page)
            yield from helpers.cleanse(ahead)
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


@dataclass(slots=True)
class _Task:
    """A page that a process has been given."""

    page: Page
    process: subprocess.Popen[bytes] | None


class _Workers:
    """The processes of one reading; each has one page at a time, so that no pipe can fill up on both sides."""

    def __init__(self, reader: PageReader, count: int) -> None:
        self._reader = reader
        setup = pickle.dumps(reader, pickle.HIGHEST_PROTOCOL)
        self._all = [process for _ in range(count) if (process := _start(setup)) is not None]

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.kill()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent need not be sent any more
                    cast(BinaryIO, stream).close()
            process.wait()

    def cleanse(self, pages: _Ahead) -> Iterator[tuple[Page, pa.Table]]:
        """Yield all pages with their records, in their order."""
        tasks: deque[_Task] = deque()
        hands: list[subprocess.Popen[bytes] | None] = [*self._all] or [None]
        for process in hands:
            self._give(tasks, pages, process)
        while tasks:
            task = tasks.popleft()
            records = self._take(task)
            self._give(tasks, pages, task.process)
            yield task.page, records

    def _give(self, tasks: deque[_Task], pages: _Ahead, process: subprocess.Popen[bytes] | None) -> None:
        page = pages.next()
        if page is None:
            return
        task = _Task(page, process)
        tasks.append(task)
        if process is not None:
            content = pickle.dumps((page.table, _origins(page)), pickle.HIGHEST_PROTOCOL)
            if not _send(process, content):
                task.process = None

    def _take(self, task: _Task) -> pa.Table:
        """Return the records of a page; a page whose process cannot do it is cleansed here."""
        if task.process is not None:
            try:
                answer = read_frame(cast(BinaryIO, task.process.stdout))
            except (EOFError, OSError):
                task.process = None
                answer = FAILED
            if answer != FAILED:
                return pickle.loads(answer)  # noqa: S301 - from a process that this one started
        return _records(self._reader, task.page)


def _start(setup: bytes) -> subprocess.Popen[bytes] | None:
    """Start one process in a session of its own, where Ctrl-C does not reach it; nothing where none can be started."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "cdm.pipeline.page_worker"]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError:
        return None
    _send(process, setup)
    return process


def _send(process: subprocess.Popen[bytes], content: bytes) -> bool:
    try:
        write_frame(cast(BinaryIO, process.stdin), content)
    except OSError:
        return False
    return True


def _records(reader: PageReader, page: Page) -> pa.Table:
    return reader.records(page.table, _origins(page))


def _origins(page: Page) -> pa.Array:
    return pa.array(page.origins, pa.string())
