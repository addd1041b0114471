"""Precision, recall and F1 of ``cdm dedupe`` at its defaults: ``python -m benchmarks.dedupe_accuracy [SET …]``.

Every labelled set is written to a CSV file without its truth and goes the whole way a user's file goes: read, map,
cleanse, match. Figures are pairwise over all true pairs; behind ``>=`` stands the lower end of the 95 % interval, and
``with review`` is the recall after a steward has answered every question.
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
from matching.evaluate import after_review


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
    clusters = cluster_positions(matched, len(truth))
    found = evaluate(clusters, truth)
    sides = [[one.records.rows[one.result.review.column(s).to_numpy()] for one in matched] for s in ("left", "right")]
    left, right = (np.concatenate(side) for side in sides)
    reviewed = after_review(clusters, truth, left, right)
    pair, asked = found.pairwise, int((truth[left] == truth[right]).sum())
    return (
        f"P {pair.precision:.4f} (>= {pair.precision.low:.4f})  R {pair.recall:.4f}  F1 {pair.f1:.4f}  "
        f"B3 {found.b_cubed.f1:.4f}  review {len(left):6d} ({asked} right)  "
        f"R with review {reviewed.pairwise.recall:.4f}  "
        f"{seconds:6.1f} s  {tables[0].mapping.entity}"
    )


def main() -> None:
    """Print one line per set."""
    for name in sys.argv[1:] or list(SETS):
        line = measure(load(name)) if available(name) else "skipped: data not found"
        print(f"{name:22s} {line}", flush=True)


if __name__ == "__main__":
    main()
