"""What a peer is asked and what it hands back; every peer runs in a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """One table to match.

    Attributes:
        data: Parquet file of the records (``benchmarks.peers.tidy`` for peers, the raw columns for our engine).
        folder: where the answer goes.
        rules: blocking rules all engines must use, as lists of column expressions; None where each chooses its own.
        options: what one engine alone is told.
        limit: processor seconds after which the engine is stopped; 0 for none.
    """

    data: Path
    folder: Path
    rules: list[list[str]] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    limit: int = 0

    def table(self) -> pa.Table:
        """Return the records."""
        return pq.read_table(self.data)

    def save(self, path: Path) -> None:
        """Write the task for the engine's process."""
        raw = {**self.__dict__, "data": str(self.data), "folder": str(self.folder)}
        path.write_text(json.dumps(raw), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Task:
        """Read a task."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Task(**{**raw, "data": Path(raw["data"]), "folder": Path(raw["folder"])})


class Answer:
    """Collects what an engine found and how long each stage took; writing files is not counted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self.facts: dict[str, Any] = {}
        self._begin = time.perf_counter()
        self._end: float | None = None
        self._spent: float | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of one stage."""
        begin = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin

    def clusters(self, table: pa.Table) -> None:
        """Keep (record, cluster); the clock stops here."""
        self._end, self._spent = time.perf_counter(), processor()
        pq.write_table(table.rename_columns(["record", "cluster"]), self.folder / "clusters.parquet")

    def pairs(self, table: pa.Table) -> None:
        """Keep (left, right, weight) of every scored pair."""
        self.facts["pairs"] = table.num_rows
        pq.write_table(table.rename_columns(["left", "right", "weight"]), self.folder / "pairs.parquet")

    def review(self, left: Ints, right: Ints) -> None:
        """Keep the pairs a steward would be asked about."""
        pq.write_table(pa.table({"left": left, "right": right}), self.folder / "review.parquet")

    def save(self) -> None:
        """Write times, memory and facts."""
        total = (self._end or time.perf_counter()) - self._begin
        raw = {
            "seconds": total,
            "processor": self._spent or processor(),
            "memory": peak_memory(),
            "stages": self.seconds,
            "facts": self.facts,
        }
        (self.folder / "answer.json").write_text(json.dumps(raw), encoding="utf-8")


def processor() -> float:
    """Return the processor seconds this process and its ended workers have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def peak_memory() -> float:
    """Return the most memory (MB) this process has held; workers of its own are not counted."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(run: Callable[[Task, Answer], None]) -> None:
    """Run one engine on the task whose file is the only argument."""
    task = Task.load(Path(sys.argv[1]))
    if task.limit:
        resource.setrlimit(resource.RLIMIT_CPU, (task.limit, task.limit))
    answer = Answer(task.folder)
    run(task, answer)
    answer.save()
