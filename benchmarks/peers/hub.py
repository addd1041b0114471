"""This engine at its defaults: ``python -m benchmarks.peers.hub TASK.json``.

A CSV file goes the way a user's file goes: read, map, cleanse, match; nothing is said about its columns. A Parquet
table whose columns are named after model fields goes straight to the matching engine; that is what speed is measured
on, since the peers too start from tidied columns.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.peers.task import Answer, Task, main


def run(task: Task, answer: Answer) -> None:
    """Match one file or table."""
    if task.data.suffix == ".csv":
        whole_way(task, answer)
    else:
        engine_only(task, answer)


def whole_way(task: Task, answer: Answer) -> None:
    """Read, map, cleanse and match a file."""
    from cdm.pipeline.dedupe import DedupeRequest, cluster_positions, match_tables

    tables, matched = match_tables(DedupeRequest(files=(task.data,), out=task.folder / "out.csv"))
    rows = sum(len(t.record_ids) for t in tables)
    found = cluster_positions(matched, rows)
    answer.clusters(pa.table({"record": np.arange(rows), "cluster": found}))
    answer.facts["entity"] = ", ".join(t.mapping.entity for t in tables)
    answer.facts["pairs"] = sum(m.result.report.pairs for m in matched)
    asked = [[m.records.rows[m.result.review[side].to_numpy()] for side in ("left", "right")] for m in matched]
    answer.review(*(np.concatenate(side) for side in zip(*asked, strict=True)))


def engine_only(task: Task, answer: Answer) -> None:
    """Match a table whose columns are model fields."""
    from matching import columns_of, match
    from matching.plan import Plan
    from schemas.loader import builtin_model

    table = task.table().drop_columns(["unique_id"])
    plan = Plan.of(*task.rules) if task.rules else None
    result = match(table, columns_of(builtin_model()["person"], table), plan=plan)
    answer.clusters(pa.table({"record": np.arange(table.num_rows), "cluster": result.clusters}))
    answer.seconds.update(result.report.seconds)
    answer.facts["pairs"] = result.report.pairs
    answer.review(result.review["left"].to_numpy(), result.review["right"].to_numpy())


if __name__ == "__main__":
    main(run)
