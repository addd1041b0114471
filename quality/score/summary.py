"""Scores of many records in one line each: per source, per run, for the whole hub."""

from __future__ import annotations

import pyarrow as pa

from quality.score.settings import DIMENSIONS

_FIGURES = (*DIMENSIONS, "total")


def summarize(scores: pa.Table, by: pa.Array | None = None) -> pa.Table:
    """Average scores.

    Args:
        scores: as ``score_records`` returns them.
        by: what each record belongs to, e.g. the name of its source; everything is one group without it.

    Returns:
        One row per group, sorted: ``group``, ``records``, and the mean of each dimension and of the total over the
        records for which it was judged (null where for none).
    """
    groups = pa.array(["all"] * scores.num_rows, pa.string()) if by is None else by
    table = scores.select(list(_FIGURES)).append_column("group", groups)
    wanted = [(name, "mean") for name in _FIGURES]
    means = table.group_by("group").aggregate([*wanted, ([], "count_all")]).sort_by("group")
    named = {"group": means.column("group"), "records": means.column("count_all")}
    return pa.table(named | {name: means.column(f"{name}_mean").cast(pa.float64()) for name in _FIGURES})
