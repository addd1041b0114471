"""Independent pieces of work on all cores: numpy, Arrow and RapidFuzz leave the interpreter while they work."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_parallel(work: Callable[[Item], Result], items: Sequence[Item], *, worth: bool = True) -> list[Result]:
    """Return ``work(item)`` for every item, in order; one after the other where the work is not ``worth`` threads."""
    if len(items) < 2 or not worth or cores() == 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, items))
