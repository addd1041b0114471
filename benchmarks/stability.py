"""How much figures move when the data change a little: ``python -m benchmarks.stability [--times N] [SET …]``.

Each set is deduplicated several times, each time without another tenth of its records, the whole way a user's file
goes and at the defaults. A figure that depends on which records happen to be there shows as a wide range.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.dedupe_accuracy import run
from benchmarks.labelled import SETS, LabelledSet, available, load
from cdm.pipeline.dedupe import cluster_positions
from matching import Figures, evaluate

DROPPED = 0.1
TIMES = 5
LARGEST = 30_000
"""Sets of more records are measured only when they are named."""


def resampled(data: LabelledSet, seed: int) -> LabelledSet:
    """Leave out a tenth of the records."""
    kept = np.flatnonzero(np.random.default_rng(seed).random(len(data.truth)) >= DROPPED)
    return replace(data, table=data.table.take(kept), truth=data.truth[kept])


def figures(data: LabelledSet, times: int) -> Iterator[Figures]:
    """Yield the pairwise figures of each resample."""
    for seed in range(times):
        part = resampled(data, seed)
        yield evaluate(cluster_positions(run(part)[1], len(part.truth)), part.truth).pairwise


def spread(values: list[float]) -> str:
    """Return lowest, mean and highest value."""
    return f"{min(values):.4f} {np.mean(values):.4f} {max(values):.4f}"


def main() -> None:
    """Print one line per set: lowest, mean and highest precision, recall and F1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--times", type=int, default=TIMES, help="resamples per set")
    chosen = parser.parse_args()
    for name in chosen.sets or SETS:
        if not available(name):
            print(f"{name:22s} skipped: data not found")
            continue
        data = load(name)
        if not chosen.sets and len(data.truth) > LARGEST:
            print(f"{name:22s} skipped: name it to have it measured")
            continue
        found = list(figures(data, chosen.times))
        columns = ("precision", "recall", "f1")
        text = "   ".join(f"{c} {spread([getattr(one, c) for one in found])}" for c in columns)
        print(f"{name:22s} {text}", flush=True)


if __name__ == "__main__":
    main()
