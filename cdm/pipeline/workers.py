"""Work of a job done by several processes; order, errors and durability stay as with one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Queue
from typing import BinaryIO, Generic, Self, TypeVar, cast

from cdm.pipeline.worker import FAILED, read_frame, write_frame

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
_WAITING = 2
"""Items per process that are taken ahead."""


@dataclass(slots=True)
class _Task(Generic[Item, Outcome]):
    """An item, what comes of it, and who does it: a process, or the job itself where there is no ``answer``."""

    item: Item
    answer: Future[bytes] | None
    outcome: Outcome | None = None

    @property
    def ready(self) -> bool:
        """Whether the item is done."""
        return self.outcome is not None or (self.answer is not None and self.answer.done())

    def taken_back(self) -> bool:
        """Take the item back from the processes; false where it is done or has been begun."""
        return self.outcome is None and (self.answer is None or self.answer.cancel())


class Workers(Generic[Item, Outcome]):
    """The processes of one job, each with a thread that hands it items and takes its answers.

    Args:
        work: what is done with each item; it and its outcome can be sent to another process.
        arguments: what ``work`` is given of an item.
        count: how many processes; with none, or where none can be started, the job does it all.
    """

    def __init__(
        self, work: Callable[..., Outcome], arguments: Callable[[Item], tuple[object, ...]], count: int
    ) -> None:
        self._work = work
        self._arguments = arguments
        setup = pickle.dumps(work, pickle.HIGHEST_PROTOCOL) if count else b""
        self._all = [process for _ in range(count) if (process := _start(setup)) is not None]
        self._idle: Queue[subprocess.Popen[bytes]] = Queue()
        for process in self._all:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(max(1, len(self._all)), "worker")

    def __enter__(self) -> Self:
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

    def each(self, items: Iterator[Item]) -> Iterator[tuple[Item, Outcome]]:
        """Yield all items with what comes of them, in their order; the job works as well while it has to wait."""
        tasks: deque[_Task[Item, Outcome]] = deque()
        while True:
            while len(tasks) <= _WAITING * len(self._all) and (item := next(items, None)) is not None:
                tasks.append(_Task(item, self._threads.submit(self._ask, item) if self._all else None))
            if not tasks:
                return
            if (free := self._free(tasks)) is not None:
                free.outcome = self._work(*self._arguments(free.item))
            else:
                task = tasks.popleft()
                yield task.item, self._outcome_of(task)

    @staticmethod
    def _free(tasks: deque[_Task[Item, Outcome]]) -> _Task[Item, Outcome] | None:
        """Return an item that no process has begun, unless the first one is ready."""
        return None if tasks[0].ready else next((task for task in tasks if task.taken_back()), None)

    def _outcome_of(self, task: _Task[Item, Outcome]) -> Outcome:
        """Return what came of an item; what its process could not do is done here."""
        if task.outcome is not None:
            return task.outcome
        answer = FAILED if task.answer is None else task.answer.result()
        if answer == FAILED:
            return self._work(*self._arguments(task.item))
        return cast(Outcome, pickle.loads(answer))  # noqa: S301 - our own

    def _ask(self, item: Item) -> bytes:
        """Let an idle process work on an item; one that has died answers that it failed."""
        process = self._idle.get()
        try:
            content = pickle.dumps(self._arguments(item), pickle.HIGHEST_PROTOCOL)
            return read_frame(cast(BinaryIO, process.stdout)) if _send(process, content) else FAILED
        except (EOFError, OSError):
            return FAILED
        finally:
            self._idle.put(process)


def _start(setup: bytes) -> subprocess.Popen[bytes] | None:
    """Start one process in a session of its own, where Ctrl-C does not reach it; nothing where none can be started."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "cdm.pipeline.worker"]
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
