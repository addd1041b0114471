"""This engine and its peers on the labelled sets, side by side: ``python -m benchmarks.accuracy_table``.

Every engine gets every set in a process of its own, one after the other, so that times and memory are each engine's
own. What was measured is kept in ``benchmarks/results/<run>``; a run that was stopped goes on where it stood.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from pathlib import Path

from benchmarks.labelled import LabelledSet, available, load
from benchmarks.measure import ENGINES, ROOT, Measured, measure, results
from benchmarks.peers.tidy import roles
from benchmarks.persons import FIELDS, generate
from benchmarks.tables import accuracy, provenance, write

SMALL = 3_500
"""Beyond so many records dedupe, which trains for minutes, is left out unless ``--limit`` is raised."""
PATIENT = 1_000


def labelled(name: str) -> LabelledSet | None:
    """Return a set by its name, ``persons_<records>`` for the generator; None where its data is not there."""
    if name.startswith("persons_"):
        table = generate(int(name.removeprefix("persons_")))
        return LabelledSet(name, "person", table.select(FIELDS), table["person"].to_numpy(), {})
    return load(name) if available(name) else None


def measured(name: str, engine: str, folder: Path, limit: int) -> Measured | None:
    """Return what was measured before in this run, or measure now; None where there is no data."""
    kept = folder / f"{name}.{engine}.json"
    if kept.is_file():
        return Measured.load(kept)
    data = labelled(name)
    if data is None:
        return None
    if engine == "dedupe" and data.table.num_rows > SMALL and limit < PATIENT:
        return Measured(name, engine, data.table.num_rows, f"not run: more than {SMALL:,} records")
    work = folder / f"{engine}.work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    found = measure(data, engine, work, limit)
    found.save(kept)
    shutil.rmtree(work, ignore_errors=True)
    return found


def main() -> None:
    """Measure, print, and write the table into docs/benchmarks.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=[*(n for n in roles() if n != "persons"), "persons_20000"])
    parser.add_argument("--engines", default=",".join(ENGINES), help="some of " + ", ".join(ENGINES))
    parser.add_argument("--limit", type=int, default=300, help="processor seconds each engine may take on a set")
    parser.add_argument("--run", default="", help="name of a run to go on with")
    parser.add_argument("--kept", action="store_true", help="measure nothing; show what this run has measured")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/benchmarks.md")
    chosen = parser.parse_args()
    folder = results(chosen.run)
    found: list[Measured] = []
    for name in chosen.sets:
        for engine in chosen.engines.split(","):
            if chosen.kept and not (folder / f"{name}.{engine}.json").is_file():
                continue
            one = measured(name, engine, folder, chosen.limit)
            if one is None:
                print(f"{name:20s} skipped: data not found (set CDM_SHARED_DATA)")
                break
            found.append(one)
            print(f"{name:20s} {engine:14s} {one.failed or one.figure} {one.seconds:.0f} s", flush=True)
    table = accuracy(found)
    print(table)
    if chosen.docs and found:
        command = "python -m benchmarks.accuracy_table " + shlex.join(sys.argv[1:])
        write(ROOT / "docs" / "benchmarks.md", "accuracy", f"{provenance(command.strip())}\n\n{table}")


if __name__ == "__main__":
    main()
