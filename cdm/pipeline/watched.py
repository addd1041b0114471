"""How far a run has come, told to whoever looks at the hub as well as to whoever began it."""

from __future__ import annotations

import time
from contextlib import suppress

from cdm.errors import StoreLocked
from cdm.pipeline.hub import Hub
from schemas.progress import Progress

EVERY = 2.0
"""Seconds between two words to the hub; a run that is quicker says nothing."""


class Watched:
    """A :class:`schemas.progress.Progress` that is kept with the run while it goes on.

    It measures time by itself: the clock of the hub is for what is kept.

    Args:
        hub: the open hub.
        run_id: the run.
        progress: is told everything besides.
    """

    def __init__(self, hub: Hub, run_id: int, progress: Progress) -> None:
        self._runs, self._run, self._progress = hub.store.runs, run_id, progress
        self._stage, self._begun = "", 0.0
        self._told = time.monotonic()

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Tell of a stage; never in the middle of a transaction."""
        self._progress(stage, done, total)
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._begun = stage, now
        if now - self._told < EVERY:
            return
        self._told = now
        with suppress(StoreLocked):  # somebody writes for long; what is told next time is newer anyway
            said = {"stage": stage, "done": done, "total": total, "seconds": round(now - self._begun, 1)}
            self._runs.tell(self._run, said)
