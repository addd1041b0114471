"""This engine and Splink on the same persons with the same blocking rules: ``python -m benchmarks.speed_table``.

Splink runs with the cheapest u-estimation it offers (a million random pairs) and with the one its documentation
recommends (a hundred million). Besides, this engine runs with the rules it chooses itself. Engines take turns, each in
a process of its own, after each has run once on a few records; what was measured is kept in
``benchmarks/results/<run>``, and a run that was stopped goes on where it stood.
"""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.measure import ROOT, Measured, judged, results, run
from benchmarks.peers.task import Task
from benchmarks.peers.tidy import tidy
from benchmarks.persons import FIELDS, parts
from benchmarks.tables import provenance, row, write

RULES = [
    ["email"],
    ["phone"],
    ["family_name", "birth_date"],
    ["given_name", "birth_date"],
    ["family_name", "postcode"],
    ["given_name", "postcode"],
    ["given_name", "family_name"],
    ["family_name", "city"],
]
"""5.4 million different pairs at a million records."""
SPLINK: dict[str, Any] = {
    "seed": None,
    "training": [["given_name", "family_name"], ["birth_date", "city"]],
    "keep": 0.5,
}
"""What makes it quickest: no seed, two short EM sessions that together see every column, unlikely pairs not kept."""
WARM = 2_000
"""Records each engine is run on before anything is measured."""
OWN = "this engine, its own rules"
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "this engine": ("hub", {}),
    OWN: ("hub", {}),
    "Splink, cheapest u": ("splink", {**SPLINK, "max_pairs": 1e6}),
    "Splink, recommended u": ("splink", {**SPLINK, "max_pairs": 1e8}),
}

HEADS = ("", "seconds: least · median", "times ours: least · median", "processor s (times ours)", "MB", "pairs",
         "P / R / F1")  # fmt: skip


def prepare(records: int, file: Path) -> np.ndarray:
    """Write the records, tidied as the peers want them, a part at a time; return the truth."""
    truth: list[np.ndarray] = []
    writer: pq.ParquetWriter | None = None
    for part in parts(records):
        table = tidy("persons", part.select(FIELDS), sum(map(len, truth)))
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
        truth.append(part["person"].to_numpy())
    if writer is not None:
        writer.close()
    return np.concatenate(truth)


def turn(name: str, truth: np.ndarray, folder: Path, limit: int) -> Measured:
    """Run one variant once."""
    engine, options = VARIANTS[name]
    work = folder / engine
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    rules = None if name == OWN else RULES
    failed = run(engine, Task(folder / "records.parquet", work, rules, dict(options), limit))
    return judged(f"persons_{len(truth)}", engine, truth, work, failed, thresholds=False)


def warm(variants: Sequence[str], folder: Path, limit: int) -> None:
    """Run every engine once on few records, so that its libraries are compiled, as pip does when it installs them."""
    truth = prepare(WARM, folder / "records.parquet")
    for name in {VARIANTS[name][0]: name for name in variants}.values():
        turn(name, truth, folder, limit)


def measure(variants: Sequence[str], records: int, turns: int, folder: Path, limit: int) -> dict[str, list[Measured]]:
    """Let the variants take turns; what the folder already holds is not measured again."""
    files = {(name, k): folder / f"speed_{records}.{name}.{k}.json" for k in range(turns) for name in variants}
    work = folder / "speed.work"
    truth: np.ndarray | None = None
    for (name, _), file in files.items():
        if file.is_file():
            continue
        if truth is None:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(parents=True)
            warm(variants, work, limit)
            truth = prepare(records, work / "records.parquet")
        one = turn(name, truth, work, limit)
        one.save(file)
        print(
            f"{name:24s} {one.failed or one.figure} {one.seconds:.1f} s {one.memory:,.0f} MB {one.stages}", flush=True
        )
    shutil.rmtree(work, ignore_errors=True)
    kept = {name: [files[name, k] for k in range(turns)] for name in variants}
    return {name: [Measured.load(file) for file in found] for name, found in kept.items()}


def table(runs: dict[str, list[Measured]]) -> str:
    """Return one line per variant: seconds and their ratio to this engine's, memory, pairs, quality."""
    ours = next((found for name, found in runs.items() if VARIANTS[name][0] == "hub"), [])
    lines = [row(HEADS), row(["---"] * len(HEADS))]
    for name, found in runs.items():
        good = [m for m in found if not m.failed]
        if not good:
            lines.append(row([name, found[0].failed, "", "", "", "", ""]))
            continue
        seconds = spread(good)
        times = [f"{t / o:.1f}" for t, o in zip(seconds, spread(ours), strict=True)] if ours else []
        figure = good[-1].figure
        quality = f"{figure.precision:.4f} / {figure.recall:.4f} / {figure.f1:.4f}" if figure else ""
        lines.append(
            row([name, " · ".join(f"{s:.1f}" for s in seconds), " · ".join(times),
                 processor(good, ours), f"{max(m.memory for m in good):,.0f}",
                 f"{good[-1].facts.get('pairs', '')}", quality])
        )  # fmt: skip
    return "\n".join([*lines, "", stages(runs)])


def processor(found: Sequence[Measured], ours: Sequence[Measured]) -> str:
    """Return the least processor seconds, and how many times ours they are."""
    least = min(m.processor for m in found)
    own = min((m.processor for m in ours if not m.failed), default=0.0)
    return f"{least:.0f} ({least / own:.1f})" if own else f"{least:.0f}"


def spread(found: Sequence[Measured]) -> tuple[float, float]:
    """Return the least and the median seconds."""
    seconds = [m.seconds for m in found if not m.failed]
    return (min(seconds), statistics.median(seconds)) if seconds else (float("nan"), float("nan"))


def stages(runs: dict[str, list[Measured]]) -> str:
    """Say where the time of each variant's quickest run went."""
    said = []
    for name, found in runs.items():
        good = [m for m in found if not m.failed]
        if good:
            quickest = min(good, key=lambda m: m.seconds)
            said.append(f"{name}: " + ", ".join(f"{k} {v:.1f}" for k, v in quickest.stages.items()))
    return "Seconds by stage, quickest run — " + "; ".join(said) + "."


def main() -> None:
    """Measure, print, and write the table into docs/benchmarks.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=2, help="turns of every engine")
    parser.add_argument("--only", default="", help="variants whose name fits this pattern, e.g. 'this' for our engine")
    parser.add_argument("--limit", type=int, default=1800, help="processor seconds after which an engine is stopped")
    parser.add_argument("--run", default="", help="name of a run to go on with")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/benchmarks.md")
    chosen = parser.parse_args()
    folder = results(chosen.run)
    variants = [name for name in VARIANTS if re.search(chosen.only, name)]
    runs = measure(variants, chosen.records, chosen.runs, folder, chosen.limit)
    said = f"{chosen.records:,} records.\n\n{table(runs)}"
    print(said)
    if chosen.docs:
        command = shlex.join(["python", "-m", "benchmarks.speed_table", *(a for a in sys.argv[1:] if a != "--docs")])
        write(ROOT / "docs" / "benchmarks.md", "speed", f"{provenance(command)} {said}")


if __name__ == "__main__":
    main()
