"""Precision, recall and F1 of ``cdm dedupe`` at its defaults: ``python -m benchmarks.dedupe_accuracy [SET …]``.

Every labelled set is written to a CSV file without its truth and goes the whole way a user's file goes: read, map,
cleanse, match. Figures are pairwise over all true pairs; ``with review`` counts a true pair as found where a steward
would be asked about it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.csv

from benchmarks.labelled import SETS, LabelledSet, available, load
from cdm.pipeline.dedupe import DedupeRequest, Matched, cluster_positions, match_tables
from cdm.pipeline.tables import InputTable
from matching import evaluate


def run(data: LabelledSet) -> tuple[list[InputTable], list[Matched], float]:
    """Deduplicate one set as a file; return what was read, what was matched, and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.csv"
        pyarrow.csv.write_csv(data.table, file)
        begin = time.perf_counter()
        tables, matched = match_tables(DedupeRequest(files=(file,), out=Path(folder) / "out.csv"))
        return tables, matched, time.perf_counter() - begin


def measure(data: LabelledSet) -> str:
    """Run one set and return its line."""
    tables, matched, seconds = run(data)
    truth = np.unique(np.asarray(data.truth), return_inverse=True)[1]
    found = evaluate(cluster_positions(matched, len(truth)), truth)
    asked = right = 0
    for one in matched:
        left, right_ = (one.records.rows[one.result.review.column(s).to_numpy()] for s in ("left", "right"))
        asked += len(left)
        right += int((truth[left] == truth[right_]).sum())
    pair = found.pairwise
    return (
        f"P {pair.precision:.4f}  R {pair.recall:.4f}  F1 {pair.f1:.4f}  B3 {found.b_cubed.f1:.4f}  "
        f"review {asked:6d} ({right} right)  {seconds:6.1f} s  {tables[0].mapping.entity}"
    )


def main() -> None:
    """Print one line per set."""
    for name in sys.argv[1:] or list(SETS):
        line = measure(load(name)) if available(name) else "skipped: data not found"
        print(f"{name:22s} {line}", flush=True)


if __name__ == "__main__":
    main()
