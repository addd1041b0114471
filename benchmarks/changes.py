"""Records of generated persons that changed, as a source hands them over after a day: drawn from the file it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.persons import FIELDS, generate
from benchmarks.spoil import spoiled

CHANGED, DUPLICATES = 0.7, 0.1
"""Shares of a delta: records of the file that say something else now, and new records of persons who are there. The
rest are new persons."""


def drawn(source: Path, count: int, seed: int) -> pa.Table:
    """Return ``count`` records that are new or changed.

    Args:
        source: the generated persons (Parquet).
        count: how many.
        seed: a delta of its own for each.

    Returns:
        ``id`` and the fields, in random order.
    """
    rng = np.random.default_rng([7, seed])
    known = pq.read_table(source).combine_chunks()
    changed, copied = int(count * CHANGED), int(count * DUPLICATES)
    rows = rng.choice(known.num_rows, changed + copied, replace=False)
    spoilt = _spoilt(known.take(pa.array(rows)), known.take(pa.array(rng.permutation(rows))), rng)
    ids = np.array([f"D{seed}-{number}" for number in range(count - changed)])
    other = generate(count - changed - copied, seed=100 + seed).select(["id", *FIELDS])
    fresh = pa.concat_tables([spoilt.slice(changed), other])
    fresh = fresh.set_column(0, "id", pa.array(ids))
    return pa.concat_tables([spoilt.slice(0, changed), fresh]).take(pa.array(rng.permutation(count)))


def _spoilt(table: pa.Table, others: pa.Table, rng: np.random.Generator) -> pa.Table:
    columns, foreign = ({name: one.column(name).combine_chunks() for name in FIELDS} for one in (table, others))
    return pa.table({"id": table.column("id"), **spoiled(columns, foreign, rng)})
