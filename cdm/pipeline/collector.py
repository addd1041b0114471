"""Python's garbage collector during a job.

A job makes hundreds of thousands of small lists and tuples that hold no cycles and are freed by counting references.
The collector, which looks for cycles, still walks all that is alive each time their number has grown: a sixth of the
time of a job of 100,000 records, for nothing to be found. Rarely is enough.
"""

from __future__ import annotations

import gc
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
