"""How long a steward's step takes: ``python -m benchmarks.steps HUB_URL``.

Changes a hub of generated persons (``python -m benchmarks.hub RECORDS --keep FOLDER --jobs whole``): golden records at
random are merged in pairs, edited, the edit is undone and the merge is undone, one step after the other in one
process. Times are of the wall, and of the processor where other work disturbs the machine.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any

ROUNDS, WARM = 50, 5
Times = dict[str, list[tuple[float, float]]]


def timed(times: Times, name: str, step: Callable[[], Any]) -> Any:
    """Take a step and note its (wall, processor) milliseconds."""
    begin = time.perf_counter(), time.process_time()
    done = step()
    spent = (time.perf_counter() - begin[0]) * 1e3, (time.process_time() - begin[1]) * 1e3
    times.setdefault(name, []).append(spent)
    return done


def measure(hub_url: str) -> None:
    """Take steps and print median and p95 of each kind."""
    import numpy as np

    from cdm.pipeline.hub import open_hub
    from cdm.stewardship import Edit, edit, merge, undo
    from cdm.stewardship.steps import By

    times, by = Times(), By("steward")
    with open_hub(hub_url) as hub:
        ids = random.Random(3).sample(hub.store.crosswalk.live_ids("person").to_pylist(), 2 * (ROUNDS + WARM))
        for number, pair in enumerate(zip(ids[::2], ids[1::2], strict=True)):
            if number == WARM:
                times.clear()
            merged = timed(times, "merge", lambda pair=pair: merge(hub, pair, by))
            said = Edit({"email": [f"x{number}@example.com"]})
            edited = timed(times, "edit", lambda m=merged, said=said: edit(hub, m.golden_ids[0], said, by))
            timed(times, "undo of the edit", lambda e=edited: undo(hub, e.decision.id, by))
            timed(times, "undo of the merge", lambda m=merged: undo(hub, m.decision.id, by))
    for name, found in times.items():
        wall, processor = (np.percentile(column, (50, 95)) for column in zip(*found, strict=True))
        print(
            f"{name}: median {wall[0]:.0f} ms, p95 {wall[1]:.0f} ms"
            f" (processor {processor[0]:.0f} / {processor[1]:.0f} ms)"
        )


if __name__ == "__main__":
    measure(sys.argv[1])
