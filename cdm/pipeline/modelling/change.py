"""Compare two versions: match the records as they are by both, and say which customers would merge, split, change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cdm.errors import Conflict
from cdm.pipeline.explanation.views import pair_view
from cdm.pipeline.hub import Hub
from cdm.pipeline.modelling.population import Population, model_of_entry
from cdm.pipeline.pairs import field_label, shown
from cdm.report.explanation import NOW, ExplainedPair
from cdm.report.model_change import KINDS, ChangedRecord, ChangeExample, ModelChange
from cdm.store import MatchModelEntry
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import MatchResult
    from matching.difference import Change

EXAMPLES = 5
"""Changes of each kind that are shown."""
ROWS, COLUMNS = 8, 6
"""Records and fields shown of a change."""


def compare(hub: Hub, before: MatchModelEntry, after: MatchModelEntry, progress: Progress) -> ModelChange:
    """Say what would change if one version took the place of another.

    Decisions hold under both. Nothing is written.

    Args:
        hub: the open hub.
        before, after: two versions of one entity type.
        progress: told about stages.

    Raises:
        Conflict: the versions are of different entity types.
        MatchModelError: another release wrote one of them.
    """
    from matching.difference import difference

    if before.entity != after.entity:
        raise Conflict(
            f"{before.version} is a model of '{before.entity}', {after.version} of '{after.entity}'.",
            remedy="Compare versions of one entity type; see 'cdm model list'.",
        )
    people = Population.of(hub, hub.model[before.entity])
    both = _Both(people, *(people.match(model_of_entry(hub, one), progress) for one in (before, after)))
    found = difference(both.before.clusters, both.after.clusters)
    return ModelChange(
        generated_at=hub.now(),
        entity=people.entity.label,
        versions=(before.version, after.version),
        records=found.rows,
        moved=sum(one.rows for one in found.changes),
        customers=(found.before, found.after),
        counts={kind: sum(one.kind == kind for one in found.changes) for kind in KINDS},
        joined=found.joined,
        parted=found.parted,
        review=(both.before.review.num_rows, both.after.review.num_rows),
        examples=[
            both.example(one)
            for kind in KINDS
            for one in islice((one for one in found.changes if one.kind == kind), EXAMPLES)
        ],
    )


@dataclass(frozen=True)
class _Both:
    """The same records under both versions."""

    people: Population
    before: MatchResult
    after: MatchResult

    def example(self, change: Change) -> ChangeExample:
        """Return a change with its records, and the pair that tells why as both versions explain it."""
        rows = [int(row) for part in change.before for row in part]
        names = [column.name for column in self.after.model.columns if self._says(column.name, rows[:ROWS])]
        pair = self._telling(change)
        return ChangeExample(
            kind=change.kind,
            records=[self._record(change, row, names[:COLUMNS]) for row in rows[:ROWS]],
            more=max(len(rows) - ROWS, 0),
            columns=[field_label(self.people.entity, name) for name in names[:COLUMNS]],
            before=None if pair is None else self._explained(self.before, pair),
            after=None if pair is None else self._explained(self.after, pair),
        )

    def _says(self, name: str, rows: list[int]) -> bool:
        """Tell whether any of some rows says something in a column."""
        return name in self._table.column_names and any(self._table.column(name)[row].as_py() for row in rows)

    def _record(self, change: Change, row: int, names: list[str]) -> ChangedRecord:
        numbers = [
            next(number for number, part in enumerate(parts, start=1) if row in part)
            for parts in (change.before, change.after)
        ]
        values = [shown(self.people.entity, name, self._table.column(name)[row].as_py() or "") for name in names]
        return ChangedRecord(self.people.names[row], numbers[0], numbers[1], values)

    def _telling(self, change: Change) -> tuple[int, int] | None:
        """Return the pair whose probability moved most among those that come together or part."""
        pairs = list(islice(_moved(change), ROWS * ROWS))
        if not pairs:
            return None
        ends = np.array(pairs, dtype=np.int64)
        was, now = (one.probabilities(ends[:, 0], ends[:, 1]) for one in (self.before, self.after))
        return pairs[int(np.argmax(np.abs(now - was)))]

    def _explained(self, result: MatchResult, pair: tuple[int, int]) -> ExplainedPair:
        left, right = pair
        names = self.people.names
        return pair_view(self.people.entity, result.explain(left, right), names[left], names[right], NOW)

    @property
    def _table(self) -> pa.Table:
        return self.people.batch.fields


def _moved(change: Change) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that are together under one version only, left < right."""
    home = [
        {int(row): number for number, part in enumerate(parts) for row in part}
        for parts in (change.before, change.after)
    ]
    for left, right in combinations(sorted(home[0]), 2):
        if (home[0][left] == home[0][right]) != (home[1][left] == home[1][right]):
            yield left, right
