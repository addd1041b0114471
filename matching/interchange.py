"""Pairs in recordlinkage's shapes, so that its indexers, classifiers and measures work with ours, and ours with theirs.

recordlinkage (de Bruin 2019) names a pair by a pandas MultiIndex of two row labels, comparisons are a DataFrame over
it, and a set of matches is the part of the index that matches. Row labels are row numbers here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import pyarrow as pa

from matching.arrays import IntArray
from matching.explain import BITS

if TYPE_CHECKING:
    import pandas as pd

    from matching.result import MatchResult

NAMES = ("left", "right")
Form = Literal["levels", "weights"]


class Indexer(Protocol):
    """What recordlinkage's ``Index`` and its algorithms (``Block``, ``SortedNeighbourhood`` …) have in common."""

    def index(self, x: Any) -> Any:
        """Return the pairs of one table as a MultiIndex."""


def frame(table: pa.Table) -> pd.DataFrame:
    """Return a table as recordlinkage reads one: row numbers as labels, of several values the first.

    Args:
        table: ``string`` or ``list<string>`` columns.
    """
    import pandas as pd

    columns = {}
    for name in table.column_names:
        values = table[name].to_pylist()
        listed = pa.types.is_list(table.schema.field(name).type)
        columns[name] = [(v[0] if v else None) for v in values] if listed else values
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), dtype=object)


def proposed(indexer: Indexer, table: pa.Table) -> IntArray:
    """Return the pairs a recordlinkage indexer proposes, to be given to ``match(…, candidates=…)``.

    Args:
        indexer: e.g. ``recordlinkage.Index().block("postcode")``.
        table: the table that will be matched.

    Returns:
        Row numbers, left < right, in order, each pair once, shape (pairs, 2).
    """
    found = indexer.index(frame(table))
    ends = np.stack([found.get_level_values(i).to_numpy(dtype=np.int64) for i in (0, 1)], axis=1)
    return np.unique(np.sort(ends, axis=1), axis=0)


def index_of(left: IntArray, right: IntArray) -> pd.MultiIndex:
    """Return pairs of rows as recordlinkage names them."""
    import pandas as pd

    return pd.MultiIndex.from_arrays([left, right], names=NAMES)


def candidates(result: MatchResult) -> pd.MultiIndex:
    """Return the pairs blocking let through, one for rows that say the same; like ``recordlinkage.Index.index``."""
    pairs = result.compared()
    first = np.unique(pairs.record_of, return_index=True)[1]
    ends = np.sort(first[np.stack([pairs.left, pairs.right])], axis=0)
    return index_of(ends[0], ends[1])


def matches(result: MatchResult) -> pd.MultiIndex:
    """Return every pair of rows in one cluster, like a classifier's prediction."""
    pairs = list(_together(result.clusters))
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return index_of(table[:, 0], table[:, 1])


def features(result: MatchResult, index: pd.MultiIndex, form: Form = "levels") -> pd.DataFrame:
    """Return what the columns say of pairs, like ``recordlinkage.Compare.compute``.

    Args:
        result: of matching the table.
        index: pairs of its rows, as :func:`candidates` returns them.
        form: ``levels``: 0–6, -1 where a value is missing; ``weights``: bits of evidence, 0 where one is missing.

    Returns:
        One row per pair, one column per compared column.
    """
    import pandas as pd

    left, right = (index.get_level_values(i).to_numpy(dtype=np.int64) for i in (0, 1))
    levels = result.evidence(left, right)[1]
    names = [column.name for column in result.model.columns]
    values = levels if form == "levels" else (result.model.weights(levels) * BITS).T
    return pd.DataFrame(values, index=index, columns=names)


def _together(clusters: IntArray) -> Iterator[tuple[int, int]]:
    """Yield every pair of rows of one cluster, left < right."""
    order = np.argsort(clusters, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1):
        members = rows.tolist()
        yield from ((a, b) for at, a in enumerate(members) for b in members[at + 1 :])
