"""Run one engine on one table in a process of its own and judge what it hands back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from benchmarks.figures import Figure, best_clusters, best_pairs, clustered, pairs_within
from benchmarks.labelled import LabelledSet
from benchmarks.peers.task import Task
from benchmarks.peers.tidy import tidy

ENGINES = ("hub", "splink", "recordlinkage", "dedupe")
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """One engine on one table: figures, or why there are none."""

    set: str
    engine: str
    records: int
    failed: str = ""
    seconds: float = 0.0
    processor: float = 0.0
    """Processor seconds of the process and its workers: what load from others changes least."""
    memory: float = 0.0
    figure: Figure | None = None
    best: Figure | None = None
    """The better of the best threshold on pairs and on clusters, both chosen with the truth."""
    with_review: float | None = None
    """Recall if a steward answered every question."""
    stages: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Measured:
        """Read what ``save`` wrote."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        figures = {k: Figure(**raw[k]) if raw[k] else None for k in ("figure", "best")}
        return Measured(**{**raw, **figures})


def results(run: str) -> Path:
    """Return the folder of a run, made if need be; without a name, of a new one named after the time."""
    folder = ROOT / "benchmarks" / "results" / (run or f"{datetime.now(UTC):%Y%m%d-%H%M%S}")
    folder.mkdir(parents=True, exist_ok=True)
    print(f"kept in {folder.relative_to(ROOT)}; should it be stopped, it goes on with --run {folder.name}")
    return folder


def measure(data: LabelledSet, engine: str, folder: Path, limit: int) -> Measured:
    """Run an engine on a set for at most ``limit`` processor seconds; peers get tidied columns, the hub the file."""
    truth = np.unique(data.truth, return_inverse=True)[1].astype(np.int64)
    if engine == "hub":
        file = folder / "records.csv"
        pacsv.write_csv(data.table, file)
    else:
        file = folder / "records.parquet"
        pq.write_table(tidy(data.name, data.table), file)
    options = {}
    if engine == "dedupe":
        pq.write_table(pa.table({"truth": truth}), folder / "truth.parquet")
        options = {"truth": str(folder / "truth.parquet")}
    failed = run(engine, Task(file, folder, options=options, limit=limit))
    return judged(data.name, engine, truth, folder, failed)


def run(engine: str, task: Task) -> str:
    """Run an engine's process; return why it failed, or nothing."""
    task.save(task.folder / "task.json")
    command = [sys.executable, "-m", f"benchmarks.peers.{engine}", str(task.folder / "task.json")]
    log = task.folder / "log.txt"
    with log.open("w", encoding="utf-8") as out:
        ended = subprocess.run(command, cwd=ROOT, stdout=out, stderr=out, check=False, env=quiet()).returncode
    if ended == 0:
        return ""
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"stopped after {task.limit} processor seconds"
    lines = log.read_text(encoding="utf-8").strip().splitlines()
    return f"failed: {lines[-1][:120]}" if lines else f"ended with {ended}"


def quiet() -> dict[str, str]:
    """Return the environment of an engine's process: nobody reports home, and what Python compiles is kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(ROOT / "benchmarks" / "results" / "bytecode"),
    }


def judged(name: str, engine: str, truth: np.ndarray, folder: Path, failed: str, thresholds: bool = True) -> Measured:
    """Judge the files an engine left; ``thresholds``: look for the best threshold too."""
    if failed:
        return Measured(name, engine, len(truth), failed)
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    found = np.arange(len(truth))
    table = pq.read_table(folder / "clusters.parquet")
    found[table["record"].to_numpy()] = np.unique(table["cluster"].to_numpy(), return_inverse=True)[1]
    return Measured(
        name,
        engine,
        len(truth),
        seconds=answer["seconds"],
        processor=answer["processor"],
        memory=answer["memory"],
        figure=clustered(found, truth),
        best=best(folder / "pairs.parquet", truth) if thresholds else None,
        with_review=reviewed(folder / "review.parquet", found, truth),
        stages=answer["stages"],
        facts=answer["facts"],
    )


def best(file: Path, truth: np.ndarray) -> Figure | None:
    """Return the best figure any threshold gives, on pairs or on clusters, where an engine shows its scores."""
    if not file.is_file():
        return None
    table = pq.read_table(file)
    left, right = table["left"].to_numpy(), table["right"].to_numpy()
    weight = table["weight"].to_numpy().astype(float)
    return max(best_pairs(left, right, weight, truth), best_clusters(left, right, weight, truth), key=lambda f: f.f1)


def reviewed(file: Path, found: np.ndarray, truth: np.ndarray) -> float | None:
    """Return the recall reached if every question were answered rightly and applied."""
    if not file.is_file():
        return None
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    table = pq.read_table(file)
    left, right = table["left"].to_numpy(), table["right"].to_numpy()
    same = truth[left] == truth[right]
    rows = np.arange(len(truth))
    first = np.unique(found * (truth.max() + 1) + truth, return_index=True, return_inverse=True)
    a, b = np.concatenate([rows, left[same]]), np.concatenate([first[1][first[2]], right[same]])
    graph = coo_matrix((np.ones(len(a), bool), (a, b)), shape=(len(truth),) * 2)
    joined = connected_components(graph, directed=False)[1]
    total = pairs_within(truth)
    return pairs_within(joined) / total if total else 1.0
