"""Merges among 100,000 persons who are all different: ``python -m benchmarks.strangers``.

A table without duplicates is where an engine that looks for some finds what is not there. Names in native scripts,
birth date, birth place and nationality (``reference/intl_synthetic_persons``); every merge is wrong.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedupe_accuracy import run
from benchmarks.labelled import LabelledSet, data_root
from cdm.pipeline.dedupe import cluster_positions

FOLDER = "reference/intl_synthetic_persons"
PARTS = ("global", "us")
SHOWN = 10


def strangers() -> LabelledSet:
    """Load the persons, each a customer of its own.

    Raises:
        FileNotFoundError: the shared data is not there.
    """
    files = [data_root() / FOLDER / f"synthetic_persons_{part}_50k.parquet" for part in PARTS]
    table = pa.concat_tables([pq.read_table(file) for file in files])
    return LabelledSet("strangers", "person", table, np.arange(table.num_rows), {})


def main() -> None:
    """Print how many records were merged, how many a steward would be asked about, and some of the merges."""
    if not (data_root() / FOLDER).is_dir():
        print(f"skipped: {data_root() / FOLDER} is not there")
        return
    data = strangers()
    _, matched, seconds = run(data)
    labels = cluster_positions(matched, data.table.num_rows)
    sizes = np.unique(labels, return_counts=True)[1]
    asked = sum(one.result.review.num_rows for one in matched)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    print(f"{data.table.num_rows} records  merged pairs {pairs}  review {asked}  {seconds:.1f} s")
    extra = np.flatnonzero(labels != np.arange(len(labels)))
    for row in extra[:SHOWN]:
        for position in (int(labels[row]), int(row)):
            print("   ", " | ".join(str(v) for v in data.table.slice(position, 1).to_pylist()[0].values()))


if __name__ == "__main__":
    main()
