"""How long a question to a hub takes: ``python -m benchmarks.search PERSONS.parquet HUB_URL``.

Asks a hub of generated persons (``python -m benchmarks.hub RECORDS --keep FOLDER --jobs whole``) in one process, after
a few questions to warm up: search before create with three to five fields of a record chosen at random
(how often its golden record is among the answers is printed), and the search for pieces of names and ends of numbers.
Times are of the wall, and of the processor where other work disturbs the machine.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

QUESTIONS, WARM = 200, 20
Times = list[tuple[float, float]]


def timed(ask: Callable[[Any], Any], questions: Sequence[Any]) -> tuple[Times, list[Any]]:
    """Return (wall, processor) milliseconds per question behind the first ``WARM``, and the answers."""
    times, answers = [], []
    for question in questions:
        begin = time.perf_counter(), time.process_time()
        answers.append(ask(question))
        times.append(((time.perf_counter() - begin[0]) * 1e3, (time.process_time() - begin[1]) * 1e3))
    return times[WARM:], answers[WARM:]


def told(name: str, times: Times) -> None:
    """Print median, p95 and p99."""
    import numpy as np

    wall, processor = (np.percentile(column, (50, 95, 99)) for column in zip(*times, strict=True))
    print(
        f"{name}: median {wall[0]:.1f} ms, p95 {wall[1]:.1f} ms, p99 {wall[2]:.1f} ms"
        f" (processor {processor[0]:.1f} / {processor[1]:.1f} / {processor[2]:.1f} ms)"
    )


def half_filled(row: dict[str, str | None], rng: random.Random) -> dict[str, str]:
    """Return three to five fields of a record."""
    filled = {name: value for name, value in row.items() if value and name != "id"}
    return {name: filled[name] for name in rng.sample(list(filled), min(len(filled), rng.randint(3, 5)))}


def piece(row: dict[str, str | None], rng: random.Random) -> str:
    """Return the beginning of a name, both, or the end of a telephone number."""
    first, last, phone = (row[name] or "" for name in ("first_name", "surname", "phone"))
    return rng.choice([last[:4] or "a", f"{first[:3]} {last[:4]}", phone[-6:] or "123456"])


def measure(source: Path, hub_url: str) -> None:
    """Ask a hub."""
    import pyarrow.parquet as pq

    from cdm.pipeline.hub import open_hub
    from cdm.pipeline.search import Finder, search

    rng = random.Random(5)
    table = pq.read_table(source)
    rows = table.take(rng.sample(range(table.num_rows), QUESTIONS + WARM)).to_pylist()
    with open_hub(hub_url) as hub:
        find = Finder(hub)

        def explained(asked: dict[str, str]) -> Any:
            found = find(asked, "person")
            return found, [hit.explanation for hit in found.hits]

        questions = [half_filled(row, rng) for row in rows]
        times, answers = timed(lambda asked: find(asked, "person"), questions)
        told("search before create", times)
        told("search before create, every answer explained", timed(explained, questions)[0])
        homes = [hub.store.crosswalk.lookup("crm", row["id"]) for row in rows[WARM:]]
        found = sum(home in {hit.golden_id for hit in one.hits} for home, one in zip(homes, answers, strict=True))
        print(f"its golden record is among the answers: {found} of {len(answers)}")
        times, _ = timed(lambda text: search(hub, text), [piece(row, rng) for row in rows])
        told("search", times)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2])
