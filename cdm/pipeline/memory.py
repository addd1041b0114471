"""Memory during a job: when the garbage collector looks, and what goes back to the operating system.

A job makes hundreds of thousands of small lists and tuples that hold no cycles and are freed by counting references.
The collector, which looks for cycles, still walks all that is alive each time their number has grown: a sixth of the
time of a job of 100,000 records, for nothing to be found. Rarely is enough.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 500_000
"""Objects that are made before the collector looks again; Python's own figure is 700."""


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let the garbage collector of this process look rarely while the block runs."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _NEW_OBJECTS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def give_back() -> None:
    """Return memory that the last stage has freed to the operating system, so that stages do not add up.

    Arrow's pool keeps freed memory for itself, and so does the C library where one small piece in a large one is still
    in use.
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
