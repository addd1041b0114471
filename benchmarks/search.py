"""How long a question to a hub takes: ``python benchmarks/search.py [RECORDS | PERSONS.csv HUB_URL]``.

Generates persons (``benchmarks/persons.py``), makes a hub of them on SQLite in a process of its own, and asks it in one
process, after a few questions to warm up: search before create with three to five fields of a record chosen at random
(how often its golden record is among the answers is printed), and the search for pieces of names and ends of numbers.
Times are of the wall, and of the processor where other work disturbs the machine.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

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


def half_filled(row: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Return three to five fields of a record."""
    filled = [name for name, value in row.items() if value and name != "id"]
    return {name: row[name] for name in rng.sample(filled, min(len(filled), rng.randint(3, 5)))}


def piece(row: dict[str, str], rng: random.Random) -> str:
    """Return the beginning of a name, both, or the end of a telephone number."""
    names = [row["surname"][:4] or "a", f"{row['first_name'][:3]} {row['surname'][:4]}", row["phone"][-6:] or "123456"]
    return rng.choice(names)


def measure(source: Path, hub_url: str) -> None:
    """Ask a hub."""
    from cdm.pipeline.hub import open_hub
    from cdm.pipeline.search import Finder, search

    rng = random.Random(5)
    with source.open(encoding="utf-8") as file:
        rows = rng.sample(list(csv.DictReader(file)), QUESTIONS + WARM)
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


def main() -> None:
    """Generate, make the hub, ask; or ask a hub that was made of generated persons before."""
    if len(sys.argv) > 2:
        measure(Path(sys.argv[1]), sys.argv[2])
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        source, hub_url = Path(folder) / "persons.csv", f"sqlite:///{folder}/hub.db"
        subprocess.run([sys.executable, "-m", "benchmarks.persons", str(count), str(source)], check=True, cwd=ROOT)
        job = [sys.executable, str(ROOT / "benchmarks" / "hub_100k.py"), "--job", str(source), hub_url]
        subprocess.run(job, check=True, cwd=ROOT)
        measure(source, hub_url)


if __name__ == "__main__":
    main()
