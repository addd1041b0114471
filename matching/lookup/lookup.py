"""What a model says of one row and a few others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray
from matching.cluster import Scored, cluster
from matching.columns import ADDRESS_PARTS, Kind, MatchColumn
from matching.deciding import copies, scorer_of
from matching.explain import Explanation, Reason, explain_pairs
from matching.lookup.keys import PlanKeys
from matching.lookup.rows import Held, Row, held, records
from matching.lookup.scoring import RememberingScorer
from matching.model import ColumnModel, Model
from matching.records import Records
from matching.result import row_clusters
from matching.score import Scorer, probability
from matching.settings import MatchSettings
from matching.training import Decisions

UNDECIDED = Decisions((), ())


class Lookup:
    """Compares single rows with few others under one model, again and again.

    Args:
        model: what the other rows were matched with.
        settings: thresholds other than the model's own.
    """

    def __init__(self, model: Model, settings: MatchSettings | None = None) -> None:
        self.model = model
        self._settings = settings or model.settings
        self._fields = model.fields
        self._keys = PlanKeys(model.plan, {column.name: column.kind for column in model.columns})
        self._known: dict[int, float] = {}

    def keys(self, row: Row, proven: Row) -> list[tuple[int, int]]:
        """Return the blocking keys of a row (:func:`matching.blocking_keys`).

        Args:
            row: what it says.
            proven: identifier → verified value.

        Returns:
            Position of the rule in the model's plan, and key as an unsigned 64-bit integer.
        """
        columns = {column.name: held(column.column, row) for column in self.model.columns}
        return self._keys(columns, {name: held(_proof(name), proven) for name in proven})

    def compare(self, row: Row, proven: Row, others: Sequence[Row], others_proven: Sequence[Row]) -> Compared:
        """Score a row with others, as :func:`matching.apply` does with ``closed`` and no decisions.

        Args:
            row, proven: as for :meth:`keys`.
            others, others_proven: the same of each of the others.
        """
        rows, proofs = [*others, row], [*others_proven, proven]
        columns: list[list[Held]] = [[held(column, one) for one in rows] for column in self._fields]
        names = dict.fromkeys(name for one in proofs for name in one)
        strong = {name: [held(_proof(name), one) for one in proofs] for name in names}
        found = records(columns, strong, self.model)
        plain = scorer_of(found, self.model, UNDECIDED, self._settings)
        scorer = RememberingScorer(plain.model, plain.comparator, plain.settings, plain.constraints, known=self._known)
        mergeable: BoolArray = np.zeros(len(found), dtype=np.bool_)
        several = found.groups.sizes > 1
        if several.any():
            mergeable = copies(found, scorer)[1]
            scorer = replace(scorer, unsettled=several & ~mergeable)
        return Compared(found, scorer, mergeable, rows, proofs)


def _proof(name: str) -> MatchColumn:
    """Describe a column of verified identifiers."""
    return MatchColumn(name, kind=Kind.CODE)


@dataclass(frozen=True, eq=False)
class Compared:
    """One row, the last one, compared with all others."""

    records: Records
    scorer: Scorer
    mergeable: BoolArray
    rows: Sequence[Row]
    proven: Sequence[Row]

    @cached_property
    def _ends(self) -> tuple[IntArray, IntArray]:
        """The records of each pair, the smaller first."""
        of = self.records.groups.record_of
        return np.minimum(of[:-1], of[-1]), np.maximum(of[:-1], of[-1])

    @cached_property
    def odds(self) -> FloatArray:
        """Log odds (nats) that the row is one customer with each of the others, shape (others,)."""
        left, right = self._ends
        return self.scorer(left, right) if len(left) else np.zeros(0)

    @property
    def probabilities(self) -> FloatArray:
        """How likely the row is one customer with each of the others, shape (others,)."""
        return probability(self.odds)

    @cached_property
    def _clusters(self) -> IntArray:
        """Cluster of every row, had the row been compared with all others."""
        groups = self.records.groups
        left, right = self._ends
        keys, first = np.unique(left * len(groups) + right, return_index=True)
        differ = left[first] != right[first]
        first, keys = first[differ], keys[differ]
        scored = Scored(keys // len(groups), keys % len(groups), self.odds[first], len(groups))
        found = cluster(scored, self.scorer, self.scorer.cut, self.scorer.settings)
        return row_clusters(found, self.mergeable, groups)

    def explain(self, others: Sequence[int]) -> Iterator[Explanation]:
        """Explain the row and some of the others; the row is what explanations call ``left``.

        Args:
            others: their positions.
        """
        last = len(self.rows) - 1
        at = np.array(others, dtype=np.int64)
        left, right = (side[at] for side in self._ends)
        together = (self._clusters[at] == self._clusters[last]).tolist()
        mine = self._values(last)
        values = [{n: (mine.get(n), v.get(n)) for n in {**mine, **v}} for v in map(self._values, others)]
        found = explain_pairs(self.scorer, left, right, values, together)
        for made, same, joined in zip(found, (left == right).tolist(), together, strict=True):
            yield replace(made, reasons=(*made.reasons, Reason("coincidental"))) if same and not joined else made

    def _values(self, row: int) -> dict[str, str | None]:
        """Return what a row says in identifiers and compared columns as it came."""
        said: dict[str, str | None] = {name: _said(value) for name, value in self.proven[row].items()}
        return said | {column.name: self._column(column, row) for column in self.scorer.model.columns}

    def _column(self, column: ColumnModel, row: int) -> str | None:
        """Return what a row says in one column; an address of which no row has a column of its own from its parts."""
        if column.kind is Kind.ADDRESS and not any(column.name in one for one in self.rows):
            return " ".join(text for name in ADDRESS_PARTS if (text := _said(self.rows[row].get(name)))) or None
        return _said(self.rows[row].get(column.name)) or None


def _said(value: str | Sequence[str] | None) -> str | None:
    return value if value is None or isinstance(value, str) else "; ".join(value)
