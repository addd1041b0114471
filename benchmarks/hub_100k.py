"""From a CSV file to durable golden records: ``python benchmarks/hub_100k.py [RECORDS] [DATABASE_URL]``.

Generates persons (``benchmarks/persons.py``), registers the file as a source of a new hub and runs the whole job in a
process of its own: read, map, cleanse, store, match, merge, score, sum up. Prints wall time, peak memory, disk per
source record, and precision and recall against the truth. SQLite runs with ``synchronous=FULL``.
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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stages = " · ".join(f"{name} {value:.1f} s" for name, value in summary.seconds.items())
    print(f"{summary.record_count:,} records → {summary.golden_count:,} golden records, {summary.review:,} to review")
    print(f"{seconds:.1f} s ({stages}), peak {peak:,.0f} MB")


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


def main() -> None:
    """Generate, run in a child, judge."""
    if sys.argv[1:2] == ["--job"]:
        job(Path(sys.argv[2]), sys.argv[3])
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "persons.csv"
        subprocess.run([sys.executable, "benchmarks/persons.py", str(count), str(source)], check=True)
        hub_url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/hub.db"
        subprocess.run(
            [sys.executable, __file__, "--job", str(source), hub_url], check=True, env=os.environ | {"CDM_HOME": folder}
        )
        judge(source.with_suffix(".truth.csv"), hub_url)
        if hub_url.startswith("sqlite"):
            size = sum(f.stat().st_size for f in Path(folder).glob("hub.db*"))
            print(f"{size / 1e6:,.0f} MB on disk, {size / count / 1e3:.1f} kB per source record")


if __name__ == "__main__":
    main()
