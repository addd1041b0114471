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


def in_parallel(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    worth: bool = True,
    weight: Callable[[Item], float] | None = None,
) -> list[Result]:
    """Do independent pieces of work on all cores.

    Args:
        work: what is done with every item.
        items: of all kinds of sizes.
        worth: whether there is enough to do to pay for threads; without, one after the other.
        weight: how long an item takes compared with others; the longest begin first, so that none is waited for alone.

    Returns:
        ``work(item)`` for every item, in order.
    """
    if len(items) < 2 or not worth or cores() == 1:
        return [work(item) for item in items]
    order = range(len(items)) if weight is None else sorted(range(len(items)), key=lambda i: -weight(items[i]))
    with ThreadPoolExecutor(cores()) as pool:
        begun = {i: pool.submit(work, items[i]) for i in order}
        return [begun[i].result() for i in range(len(items))]
