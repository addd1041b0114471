"""What a matching run returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from matching.arrays import BoolArray, FloatArray, IntArray, Levels, distinct_sorted, ends_of
from matching.cluster import Clustering, Scored, cluster, completed, precision_of
from matching.coincidence import coincidental
from matching.columns import ADDRESS_PARTS, Kind
from matching.distinct import Distinct
from matching.explain import BITS, ClusterExplanation, Explanation, Reason, explain_cluster, explain_pairs
from matching.explain.apart import held_apart
from matching.explain.cluster import LARGEST
from matching.model import ColumnModel, Model
from matching.precision import Precision
from matching.report import MatchReport
from matching.rowkeys import RowKeys
from matching.score import Scorer, log_odds, probability
from matching.settings import MatchSettings


@dataclass(frozen=True, eq=False)
class Candidates:
    """The pairs blocking let through: distinct records, left < right, in the order of ``left * records + right``."""

    record_of: IntArray
    """Distinct record of every row."""
    left: IntArray
    right: IntArray
    records: int

    def holds(self, one: int, other: int) -> bool:
        """Tell whether two rows were compared; rows that say the same count as compared."""
        a, b = sorted((int(self.record_of[one]), int(self.record_of[other])))
        first, last = np.searchsorted(self.left, [a, a + 1])
        return a == b or bool(np.isin(b, self.right[first:last]))


@dataclass(frozen=True, eq=False)
class MatchResult:
    """Clusters of rows and everything that explains them.

    Attributes:
        clusters: one label per row, the smallest row of its cluster, int64.
        links: left, right (int64, left < right), probability, weight (bits) of scored pairs above the review threshold,
            as the evidence has it, decisions left aside, and ``proposed``: whether blocking brought the pair up (others
            were completed inside a component). Rows that say exactly the same appear once, linked to the smallest.
        review: left, right, probability of pairs in different clusters that a steward should be asked about, most
            probable first, one per pair of clusters.
        model: what was learned; can be saved.
        report: figures of the run.
    """

    clusters: IntArray
    links: pa.Table
    review: pa.Table
    model: Model
    report: MatchReport
    _table: pa.Table
    _distinct: Distinct
    _scorer: Scorer | None = None
    _propose: Callable[[], IntArray] | None = None
    _keys: Callable[[], RowKeys] | None = None
    _identifiers: pa.Table | None = None

    def keys(self) -> RowKeys:
        """Return the blocking keys of every row, as :func:`matching.blocking_keys` does, without reading the table."""
        if self._keys is None:
            nothing = np.empty(0, dtype=np.int64)
            return RowKeys(nothing, nothing, nothing.astype(np.uint64), nothing.astype(np.uint64))
        return self._keys()

    def probabilities(self, left: IntArray, right: IntArray) -> FloatArray:
        """Return how likely pairs of rows are one customer, whether or not blocking proposed them.

        Args:
            left, right: row numbers, shape (pairs,).
        """
        if self._scorer is None or not len(left):
            return np.zeros(len(left))
        a, b = self._distinct.record_of[left], self._distinct.record_of[right]
        return probability(self._scorer(np.minimum(a, b), np.maximum(a, b)))

    def evidence(self, left: IntArray, right: IntArray) -> tuple[FloatArray, Levels]:
        """Return what the columns say of pairs of rows: log odds before labels correct them, and levels.

        Args:
            left, right: row numbers, shape (pairs,).

        Returns:
            Nats, shape (pairs,), and levels, shape (pairs, columns).
        """
        if self._scorer is None or not len(left):
            return np.zeros(len(left)), np.zeros((len(left), 0), dtype=np.int8)
        a, b = self._distinct.record_of[left], self._distinct.record_of[right]
        levels = self._scorer.comparator(np.minimum(a, b), np.maximum(a, b))
        return np.median(self._scorer.fits(levels), axis=0), levels

    def precision_with(self, model: Model) -> Precision:
        """Return how precise merging the same candidates is under a corrected model, at least as precise as before.

        What labels found to be wrong, the correction puts right in the odds themselves; to ask for higher odds as well
        was tried, and cost recall without gaining precision.
        """
        if self._scorer is None:
            return model.precision
        pairs = self.compared()
        scorer = Scorer(replace(model, precision=Precision.unknown()), self._scorer.comparator, self._scorer.settings)
        scored = Scored(pairs.left, pairs.right, scorer(pairs.left, pairs.right), pairs.records)
        found = precision_of(scored, scorer, scorer.settings)
        return Precision(found.odds, np.maximum(found.share, model.precision.share))

    def clusters_at(self, merge: float) -> IntArray:
        """Return the clusters that the same scores give at another merge threshold, one label per row.

        Args:
            merge: probability from which records are merged.
        """
        if self._scorer is None:
            return self.clusters
        scored, own = self._linked
        found = cluster(scored, self._scorer, log_odds(merge), self._scorer.settings)
        return row_clusters(found, own > log_odds(merge), self._distinct)

    def threshold_for(self, precision: float) -> float:
        """Return the probability from which records merge if ``precision`` of the merges are asked to be right."""
        return float(probability(np.array([self.model.precision.threshold(precision)]))[0])

    @cached_property
    def _linked(self) -> tuple[Scored, FloatArray]:
        """The linked pairs of distinct records and those between them, and the odds that equal rows are one."""
        assert self._scorer is not None
        records = len(self._distinct)
        ends = np.stack([self._distinct.record_of[self.links[side].to_numpy()] for side in ("left", "right")])
        keys = distinct_sorted(ends.min(axis=0) * records + ends.max(axis=0))
        a, b = keys // records, keys % records
        a, b = a[a != b], b[a != b]
        everyone = np.arange(records)
        own = self._scorer(everyone, everyone)
        chance = coincidental(self._scorer.comparator.features, self._distinct.sizes, float(self.model.rows))
        own[chance & ~self._scorer.proven(everyone)] = -np.inf
        scored = Scored(a, b, self._scorer(a, b), records)
        return completed(scored, self._scorer, self._scorer.settings), own

    def compared(self) -> Candidates:
        """Return the pairs blocking let through."""
        records = len(self._distinct)
        pairs = np.empty(0, dtype=np.int64) if self._propose is None else self._propose()
        return Candidates(self._distinct.record_of, *ends_of(pairs, records), records)

    def explain(self, left: int, right: int) -> Explanation:
        """Explain why two rows are or are not one customer.

        Args:
            left, right: row numbers of the matched table.

        Raises:
            IndexError: a row number out of range.
        """
        return next(self.explain_many([left], [right]))

    def explain_many(self, left: Sequence[int], right: Sequence[int]) -> Iterator[Explanation]:
        """Explain many pairs of rows, as :meth:`explain` does one, for much less each.

        Raises:
            IndexError: a row number out of range.
        """
        rows = len(self.clusters)
        for one, other in zip(left, right, strict=True):
            if not (0 <= one < rows and 0 <= other < rows):
                raise IndexError(f"rows {one} and {other}: the table has {rows}")
        if self._scorer is None or not len(left):
            return
        a, b = (np.array(side, dtype=np.int64) for side in (left, right))
        mine, other_values = self._values(a), self._values(b)
        values = [{name: (mine[name][i], other_values[name][i]) for name in mine} for i in range(len(a))]
        ends = np.stack([self._distinct.record_of[a], self._distinct.record_of[b]])
        together = (self.clusters[a] == self.clusters[b]).tolist()
        apart = self._held_apart(a, b)
        found = explain_pairs(self._scorer, ends.min(axis=0), ends.max(axis=0), values, together)
        for i, made in enumerate(found):
            equal = ends[0, i] == ends[1, i] and a[i] != b[i] and not together[i]
            more = (*apart[i], *([Reason("coincidental")] if equal else ()))
            yield replace(made, reasons=(*made.reasons, *more)) if more else made

    def _held_apart(self, left: IntArray, right: IntArray) -> list[Sequence[Reason]]:
        """Return what identifiers of other records in the clusters of pairs of rows say against them."""
        limits = self._scorer.constraints if self._scorer is not None else None
        if limits is None or self._identifiers is None:
            return [()] * len(left)
        table = self._identifiers
        codes = {name: codes[self._distinct.record_of] for name, codes in limits.identifiers.items()}
        return held_apart(codes, self.clusters, left, right, lambda name, row: _text(table[name][row].as_py()))

    def explain_cluster(self, row: int) -> ClusterExplanation:
        """Explain what holds the cluster of a row together.

        Args:
            row: any row of the cluster.

        Raises:
            IndexError: a row number out of range.
        """
        if not 0 <= row < len(self.clusters) or self._scorer is None:
            raise IndexError(f"row {row}: the table has {len(self.clusters)}")
        return self.explain_together(np.flatnonzero(self.clusters == self.clusters[row]).tolist())

    def explain_together(self, rows: Sequence[int]) -> ClusterExplanation:
        """Explain what holds some rows together, or would.

        Args:
            rows: row numbers, rising; the first 2,000 of them are looked at.
        """
        assert self._scorer is not None
        kept = np.array(rows[:LARGEST], dtype=np.int64)
        left, right = np.triu_indices(len(kept), 1)
        a, b = self._distinct.record_of[kept[left]], self._distinct.record_of[kept[right]]
        odds = np.zeros((len(kept), len(kept)))
        odds[left, right] = odds[right, left] = self._scorer(np.minimum(a, b), np.maximum(a, b))
        return explain_cluster(kept.tolist(), odds * BITS, probability(odds), self.model.version)

    def _values(self, rows: IntArray) -> dict[str, list[str | None]]:
        """Return what rows say in identifiers and compared columns as it came."""
        found: dict[str, list[str | None]] = {}
        if self._identifiers is not None:
            found = {name: _texts(self._identifiers[name], rows) for name in self._identifiers.column_names}
        return found | {column.name: self._said(column, rows) for column in self.model.columns}

    def _said(self, column: ColumnModel, rows: IntArray) -> list[str | None]:
        """Return what rows say in one column; an address without a column of its own from its parts."""
        parted = column.kind is Kind.ADDRESS and column.name not in self._table.column_names
        names = [n for n in (ADDRESS_PARTS if parted else (column.name,)) if n in self._table.column_names]
        parts = [_texts(self._table[name], rows) for name in names]
        if not parts:
            return [None] * len(rows)
        return [" ".join(text for text in said if text) or None for said in zip(*parts, strict=True)]


def _texts(column: pa.ChunkedArray | pa.Array, rows: IntArray) -> list[str | None]:
    """Return some values of a column as texts."""
    return [_text(value) for value in column.take(pa.array(rows)).to_pylist()]


def _text(value: object) -> str | None:
    """Return a value as text; several joined by semicolons."""
    if value is None:
        return None
    return "; ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def row_clusters(clustering: Clustering, mergeable: np.ndarray, groups: Distinct) -> IntArray:
    """Return one label per row: the smallest row of its cluster.

    Rows that say exactly the same are one customer where what they say is enough (``mergeable``), or where their
    record belongs to a larger cluster.
    """
    labels = clustering.labels
    alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    apart = (alone & ~mergeable)[groups.record_of]
    smallest = np.full(len(labels), len(groups.record_of), dtype=np.int64)
    np.minimum.at(smallest, labels, groups.first)
    clusters = smallest[labels[groups.record_of]]
    return np.where(apart, np.arange(len(clusters)), clusters)


def link_table(
    clustering: Clustering, proposed: BoolArray, own: FloatArray, groups: Distinct, settings: MatchSettings
) -> pa.Table:
    """Return the scored pairs above the review threshold as rows of the table."""
    keep = clustering.odds > log_odds(settings.review)
    a, b = groups.first[clustering.left[keep]], groups.first[clustering.right[keep]]
    copies = np.flatnonzero(groups.first[groups.record_of] != np.arange(len(groups.record_of)))
    copies = copies[own[groups.record_of[copies]] > log_odds(settings.review)]
    left = np.concatenate([np.minimum(a, b), groups.first[groups.record_of[copies]]])
    right = np.concatenate([np.maximum(a, b), copies])
    odds = np.concatenate([clustering.odds[keep], own[groups.record_of[copies]]])
    found = np.concatenate([proposed[keep], np.ones(len(copies), dtype=np.bool_)])
    order = np.lexsort((right, left))
    return pa.table(
        {
            "left": left[order],
            "right": right[order],
            "probability": probability(odds)[order],
            "weight": odds[order] * BITS,
            "proposed": found[order],
        }
    )


def review_table(
    links: pa.Table, clusters: IntArray, different: Sequence[tuple[int, int]], settings: MatchSettings
) -> pa.Table:
    """Return the pairs to ask a steward about: the best link between any two clusters, most probable first.

    Two clusters that hold records said to be different (``different``, as row numbers) are not asked about again.
    """
    left, right = links["left"].to_numpy(), links["right"].to_numpy()
    odds = links["probability"].to_numpy()
    told = np.array(different, dtype=np.int64).reshape(-1, 2)
    apart = clusters[left] != clusters[right]
    apart &= ~np.isin(_cluster_pairs(clusters, left, right), _cluster_pairs(clusters, told[:, 0], told[:, 1]))
    left, right, odds = left[apart], right[apart], odds[apart]
    order = np.lexsort((right, left, -odds))
    keys = _cluster_pairs(clusters, left, right)[order]
    best = order[np.sort(np.unique(keys, return_index=True)[1])][: settings.review_limit]
    return pa.table({"left": left[best], "right": right[best], "probability": odds[best]})


def _cluster_pairs(clusters: IntArray, left: IntArray, right: IntArray) -> IntArray:
    """Return one integer per pair of rows, the same for all pairs of rows of the same two clusters."""
    a, b = clusters[left], clusters[right]
    return np.asarray(np.minimum(a, b) * len(clusters) + np.maximum(a, b))


def nothing(table: pa.Table, groups: Distinct, model: Model, report: MatchReport) -> MatchResult:
    """Return the result for an empty table."""
    empty = np.empty(0, dtype=np.int64)
    links = pa.table({"left": empty, "right": empty, "probability": empty * 1.0, "weight": empty * 1.0})
    links = links.append_column("proposed", pa.array([], pa.bool_()))
    return MatchResult(empty, links, links.select(["left", "right", "probability"]), model, report, table, groups)
