"""From a CSV file to durable golden records: ``python benchmarks/hub_100k.py [RECORDS] [DATABASE_URL]``.

Generates persons (``benchmarks/persons.py``), registers the file as a source of a new hub and runs the whole job in a
process of its own: read, map, cleanse, store, match, merge, score, sum up. Prints wall time, peak memory, disk per
source record, and precision and recall against the truth. SQLite runs with ``synchronous=FULL``. ``postgresql`` for
the URL starts a PostgreSQL of its own (the ``pgserver`` wheel) for the time of the benchmark.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def job(source: Path, hub_url: str) -> None:
    """Run the whole job; called in a child process."""
    from cdm.pipeline.hub import open_hub
    from cdm.pipeline.run import run_all
    from cdm.pipeline.sources import NewSource, add_source

    begin = time.perf_counter()
    with open_hub(hub_url) as hub:
        add_source(hub, NewSource("crm", str(source), options={"key": "id"}))
        summary = run_all(hub)
    seconds = time.perf_counter() - begin
    own, worker = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    stages = " · ".join(f"{name} {value:.1f} s" for name, value in summary.seconds.items())
    print(f"{summary.record_count:,} records → {summary.golden_count:,} golden records, {summary.review:,} to review")
    print(f"{seconds:.1f} s ({stages}), peak {own:,.0f} MB; while reading {worker:,.0f} MB in each worker besides")


def judge(truth_file: Path, hub_url: str) -> None:
    """Print precision and recall."""
    import numpy as np

    from cdm.pipeline.hub import open_hub
    from matching.evaluate import evaluate

    with truth_file.open(encoding="utf-8") as file:
        truth = {row["id"]: row["person"] for row in csv.DictReader(file)}
    with open_hub(hub_url) as hub:
        table = hub.store.crosswalk.table("person")
    found = evaluate(
        np.array(table.column("golden_id").to_pylist()), np.array([truth[k] for k in table.column("key").to_pylist()])
    ).pairwise
    print(f"precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f}")


def postgres(folder: Path) -> str:
    """Start a server that ends with this process, and return its URL."""
    import pgserver

    return str(pgserver.get_server(folder / "postgresql", cleanup_mode="stop").get_uri())


def disk(folder: str, hub_url: str) -> int:
    """Return the size of the hub in bytes."""
    if hub_url.startswith("sqlite"):
        return sum(f.stat().st_size for f in Path(folder).glob("hub.db*"))
    from cdm.store.database import Database

    with Database(hub_url).read() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def main() -> None:
    """Generate, run in a child, judge."""
    if sys.argv[1:2] == ["--job"]:
        job(Path(sys.argv[2]), sys.argv[3])
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "persons.csv"
        subprocess.run([sys.executable, "-m", "benchmarks.persons", str(count), str(source)], check=True, cwd=ROOT)
        hub_url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/hub.db"
        if hub_url == "postgresql":
            hub_url = postgres(Path(folder))
        subprocess.run(
            [sys.executable, __file__, "--job", str(source), hub_url], check=True, env=os.environ | {"CDM_HOME": folder}
        )
        judge(source.with_suffix(".truth.csv"), hub_url)
        size = disk(folder, hub_url)
        print(f"{size / 1e6:,.0f} MB on disk, {size / count / 1e3:.1f} kB per source record")


if __name__ == "__main__":
    main()
