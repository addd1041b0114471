"""dedupe with the labels its documentation asks for: ``python -m benchmarks.peers.dedupe TASK.json``.

Its example asks a person about the pairs it is least sure of, until there are at least ten of each answer; here the
truth answers ``LABELS`` questions, many more than that. Nobody else in the comparison sees a label. Variables as in its
example: String for names and texts, Exact for codes, with missing values allowed; partition at 0.5.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.task import Answer, Task, main

LABELS = 100
TEXTS = ("given_name", "family_name", "name", "street", "address", "city", "email", "phone", "birth_date", "identifier")


def run(task: Task, answer: Answer) -> None:
    """Label, train and partition one table."""
    import dedupe

    table = task.table()
    records = dict(enumerate(table.drop_columns(["unique_id"]).to_pylist()))
    truth = pq.read_table(task.options["truth"])["truth"].to_numpy()
    random.seed(1)
    np.random.seed(1)
    deduper = dedupe.Dedupe(variables(records))
    with answer.stage("learn"):
        deduper.prepare_training(records)
        label(deduper, {id(record): truth[row] for row, record in records.items()}, answer)
        deduper.train()
    with answer.stage("block, score and cluster"):
        groups = deduper.partition(records, 0.5)
    found = np.arange(len(records))
    for rows, _ in groups:
        found[list(rows)] = min(rows)
    answer.clusters(pa.table({"record": np.arange(len(records)), "cluster": found}))


def variables(records: dict[int, dict[str, Any]]) -> list[Any]:
    """Return one variable per column that says something."""
    from dedupe import variables as kinds

    filled = [c for c in records[0] if any(r[c] is not None for r in records.values())]
    chosen = []
    for column in filled:
        missing = any(r[column] is None for r in records.values())
        kind = kinds.String if column in TEXTS else kinds.Exact
        chosen.append(kind(column, has_missing=missing))
    return chosen


def label(deduper: Any, truth: dict[int, int], answer: Answer) -> None:
    """Answer the questions dedupe asks from the truth."""
    asked = {"match": 0, "distinct": 0}
    for _ in range(LABELS):
        pairs = deduper.uncertain_pairs()
        if not pairs:
            break
        same = "match" if truth[id(pairs[0][0])] == truth[id(pairs[0][1])] else "distinct"
        deduper.mark_pairs({"match": [], "distinct": [], same: [pairs[0]]})
        asked[same] += 1
    answer.facts["labels"] = asked


if __name__ == "__main__":
    main(run)
