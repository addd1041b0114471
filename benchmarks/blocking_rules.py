"""Which blocking rules a model keeps, and what it loses by that: ``python -m benchmarks.blocking_rules [SET …]``.

For every labelled set, columns named as model fields: rules, keys and candidate pairs per distinct record, and the
share of true pairs among the candidates, of all rules the set can afford → of those its model keeps.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.accuracy import prepared
from benchmarks.labelled import FAST, available, load
from benchmarks.tables import row
from matching import MatchSettings, Plan, train
from matching.arrays import IntArray
from matching.blocking import Blocks, block, choose
from matching.records import Records, survey

HEADS = ("set", "records", "rules", "keys per record", "pairs per record", "true pairs among them")


def measure(name: str) -> str:
    """Return the line of one set."""
    data = load(name)
    table, columns = prepared(data, mapped=True)
    records = survey(table, columns, None, ())
    truth = np.unique(np.asarray(data.truth), return_inverse=True)[1][records.groups.first]
    every, found, _ = choose(records.blocked, MatchSettings())
    kept = train(table, columns).plan
    figures = [figured(records, every, found, truth), figured(records, kept, block(records.blocked, kept), truth)]
    said = [f"{a:{form}} → {b:{form}}" for a, b, form in zip(*figures, ("d", ".1f", ".1f", ".4f"), strict=True)]
    return row([name, f"{len(records):,}", *said])


def figured(records: Records, plan: Plan, blocks: Blocks, truth: IntArray) -> tuple[int, float, float, float]:
    """Return rules, keys and pairs per record, and the share of true pairs found."""
    count = len(records)
    keys = sum(len(keyed.keys) for _, keyed in records.blocked.keys(plan))
    records.blocked.forget()
    found = int((truth[blocks.pairs // count] == truth[blocks.pairs % count]).sum())
    sizes = np.bincount(truth)
    return (
        len(plan.rules),
        keys / count,
        len(blocks.pairs) / count,
        found / max(int((sizes * (sizes - 1) // 2).sum()), 1),
    )


def main() -> None:
    """Print a table."""
    print(row(HEADS), row(["---"] * len(HEADS)), sep="\n")
    for name in sys.argv[1:] or list(FAST):
        if available(name):
            print(measure(name), flush=True)


if __name__ == "__main__":
    main()
