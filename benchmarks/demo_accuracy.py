"""Precision and recall on the demo company, by language and sort of customer.

``python -m benchmarks.demo_accuracy [--records N] [--seed N] [--errors N]``: the demo's three systems go the whole way
into a hub of their own; its truth says who is who, and in which country every customer lives. Figures are pairwise
over all true pairs of a group; what was merged across groups is wrong by definition and counted beside them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from cdm.demo import DemoTruth, TrueRecord, demo_sources, generate_demo
from cdm.demo.run import CUSTOMERS, golden_of
from cdm.pipeline.hub import open_hub, utc_now
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from matching.evaluate import evaluate

SORTS = {"P": "persons", "C": "companies"}


def group_of(one: TrueRecord) -> str:
    """Return the group a record is counted in."""
    return f"{'Chinese' if one.country == 'CN' else 'other'} {SORTS[one.truth_id[0]]}"


def run(records: int, seed: int) -> tuple[DemoTruth, list[str]]:
    """Make the demo, bring it through a hub, and return the truth with the golden id of each of its records."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = generate_demo(folder, records=records, seed=seed, today=utc_now().date())
        with open_hub(str(folder / "hub.db")) as hub:
            for spec in demo_sources(folder):
                more = {"trust": spec.trust, "customers": CUSTOMERS.get(spec.name, "")}
                add_source(hub, NewSource(spec.name, spec.location, spec.connector, spec.options, **more))
            run_all(hub)
            return truth, golden_of(hub, truth)


def lines(truth: DemoTruth, golden: Sequence[str]) -> Iterator[str]:
    """Yield one line per group, and one for everything."""
    labels, clusters = np.array([one.truth_id for one in truth.records]), np.array(golden)
    groups = np.array([group_of(one) for one in truth.records])
    for group in [*sorted(set(groups)), "everything"]:
        rows = groups == group if group != "everything" else np.ones(len(groups), dtype=bool)
        found = evaluate(clusters[rows], labels[rows])
        pair = found.pairwise
        yield (
            f"{group:20s} {int(rows.sum()):6d} records   P {pair.precision:.4f}  R {pair.recall:.4f}  "
            f"F1 {pair.f1:.4f}   {found.merged_pairs - found.right_pairs} wrong of {found.merged_pairs}, "
            f"{found.true_pairs - found.right_pairs} missed of {found.true_pairs}"
        )


def errors(truth: DemoTruth, golden: Sequence[str], most: int) -> Iterator[str]:
    """Yield the first pairs of every group that were merged wrongly or missed."""
    for title, together, apart in (("wrong", 1, 0), ("missed", 0, 1)):
        keys = [(one.truth_id, label) for one, label in zip(truth.records, golden, strict=True)]
        members: dict[str, list[int]] = defaultdict(list)
        for i, key in enumerate(keys):
            members[key[together]].append(i)
        seen: dict[str, int] = defaultdict(int)
        for i, j in (pair for one in members.values() for pair in combinations(one, 2)):
            a, b = truth.records[i], truth.records[j]
            group = group_of(a)
            if keys[i][apart] != keys[j][apart] and seen[group] < most:
                seen[group] += 1
                yield f"{title:7s} {group:20s} {a.source}/{a.key} {b.source}/{b.key}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--errors", type=int, default=0, help="name so many wrong and missed pairs of every group")
    chosen = parser.parse_args()
    truth, golden = run(chosen.records, chosen.seed)
    for line in [*lines(truth, golden), *(errors(truth, golden, chosen.errors) if chosen.errors else ())]:
        print(line, flush=True)


if __name__ == "__main__":
    main()
