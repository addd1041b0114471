"""Precision, recall and F1 of the matching engine at its defaults on sets with known truth.

``python -m benchmarks.accuracy [--mapped] [--verbose] [SET …]``: columns go in as they are, judged by their values
alone; ``--mapped`` gives them the names of model fields first, as the mapping would.
"""

from __future__ import annotations

import argparse
import time

import pyarrow as pa

from benchmarks.labelled import FAST, LabelledSet, available, load
from matching import Evaluation, MatchColumn, MatchResult, columns_of, evaluate, match
from schemas.loader import builtin_model


def prepared(data: LabelledSet, mapped: bool) -> tuple[pa.Table, list[MatchColumn]]:
    """Return the table and what to compare; ``mapped`` renames columns to the model fields they hold."""
    if not mapped:
        return data.table, [MatchColumn(c) for c in data.table.column_names]
    names: list[str] = []
    for column in data.table.column_names:
        target = data.fields.get(column, f"extra:{column}")
        names.append(target if target not in names else f"extra:{column}")
    table = data.table.rename_columns(names)
    return table, columns_of(builtin_model()[data.entity], table)


def run(name: str, mapped: bool) -> tuple[MatchResult, Evaluation, float]:
    """Match one set; return the result, its quality and the seconds it took."""
    data = load(name)
    table, columns = prepared(data, mapped)
    begin = time.perf_counter()
    result = match(table, columns)
    return result, evaluate(result.clusters, data.truth), time.perf_counter() - begin


def main() -> None:
    """Print one line per set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(FAST))
    parser.add_argument("--mapped", action="store_true", help="name the columns after model fields")
    parser.add_argument("--verbose", action="store_true", help="print the run's report")
    chosen = parser.parse_args()
    for name in chosen.sets:
        if not available(name):
            print(f"{name:20s} skipped: data not found")
            continue
        result, quality, seconds = run(name, chosen.mapped)
        pair, cubed = quality.pairwise, quality.b_cubed
        print(
            f"{name:20s} P {pair.precision:.3f}  R {pair.recall:.3f}  F1 {pair.f1:.3f}   B3 {cubed.f1:.3f}   "
            f"review {result.review.num_rows:6d}   {seconds:6.1f} s   {len(result.clusters)} rows",
            flush=True,
        )
        if chosen.verbose:
            for key, value in result.report.to_dict().items():
                print(f"    {key}: {value}")


if __name__ == "__main__":
    main()
