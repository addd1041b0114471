"""recordlinkage as its documentation shows: index, compare, ECM: ``python -m benchmarks.peers.recordlinkage TASK``.

Blocking rules are the ones Splink gets, within ``PAIRS`` pairs; names and texts by Jaro–Winkler ≥ .85 as in the
documentation's example, dates, phones and identifiers by one Damerau–Levenshtein edit in eight, the rest exactly; the
unsupervised expectation-conditional-maximisation classifier; clusters are what its matches connect.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.peers.blocking import affordable
from benchmarks.peers.task import Answer, Task, main

PAIRS = 5_000_000
TEXTS = ("given_name", "family_name", "name", "street", "address", "city", "birth_place", "employer", "colleagues")
EDITS = ("birth_date", "phone", "email", "identifier", "postcode")


def run(task: Task, answer: Answer) -> None:
    """Link one table."""
    import recordlinkage

    table = task.table()
    frame = table.to_pandas().set_index("unique_id")
    with answer.stage("block"):
        pairs = blocked(frame, task.rules or affordable(table, PAIRS))
    with answer.stage("compare"):
        features = compared(recordlinkage.Compare(), frame.columns).compute(pairs, frame)
    with answer.stage("learn and score"):
        matches = recordlinkage.ECMClassifier().fit_predict(features)
    with answer.stage("cluster"):
        left, right = (matches.get_level_values(i).to_numpy() for i in (0, 1))
        graph = coo_matrix((np.ones(len(left), bool), (left, right)), shape=(len(frame),) * 2)
        found = connected_components(graph, directed=False)[1].astype(np.int64)
    answer.facts["pairs"] = len(pairs)
    answer.clusters(pa.table({"record": np.arange(len(frame)), "cluster": found}))


def blocked(frame: Any, rules: list[list[str]]) -> Any:
    """Return the candidate pairs; parts of values become columns of their own first. Missing values never agree."""
    import recordlinkage

    keyed = frame.copy()
    for part in {part for rule in rules for part in rule if "(" in part}:
        column, start, length = re.fullmatch(r"substr\((\w+),(\d+),(\d+)\)", part).groups()
        keyed[part] = frame[column].str[int(start) - 1 : int(start) - 1 + int(length)]
    pairs = None
    for rule in rules:
        more = recordlinkage.Index([recordlinkage.index.Block(rule)]).index(keyed.dropna(subset=rule))
        pairs = more if pairs is None else pairs.union(more)
    return pairs


def compared(compare: Any, columns: Any) -> Any:
    """Name the comparison of every column."""
    for column in columns:
        if column in TEXTS:
            compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
        elif column in EDITS:
            compare.string(column, column, method="damerau_levenshtein", threshold=0.875, label=column)
        else:
            compare.exact(column, column, label=column)
    return compare


if __name__ == "__main__":
    main(run)
