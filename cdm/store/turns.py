"""Who may write to an SQLite hub next: those of one process in the order they came, other processes soon after.

SQLite lets one write at a time and has those who wait look again ever less often, at last every tenth of a second: a
steward could look a hundred times at the wrong moments while a job writes portion after portion. So the threads of a
process stand in line, and the first of them looks every few milliseconds, which is sooner than a job is back.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

LOOK = 0.002
"""Seconds between two looks whether another process has finished writing."""


class Turns:
    """Turns at writing to one database, given in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def taken(self, timeout: float) -> Iterator[None]:
        """Hold the turn; after ``timeout`` seconds in line go on without it, to be told by the database who writes."""
        mine = self._ask()
        held = mine is None or mine.wait(timeout) or not self._leave(mine)
        try:
            yield
        finally:
            if held:
                self._pass_on()

    def _ask(self) -> threading.Event | None:
        """Take the turn where nobody has it (``None``), else stand in line."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return None
            mine = threading.Event()
            self._waiting.append(mine)
            return mine

    def _leave(self, mine: threading.Event) -> bool:
        """Leave the line; false where the turn came at the last moment."""
        with self._lock:
            if mine.is_set():
                return False
            self._waiting.remove(mine)
            return True

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


@cache
def turns(path: str) -> Turns:
    """Return the turns at one database file, the same for all who opened it in this process."""
    return Turns()


def begin_immediate(connection: Any, patience: float) -> bool:
    """Begin a transaction that writes, as soon as another process has finished its own.

    Args:
        connection: the driver's own; it does not wait by itself any more (``busy_timeout``).
        patience: seconds to wait.

    Returns:
        Whether it was begun; not where the time was over, or the database refused for another reason.
    """
    end = time.monotonic() + patience
    connection.execute("PRAGMA busy_timeout=0")
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                return False
            time.sleep(LOOK)
        else:
            return True
