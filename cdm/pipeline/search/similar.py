"""Search before create: which golden records a half-filled customer may already be.

The customer is cleansed like any record, its blocking keys are looked up among the stored ones, and the few records
behind them are scored with the model in force: the answer is what a run would say of it. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cdm.pipeline.hub import Hub
from cdm.pipeline.search.asked import Asked, asked
from cdm.pipeline.search.lookup import SearchNotReadyError, StoredLookup, proven, stored_lookup
from cdm.report.figures import RecordRef
from cdm.store.lookups import Known, Reading

if TYPE_CHECKING:
    from matching import Explanation
    from matching.lookup import Compared

HITS = 10
"""Golden records returned where nobody asks for more or less."""
LEAST = 0.01
"""Probability below which a golden record is not worth showing."""
EXAMINED = 200
"""Records scored at most; those that share most keys with the customer come first."""
COPIES = 50
"""Records that say exactly the same count once in a block; so many more than its limit are looked at."""


@dataclass(frozen=True, eq=False)
class _Why:
    """The explanations of all hits, made when the first of them is asked for."""

    compared: Compared
    rows: Sequence[int]

    @cached_property
    def all(self) -> Mapping[int, Explanation]:
        return dict(zip(self.rows, self.compared.explain(self.rows), strict=True))


@dataclass(frozen=True, eq=False)
class Hit:
    """One golden record the customer may be.

    Attributes:
        golden_id: its id.
        probability: that the customer is the same as its source record ``record``, the likeliest of all it has.
        fields: its golden values.
        record: that source record.
    """

    golden_id: str
    probability: float
    fields: Mapping[str, Any]
    record: RecordRef
    _row: int
    _why: _Why

    @property
    def explanation(self) -> Explanation:
        """How the probability came about; ``left`` is the customer, ``right`` the record. Not masked."""
        return self._why.all[self._row]


@dataclass(frozen=True, eq=False)
class Similar:
    """What was found.

    Attributes:
        asked: the customer, cleansed.
        hits: golden records, the likeliest first.
        keys: blocking keys the customer has.
        oversize: of these, keys so many records share that they tell nothing; they were skipped.
        compared: records that were scored.
        left_out: further records behind the keys, which share fewer of them.
        model: version of the matching model.
    """

    asked: Asked
    hits: Sequence[Hit]
    keys: int
    oversize: int
    compared: int
    left_out: int
    model: str


def find_similar(hub: Hub, given: Mapping[str, str], entity: str = "", *, limit: int = HITS) -> Similar:
    """Return the golden records a half-filled customer may be.

    Args:
        hub: the open hub; what a question needs of the model is prepared with the first one and kept with its store.
        given: field → value, as :func:`cdm.pipeline.search.asked.asked` takes them.
        entity: its entity type; judged where empty.
        limit: golden records at most.

    Raises:
        SearchError: nothing is given, or a field is not known.
        SearchNotReadyError: the hub was never matched, or is being matched anew.
    """
    one = asked(hub, given, entity)
    with hub.store.lookups.begin(one.entity.name) as reading:
        ask = stored_lookup(hub, one.entity.name, reading.model())
        candidates = _candidates(reading, one, ask)
        known = reading.records(candidates.records)
        values, own = one.values, proven(one.entity, one.values, one.findings.to_pylist())
        others = [proven(one.entity, other.fields, other.findings) for other in known]
        compared = ask.lookup.compare(values, own, [other.fields for other in known], others)
        best = _best(known, compared, limit)
        golden = reading.golden(list(best))
    why = _Why(compared, list(best.values()))
    likely = compared.probabilities
    hits = [
        Hit(home, float(likely[row]), golden[home], RecordRef(known[row].source, known[row].key), row, why)
        for home, row in best.items()
    ]
    version = ask.lookup.model.version
    return Similar(one, hits, candidates.keys, candidates.oversize, len(known), candidates.left_out, version)


class Finder:
    """Finds the golden records customers may be in one hub: :func:`find_similar` for who asks again and again.

    Args:
        hub: the open hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(self, given: Mapping[str, str], entity: str = "", *, limit: int = HITS) -> Similar:
        """Return the golden records a half-filled customer may be (:func:`find_similar`)."""
        return find_similar(self._hub, given, entity, limit=limit)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Records worth scoring."""

    records: Sequence[int]
    keys: int
    oversize: int
    left_out: int


def _candidates(reading: Reading, one: Asked, ask: StoredLookup) -> _Candidates:
    """Look up the records that share keys with the customer, those that share most of them first."""
    if not one.table.num_columns:
        return _Candidates((), 0, 0, 0)
    if ask.lookup.model.plan.exhaustive:  # a small table, in which every pair is examined
        return _Candidates(reading.everyone(), 0, 0, 0)
    keys = ask.keys(one.values, proven(one.entity, one.values, one.findings.to_pylist()))
    contents: dict[int, set[int]] = {}
    records: dict[int, list[int]] = {}
    for key, record, content in reading.behind(sorted(keys), max(keys.values(), default=1) + COPIES):
        contents.setdefault(key, set()).add(content)
        records.setdefault(key, []).append(record)
    over = {key for key, different in contents.items() if len(different) > keys[key]}
    shared = Counter(record for key, some in records.items() if key not in over for record in some)
    known = sorted(shared, key=lambda record: (-shared[record], record))
    return _Candidates(sorted(known[:EXAMINED]), len(keys), len(over), max(0, len(known) - EXAMINED))


def _best(known: Sequence[Known], compared: Compared, limit: int) -> dict[str, int]:
    """Return the best record of each golden record, best first."""
    likely = compared.probabilities
    best: dict[str, int] = {}
    for row in np.argsort(-likely, kind="stable").tolist():
        home = known[row].golden_id
        if likely[row] < LEAST or len(best) == limit:
            break
        if home is not None:
            best.setdefault(home, row)
    return best


__all__ = ["Finder", "Hit", "SearchNotReadyError", "Similar", "find_similar"]
