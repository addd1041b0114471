"""Cleansing the pages of a large source in several processes; order, errors and durability stay as with one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Queue
from typing import BinaryIO, cast

import pyarrow as pa

from cdm.pipeline.page_reader import PageReader
from cdm.pipeline.page_worker import FAILED, read_frame, write_frame
from connectors.contract import Page
from schemas.errors import CdmError

WORTHWHILE = 10_000
"""Rows of a source beyond which more processes pay for their start."""
_MOST = 3
"""Processes beyond which storing the pages, which the reading does alone, takes longer than cleansing them."""
_WAITING = 2
"""Pages per process that are read ahead."""


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
    """A page, what it becomes, and who makes it: a process, or the reading itself where there is no ``answer``."""

    page: Page
    answer: Future[bytes] | None
    records: pa.Table | None = None

    @property
    def ready(self) -> bool:
        """Whether the page is done."""
        return self.records is not None or (self.answer is not None and self.answer.done())

    def taken_back(self) -> bool:
        """Take the page back from the processes; false where it is done or has been begun."""
        return self.records is None and (self.answer is None or self.answer.cancel())


class _Workers:
    """The processes of one reading, each with a thread that hands it pages and takes its answers."""

    def __init__(self, reader: PageReader, count: int) -> None:
        self._reader = reader
        setup = pickle.dumps(reader, pickle.HIGHEST_PROTOCOL)
        self._all = [process for _ in range(count) if (process := _start(setup)) is not None]
        self._idle: Queue[subprocess.Popen[bytes]] = Queue()
        for process in self._all:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(max(1, len(self._all)), "page-worker")

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent need not be sent any more
                    cast(BinaryIO, stream).close()
            process.wait()

    def cleanse(self, pages: _Ahead) -> Iterator[tuple[Page, pa.Table]]:
        """Yield all pages with their records, in their order; the reading cleanses as well while it has to wait."""
        tasks: deque[_Task] = deque()
        while True:
            while len(tasks) <= _WAITING * len(self._all) and (page := pages.next()) is not None:
                tasks.append(_Task(page, self._threads.submit(self._ask, page) if self._all else None))
            if not tasks:
                return
            if (free := self._free(tasks)) is not None:
                free.records = _records(self._reader, free.page)
            else:
                task = tasks.popleft()
                yield task.page, self._records_of(task)

    @staticmethod
    def _free(tasks: deque[_Task]) -> _Task | None:
        """Return a page that no process has begun, unless the first page is ready."""
        return None if tasks[0].ready else next((task for task in tasks if task.taken_back()), None)

    def _records_of(self, task: _Task) -> pa.Table:
        """Return the records of a page; a page whose process could not do it is cleansed here."""
        if task.records is not None:
            return task.records
        answer = FAILED if task.answer is None else task.answer.result()
        return pickle.loads(answer) if answer != FAILED else _records(self._reader, task.page)  # noqa: S301 - our own

    def _ask(self, page: Page) -> bytes:
        """Let an idle process cleanse a page; one that has died answers that it failed."""
        process = self._idle.get()
        try:
            content = pickle.dumps((page.table, _origins(page)), pickle.HIGHEST_PROTOCOL)
            return read_frame(cast(BinaryIO, process.stdout)) if _send(process, content) else FAILED
        except (EOFError, OSError):
            return FAILED
        finally:
            self._idle.put(process)


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
