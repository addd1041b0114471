"""Names compared two by two: ``python -m benchmarks.name_pairs [--errors N]``.

Pairs of names with a verdict, nothing else known. Every name is cleansed as a row of its own; the weight of a pair is
what the levels of its name columns are worth under the shipped parameters, and nothing is learned. ``AUC``
is the chance that a pair of one bearer weighs more than a pair of two; precision, recall and F1 are those of calling
one bearer what agrees at least to a level.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from benchmarks.labelled import data_root
from matching import columns_of
from matching.arrays import BoolArray, FloatArray
from matching.compare.levels import CLOSE, COMMON, LEVELS, NEAR
from matching.compare.together import comparator, swappable
from matching.defaults import group
from matching.mixture.fit import same_prior
from matching.mixture.shipped import chance_levels
from matching.records import Records, survey
from quality.cleanse.engine import cleanse_batch
from schemas.loader import builtin_model

FOLDER = "labelled"
TODAY = date(2026, 1, 1)
ORGANIZATIONS = frozenset({"Company", "Organization", "LegalEntity"})


@dataclass(frozen=True, eq=False)
class NamePairs:
    """Pairs of names of one entity type: both names, and whether they are one bearer's."""

    entity: str
    left: list[str]
    right: list[str]
    same: BoolArray


def changed_companies() -> NamePairs:
    """Return 500 company names with a garbled copy each: every name beside its own copy and all others."""
    rows = _rows("dnb_company_names/company_name_pairs.csv")
    names, copies = ([row[f"company_name_{side}"] for row in rows] for side in ("master", "adjusted"))
    i, j = (side.ravel() for side in np.indices((len(names), len(copies))))
    same = np.array([names[a] == names[b] for a, b in zip(i, j, strict=True)], dtype=np.bool_)
    return NamePairs("organization", [names[a] for a in i], [copies[b] for b in j], same)


def watched(entity: str) -> NamePairs:
    """Return pairs of names of persons or organizations from lists of sanctioned and watched ones."""
    rows = _rows("nomenklatura_name_bench/name_pairs_dev.csv")
    some = [row for row in rows if (row["schema"] in ORGANIZATIONS, row["schema"] == "Person")[entity == "person"]]
    same = np.array([row["is_match"] == "true" for row in some], dtype=np.bool_)
    return NamePairs(entity, [row["name1"] for row in some], [row["name2"] for row in some], same)


SETS: dict[str, Callable[[], NamePairs]] = {
    "dnb_company_names": changed_companies,
    "nomenklatura: organizations": lambda: watched("organization"),
    "nomenklatura: persons": lambda: watched("person"),
}


def _rows(name: str) -> list[dict[str, str]]:
    """Read a CSV file of the labelled data."""
    with (data_root() / FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def weighed(pairs: NamePairs) -> tuple[FloatArray, FloatArray]:
    """Compare all pairs; return their weights (nats) and the lowest level of their name columns, shape (pairs,)."""
    names = sorted({*pairs.left, *pairs.right})
    records = _cleansed(pairs.entity, names)
    row = {name: i for i, name in enumerate(names)}
    record = records.groups.record_of
    left, right = (record[[row[name] for name in side]] for side in (pairs.left, pairs.right))
    compare = comparator(records.features, len(records), tuple(swappable(records.features)))
    levels = compare(np.minimum(left, right), np.maximum(left, right))
    weight = np.zeros(len(left))
    lowest = np.full(len(left), float(LEVELS))
    for i, one in enumerate(records.features):
        worth = np.log(np.maximum(same_prior(one, np.ones(LEVELS, dtype=bool)), 1e-9) / chance_levels(one))
        known = levels[:, i] >= 0
        weight[known] += worth[levels[known, i]]
        lowest[known] = np.minimum(lowest[known], levels[known, i])
    return weight, np.where(lowest == LEVELS, -1.0, lowest)


def _cleansed(entity: str, names: list[str]) -> Records:
    """Return cleansed names as distinct records with their name columns."""
    model = builtin_model()[entity]
    field = "full_name" if entity == "person" else "name"
    table = cleanse_batch(pa.table({field: names}), {field: [field]}, model, today=TODAY).table.combine_chunks()
    records = survey(table, columns_of(model, table), None, ())
    kept = [one for one in records.features if group(one.name, one.kind) == "name"]
    return Records(records.groups, kept, (), ())


def area(weight: FloatArray, same: BoolArray) -> float:
    """Return the area under the ROC curve; equal weights count half."""
    rank = np.unique(weight, return_inverse=True, return_counts=True)
    below = np.cumsum(rank[2]) - (rank[2] - 1) / 2
    positive = int(same.sum())
    return float((below[rank[1]][same].sum() - positive * (positive + 1) / 2) / (positive * (len(same) - positive)))


def measure(pairs: NamePairs, errors: int) -> str:
    """Return the figures of one set, and some of its worst errors."""
    weight, level = weighed(pairs)
    found = [f"{len(pairs.same):7d} pairs, {int(pairs.same.sum())} of one  AUC {area(weight, pairs.same):.4f}"]
    for name, least in (("alike", CLOSE), ("nearly the same", NEAR), ("equal", COMMON)):
        said = level >= least
        right = int((said & pairs.same).sum())
        precision, recall = right / max(int(said.sum()), 1), right / max(int(pairs.same.sum()), 1)
        harmonic = 2 * precision * recall / max(precision + recall, 1e-9)
        found.append(f"  {name}: P {precision:.3f} R {recall:.3f} F1 {harmonic:.3f}")
    worst = np.argsort(np.where(pairs.same, weight, -weight), kind="stable")
    for verdict in (True, False):
        for k in [k for k in worst if pairs.same[k] == verdict][:errors]:
            found.append(f"    {'one' if verdict else 'two'} {weight[k]:+.1f}: {pairs.left[k]} | {pairs.right[k]}")
    return "\n".join(found)


def main() -> None:
    """Print the figures of every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=0, help="worst errors shown of each sort")
    errors = parser.parse_args().errors
    for name, load in SETS.items():
        print(f"{name}\n{measure(load(), errors)}", flush=True)


if __name__ == "__main__":
    main()
