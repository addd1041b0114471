"""From a Parquet file to durable golden records, and what the hub then answers: ``python -m benchmarks.hub [RECORDS]``.

Generates persons (``benchmarks/persons.py``) and runs every job in a process of its own: the whole job (read, map,
cleanse, store, match, merge, score, sum up), a delta of changed and new records, a delta of that size into a hub of
100,000 to compare with, questions (``benchmarks/search.py``) and stewards' steps (``benchmarks/steps.py``). SQLite runs
with ``synchronous=FULL``; ``--store postgresql`` starts a server of its own (the ``pgserver`` wheel). ``--peer PYTHON``
lets Splink match the same persons first, with the interpreter that has it (``benchmarks/speed_table.py``).

``--keep FOLDER`` keeps the hubs, so that they can be asked again: ``--keep FOLDER --jobs delta,search,steps``.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.watch import most_memory, processor  # noqa: E402 - found once the root is on the path

SMALL, DELTA = 100_000, 10_000
JOBS = ("peer", "whole", "delta", "search", "steps")
Told = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A hub of generated persons in a folder of its own."""

    folder: Path
    url: str
    server: int = 0
    """Process of its database server; 0 where there is none."""

    @property
    def source(self) -> Path:
        """The persons."""
        return self.folder / "persons.parquet"

    def run(self, *command: str) -> tuple[str, Told]:
        """Run a module in a process of its own; return what it printed, and the processor time and memory it took."""
        server = processor(self.server) if self.server else 0.0
        environment = os.environ | {"CDM_HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        line = [sys.executable, "-m", *command]
        with subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            with most_memory([child.pid, *([self.server] if self.server else [])]) as seen:
                said = child.stdout.read()
        if child.returncode:
            raise SystemExit(f"{shlex.join(line)} ended with {child.returncode}")
        return said, {"memory": seen[0], "server": processor(self.server) - server if self.server else 0.0}

    def take(self, job: str, data: Path) -> Told:
        """Run a job of ``benchmarks/hub_jobs.py`` and print what it took."""
        said, took = self.run("benchmarks.hub_jobs", job, str(data), self.url)
        told: Told = {**json.loads(said.splitlines()[-1]), **took}
        wall, cpu = totals(told)
        stages = " · ".join(f"{name} {w:.1f} ({c:.1f})" for name, (w, c) in told["stages"].items())
        print(f"{job}: {wall:.1f} s ({cpu:.1f} processor s) — {stages}; server {told['server']:.1f} processor s; "
              f"at most {told['memory']:,.0f} MB; {told['records']:,} records, {told['golden']:,} golden records",
              flush=True)  # fmt: skip
        return told


@contextmanager
def place(folder: Path, store: str) -> Iterator[Place]:
    """Give a hub its folder, and its server where it needs one."""
    folder.mkdir(parents=True, exist_ok=True)
    if store == "sqlite":
        yield Place(folder, f"sqlite:///{folder / 'hub.db'}")
        return
    import pgserver

    with pgserver.get_server(folder / "postgresql", cleanup_mode="stop") as server:
        pid = int((folder / "postgresql" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        yield Place(folder, str(server.get_uri()), pid)


def make(at: Place, records: int) -> Told:
    """Generate persons, make a hub of them, judge it."""
    at.run("benchmarks.persons", str(records), str(at.source))
    told = at.take("whole", at.source)
    size = disk(at)
    precision, recall = judge(at)
    print(f"precision {precision:.4f}, recall {recall:.4f}; {size / 1e6:,.0f} MB on disk, "
          f"{size / records / 1e3:.2f} kB per source record", flush=True)  # fmt: skip
    return {**told, "precision": precision, "recall": recall, "disk": size}


def judge(at: Place) -> tuple[float, float]:
    """Return precision and recall over pairs."""
    import numpy as np
    import pyarrow.csv as pacsv

    from cdm.pipeline.hub import open_hub
    from matching.evaluate import evaluate

    truth = pacsv.read_csv(at.source.with_suffix(".truth.csv")).to_pydict()
    person = dict(zip(truth["id"], truth["person"], strict=True))
    with open_hub(at.url) as hub:
        table = hub.store.crosswalk.table("person")
    known = [person[key] for key in table.column("key").to_pylist()]
    found = evaluate(np.array(table.column("golden_id").to_pylist()), np.array(known)).pairwise
    return found.precision, found.recall


def disk(at: Place) -> int:
    """Return the size of a hub in bytes."""
    if not at.server:
        return sum(file.stat().st_size for file in at.folder.glob("hub.db*"))
    from cdm.store.database import Database

    with Database(at.url).read() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def change(at: Place, count: int) -> Told:
    """Send a hub a delta it has not had yet."""
    import pyarrow.parquet as pq

    from benchmarks.changes import drawn

    number = len(list(at.folder.glob("delta-*.parquet"))) + 1
    file = at.folder / f"delta-{number}.parquet"
    pq.write_table(drawn(at.source, count, number), file)
    return at.take("delta", file)


def peers(python: str, records: int, run: str) -> dict[str, Told]:
    """Let Splink match the same persons; what the run has already is not measured again."""
    from benchmarks.measure import Measured

    command = ["-m", "benchmarks.speed_table", "--only", "Splink", "--runs", "1", "--records", str(records)]
    subprocess.run([python, *command, "--run", run], cwd=ROOT, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    files = sorted((ROOT / "benchmarks" / "results" / run).glob(f"speed_{records}.Splink*.0.json"))
    return {(one := Measured.load(file)).engine + file.name.split("Splink")[1].removesuffix(".0.json"):
            {"stages": {"match": [one.seconds, one.processor]}, "memory": one.memory} for file in files}  # fmt: skip


def totals(told: Told) -> tuple[float, float]:
    """Return wall and processor seconds of all stages; a server's processor time is told apart."""
    wall, cpu = zip(*told["stages"].values(), strict=True)
    return sum(wall), sum(cpu)


def ratios(found: dict[str, Told]) -> Iterator[str]:
    """Compare: the whole job with the peer, the delta with the one into the small hub."""
    for name, told in found.items():
        for job, base in (("whole", name.startswith("splink")), ("delta", name == "small delta")):
            if base and job in found:
                wall, cpu = (a / b for a, b in zip(totals(found[job]), totals(told), strict=True))
                yield f"{job} / {name}: {wall:.2f} by the wall, {cpu:.2f} in processor seconds"


def asked(at: Place, job: str) -> str:
    """Ask a hub, or take steps in it; return what was measured."""
    said, took = at.run(f"benchmarks.{job}", *([str(at.source)] if job == "search" else []), at.url)
    text = f"{said.strip()}\nat most {took['memory']:,.0f} MB"
    print(text, flush=True)
    return text


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--peer", default="", metavar="PYTHON", help="interpreter that has Splink; none: no peer")
    parser.add_argument("--jobs", default=",".join(JOBS), help="which of " + ", ".join(JOBS))
    parser.add_argument("--delta", type=int, default=DELTA, help="records of a delta")
    parser.add_argument("--small", type=int, default=SMALL, help="records of the hub to compare with; 0: none")
    parser.add_argument("--keep", type=Path, help="folder in which the hubs stay")
    return parser.parse_args(given)


def main() -> None:
    """Make hubs, ask them, compare."""
    chosen = arguments()
    jobs = set(chosen.jobs.split(","))
    found: dict[str, Told] = {}
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if chosen.peer and "peer" in jobs:
            found |= peers(chosen.peer, chosen.records, f"hub-{os.getpid()}")
        big = stack.enter_context(place(folder.absolute() / f"{chosen.store}-{chosen.records}", chosen.store))
        if "whole" in jobs:
            found["whole"] = make(big, chosen.records)
        if "delta" in jobs:
            found["delta"] = change(big, chosen.delta)
        if "delta" in jobs and chosen.small and chosen.small != chosen.records:
            small = stack.enter_context(place(folder.absolute() / f"{chosen.store}-{chosen.small}", chosen.store))
            if not small.source.exists():
                make(small, chosen.small)
            found["small delta"] = change(small, chosen.delta)
        for line in ratios(found):
            print(line)
        for job in ("search", "steps"):
            if job in jobs:
                asked(big, job)


if __name__ == "__main__":
    main()
