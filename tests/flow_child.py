"""A company's nights as Prefect flows, for the kill test; rounds and systems are those of ``run_child``.

Run as ``flow_child.py URL FOLDER LAST_ROUND`` with ``PREFECT_API_URL`` set.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

from run_child import day, decide, nights, register

import flows.nightly as module
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all


def tell(number: int) -> None:
    """Let the flow work at the time of a round and say what it does, one line per step."""

    def say(stage: str, done: int, total: int | None = None) -> None:
        print(number, stage, flush=True)

    def ingest(hub: Hub, source: str) -> Any:
        say(f"begin {source}", 0)
        return ingest_source(hub, source, say)

    def consolidate(hub: Hub) -> Any:
        say("begin consolidation", 0)
        return consolidate_all(hub, say)

    replaced: Any = module
    replaced.open_hub = partial(open_hub, now=partial(day, number))
    replaced.ingest_source, replaced.consolidate_all = ingest, consolidate
    # Loading the library of expectations takes longer than everything else; what is checked changes no customer.
    replaced.check_all = lambda hub, scope: []


def rounds(url: str, folder: Path, last: int) -> None:
    """Do rounds up to ``last``."""
    for number in nights(folder, last):
        with open_hub(url, now=partial(day, number)) as hub:
            register(hub, folder)
        tell(number)
        module.nightly(url)
        with open_hub(url, now=partial(day, number)) as hub:
            decide(hub, number, lambda line: print(line, flush=True))


if __name__ == "__main__":
    rounds(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
