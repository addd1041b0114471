"""What every worker does with a batch of records: the functions of the local engine on cells.

A :class:`Kernel` is sent to the workers once. It holds no table; with the model, what it says of records depends on
these records alone, so that it makes no difference which of them come together in a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.arrays import BoolArray, FloatArray, IntArray
from matching.cluster import Clustering, Scored, cluster
from matching.columns import Kind, MatchColumn
from matching.deciding import copies, scorer_of
from matching.distinct import Distinct
from matching.model import Model
from matching.records import Records, encodings, profiled
from matching.score import Scorer
from matching.settings import MatchSettings
from matching.spark.cells import BETWEEN, cells_of, content_order, encoded, order_keys
from matching.training import Decisions
from schemas.types import MatchRole, SemanticType

RECORD = "record"
"""Column with the number of a record: the smallest row that says what it says."""
UNSETTLED = "unsettled"
"""Column that tells whether a record stands for several rows of which nobody knows whether they are one customer."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Some distinct records in the order of their content.

    Attributes:
        ids: number of every record.
        order: where it stood in the table the batch was made from.
        records: their columns as the local engine sees them.
        unsettled: records whose rows nobody knows to be one customer; ``None`` while that is worked out.
    """

    ids: IntArray
    order: IntArray
    records: Records
    unsettled: BoolArray | None

    def at(self, ids: IntArray) -> IntArray:
        """Return the places of records in the batch; all of them must be in it."""
        return np.asarray(self.places[np.searchsorted(self.ids, ids, sorter=self.places)])

    def ends(self, a: IntArray, b: IntArray) -> tuple[IntArray, IntArray]:
        """Return pairs of records as pairs of places, the smaller place first."""
        one, other = self.at(a), self.at(b)
        return np.minimum(one, other), np.maximum(one, other)

    @cached_property
    def places(self) -> IntArray:
        """What sorts the records by number."""
        return np.argsort(self.ids)


@dataclass(frozen=True, eq=False)
class Kernel:
    """The model and what stewards decided, ready for any worker.

    Attributes:
        identifiers: columns of verified identifiers.
        must, cannot: stewards' decisions as pairs of row numbers, shape (pairs, 2).
    """

    model: Model
    settings: MatchSettings
    identifiers: tuple[str, ...] = ()
    must: IntArray = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))
    cannot: IntArray = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))

    @property
    def cells(self) -> list[str]:
        """Names of the columns of cells: the model's, then the identifiers'."""
        count = len(self.model.fields)
        return [*(f"c{i}" for i in range(count)), *(f"i{i}" for i in range(len(self.identifiers)))]

    def normalise(self, table: pa.Table) -> pa.Table:
        """Return the cells of cleansed rows, and what makes rows one record.

        Args:
            table: ``row``; any of the model's columns; identifiers under their own names behind ``proven:``.
        """
        rows = table.column("row").to_numpy()
        proven = [f"proven:{name}" for name in self.identifiers]
        strong = table.select(proven).rename_columns(list(self.identifiers)) if proven else None
        columns = [cells_of(one) for one in encodings(table, self.model, strong)]
        contents = _contents(columns, self._ties(rows))
        return pa.table([pa.array(rows), contents, *columns], names=[RECORD, "content", *self.cells])

    def batch(self, table: pa.Table) -> Batch:
        """Return distinct records, given as cells and their numbers, in the order of their content."""
        ids = table.column(RECORD).to_numpy().astype(np.int64)
        names = [MatchColumn(n, SemanticType.IDENTIFIER, MatchRole.IDENTIFIER, Kind.CODE) for n in self.identifiers]
        columns = [
            encoded(column, table.column(cell).combine_chunks())
            for column, cell in zip([*self.model.fields, *names], self.cells, strict=True)
        ]
        order = content_order(columns, self._ties(ids))
        place = np.arange(len(ids))
        sizes = table.column("size").to_numpy()[order] if "size" in table.column_names else np.ones_like(ids)
        records = profiled([one.take(order) for one in columns], self.model, Distinct(place, place, sizes))
        unsettled = table.column(UNSETTLED).to_numpy()[order] if UNSETTLED in table.column_names else None
        return Batch(ids[order], order, records, unsettled)

    def keys(self, table: pa.Table) -> pa.Table:
        """Return (record, rule, key) of all blocking keys of records."""
        batch = self.batch(table)
        found = [(rule, one) for rule, one in batch.records.blocked.keys(self.model.plan)]
        rules = [np.full(len(one.rows), rule, dtype=np.int32) for rule, one in found]
        return pa.table(
            {
                RECORD: _joined([batch.ids[one.rows] for _, one in found], np.int64),
                "rule": _joined(rules, np.int32),
                "key": _joined([one.keys.view(np.int64) for _, one in found], np.int64),
            }
        )

    def ranks(self, table: pa.Table) -> pa.Table:
        """Return (record, rank): bytes that sort as sorted neighbourhoods do, the most telling column first."""
        columns = sorted(zip(self.model.columns, self.cells, strict=False), key=lambda c: (-c[0].chance, c[0].name))
        telling = [table.column(cell).combine_chunks() for _, cell in reversed(columns)]
        rank = order_keys([*telling, *self._content(table)], table.num_rows)
        return pa.table({RECORD: table.column(RECORD), "rank": rank})

    def orders(self, table: pa.Table) -> pa.Table:
        """Return (record, content): bytes that sort as the local engine numbers records."""
        return pa.table({RECORD: table.column(RECORD), "content": order_keys(self._content(table), table.num_rows)})

    def _content(self, table: pa.Table) -> list[pa.Array]:
        """Return all columns in the order in which the local engine numbers records by them; last, what breaks ties."""
        names = [*(c.name for c in self.model.fields), *self.identifiers]
        ordered = sorted(zip(names, self.cells, strict=True), key=lambda pair: pair[0])
        ties = pc.utf8_lpad(pc.cast(pa.array(self._ties(table.column(RECORD).to_numpy())), pa.string()), 20, "0")
        return [*(table.column(cell).combine_chunks() for _, cell in ordered), ties]

    def _ties(self, rows: IntArray) -> IntArray:
        """Return what keeps rows apart that say the same: each one stewards decided on is a record of its own."""
        return np.where(np.isin(rows, np.concatenate([self.must, self.cannot])), rows + 1, 0)

    def odds(self, batch: Batch, a: IntArray, b: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the log odds of pairs of records, and what they would be had no steward decided."""
        return both_odds(self._scorer(batch), *batch.ends(a, b))

    def evidence(self, batch: Batch, a: IntArray, b: IntArray) -> FloatArray:
        """Return the log odds of pairs of records by the compared columns alone."""
        return replace(self._scorer(batch), constraints=None, unsettled=None)(*batch.ends(a, b))

    def own(self, table: pa.Table) -> pa.Table:
        """Return (record, odds, mergeable) of records that stand for several rows each: are these one customer?"""
        batch = self.batch(table)
        odds, mergeable = copies(batch.records, self._scorer(batch))
        return pa.table({RECORD: batch.ids, "odds": odds, "mergeable": mergeable})

    def cluster(self, table: pa.Table, a: IntArray, b: IntArray, odds: FloatArray) -> tuple[Batch, Clustering]:
        """Cluster the records of whole components by the links inside them.

        Returns:
            The records; and their clusters with all pairs of each component, their odds as had no steward decided.
        """
        batch = self.batch(table)
        left, right = batch.ends(a, b)
        order = np.lexsort((right, left))
        links = Scored(left[order], right[order], odds[order], len(batch.ids))
        scorer = self._scorer(batch)
        found = cluster(links, scorer, scorer.cut, self.settings)
        return batch, replace(found, odds=both_odds(scorer, found.left, found.right)[1])

    @cached_property
    def same(self) -> tuple[IntArray, IntArray]:
        """Rows said to be the same as others, in order, and a label for all that are one by a chain of decisions."""
        rows, ends = np.unique(self.must, return_inverse=True)
        ends = ends.reshape(-1, 2)
        graph = coo_array((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(len(rows), len(rows)))
        return rows, np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    def _scorer(self, batch: Batch) -> Scorer:
        """Return what scores pairs of the batch; a chain of decisions holds also where its middle is elsewhere."""
        rows, labels = self.same
        here = np.flatnonzero(np.isin(rows, batch.ids))
        here = here[np.argsort(labels[here], kind="stable")]
        chained = np.flatnonzero(labels[here][1:] == labels[here][:-1])
        must = np.stack([rows[here][chained], rows[here][chained + 1]], axis=1)
        cannot = self.cannot[np.isin(self.cannot, batch.ids).all(axis=1)]
        told = ([(int(a), int(b)) for a, b in batch.at(pairs.ravel()).reshape(-1, 2)] for pairs in (must, cannot))
        return replace(scorer_of(batch.records, self.model, Decisions(*told), self.settings), unsettled=batch.unsettled)


def both_odds(scorer: Scorer, left: IntArray, right: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return log odds, and what they would be had no steward decided."""
    odds = scorer(left, right)
    free, limits = odds.copy(), scorer.constraints
    assert limits is not None
    told = np.flatnonzero(limits.required(left, right) | limits.forbidden(left, right))
    if len(told):
        free[told] = replace(scorer, constraints=limits.undecided())(left[told], right[told])
    return odds, free


def _contents(columns: Sequence[pa.Array], tag: IntArray) -> pa.Array:
    """Return 16 bytes per row, equal where rows say the same and no decision keeps them apart (XXH3, 128 bits)."""
    marked = [pc.if_else(pc.is_valid(c), pc.binary_join_element_wise("=", c, ""), "") for c in columns]
    texts = pc.binary_join_element_wise(*marked, pc.cast(pa.array(tag), pa.string()), BETWEEN + BETWEEN)
    digest = xxhash.xxh3_128_digest
    return pa.array([digest(text.as_buffer()) for text in texts], pa.binary())


def _joined(parts: Sequence[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=kind), *parts])


def decided(pairs: Sequence[tuple[int, int]]) -> IntArray:
    """Return decisions as an array of row numbers, shape (pairs, 2)."""
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
