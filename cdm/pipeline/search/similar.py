"""Search before create: which golden records a half-filled customer may already be.

The customer is cleansed like any record, its blocking keys are looked up among the stored ones, and the few records
behind them are scored with the model in force: the answer is what a run would say of it. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cdm.errors import CdmError
from cdm.pipeline.active_model import model_in_force
from cdm.pipeline.decided import UNDECIDED
from cdm.pipeline.hub import Hub
from cdm.pipeline.resolve import proven_identifiers, resolve_part
from cdm.pipeline.scores import findings_of
from cdm.pipeline.search.asked import Asked, asked
from cdm.pipeline.stored_keys import keyed_records
from cdm.report.figures import RecordRef
from cdm.store import RecordBatch

if TYPE_CHECKING:
    from matching import Explanation, MatchResult, Model

Ints = npt.NDArray[np.int64]
HITS = 10
"""Golden records returned where nobody asks for more or less."""
LEAST = 0.01
"""Probability below which a golden record is not worth showing."""
EXAMINED = 200
"""Records scored at most; those that share most keys with the customer come first."""
COPIES = 50
"""Records that say exactly the same count once in a block; so many more than its limit are looked at."""


class SearchNotReadyError(CdmError):
    """The hub has no blocking keys of its records now."""

    code, status, exit_code, retryable = "search_not_ready", 503, 5, True


@dataclass(frozen=True, slots=True)
class Hit:
    """One golden record the customer may be.

    Attributes:
        golden_id: its id.
        probability: that the customer is the same as its source record ``record``, the likeliest of all it has.
        fields: its golden values.
        record: that source record.
        explanation: how the probability came about; ``left`` is the customer, ``right`` the record. Not masked.
    """

    golden_id: str
    probability: float
    fields: Mapping[str, Any]
    record: RecordRef
    explanation: Explanation


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
    """Find golden records once; who asks again and again keeps a :class:`Finder`."""
    return Finder(hub)(given, entity, limit=limit)


class Finder:
    """Finds the golden records a customer may be, and keeps the models at hand from one question to the next.

    Args:
        hub: the open hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._models: dict[str, Model] = {}

    def __call__(self, given: Mapping[str, str], entity: str = "", *, limit: int = HITS) -> Similar:
        """Return the golden records a half-filled customer may be.

        Args:
            given: field → value, as :func:`cdm.pipeline.search.asked.asked` takes them.
            entity: its entity type; judged where empty.
            limit: golden records at most.

        Raises:
            SearchError: nothing is given, or a field is not known.
            SearchNotReadyError: the hub was never matched, or is being matched anew.
        """
        one = asked(self._hub, given, entity)
        model = self._model(one.entity.name)
        candidates = _candidates(self._hub, one, model)
        batch = self._hub.store.records.some(one.entity, candidates.records)
        result = _scored(self._hub, one, batch, model)
        hits = _hits(self._hub, batch, result, limit)
        compared = batch.index.num_rows
        return Similar(
            one, hits, candidates.keys, candidates.oversize, compared, candidates.left_out, result.model.version
        )

    def _model(self, entity: str) -> Model:
        """Return the model the records were matched with, read once per version."""
        version = self._hub.store.keys.model_in_force(entity)
        kept = self._models.get(entity)
        if kept is None or kept.version != version:
            kept = model_in_force(self._hub, entity)
            if kept is None:
                raise SearchNotReadyError(
                    f"The records of the type {entity} have not been matched, or are being matched anew.",
                    remedy="Run 'cdm run', or ask again when the present run has ended.",
                )
            self._models[entity] = kept
        return kept


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Records worth scoring."""

    records: Sequence[int]
    keys: int
    oversize: int
    left_out: int


def _candidates(hub: Hub, one: Asked, model: Model) -> _Candidates:
    """Look up the records that share keys with the customer, those that share most of them first."""
    from matching import blocking_keys

    if not one.table.num_columns:
        return _Candidates((), 0, 0, 0)
    if model.plan.exhaustive:  # a small table, in which every pair is examined
        return _Candidates(hub.store.crosswalk.current(one.entity.name)["record_id"].to_pylist(), 0, 0, 0)
    found = blocking_keys(one.table, model, proven_identifiers(one.entity, one.table, one.findings))
    keyed = keyed_records(one.entity.name, np.zeros(1, dtype=np.int64), found, model)
    keys = keyed.keys["key"].to_numpy()
    blocks = hub.store.keys.blocks(keys, int(keyed.largest.max(initial=1)) + COPIES)
    block, records = np.searchsorted(keys, blocks["key"].to_numpy()), blocks["record_id"].to_numpy()
    distinct = np.unique(np.stack([block, blocks["content"].to_numpy()]), axis=1)[0]
    over = np.bincount(distinct, minlength=len(keys)) > keyed.largest
    known, shared = np.unique(records[~over[block]], return_counts=True)
    order = np.lexsort((known, -shared))[:EXAMINED]
    left_out = max(0, len(known) - EXAMINED)
    return _Candidates(np.sort(known[order]).tolist(), len(keys), int(over.sum()), left_out)


def _scored(hub: Hub, one: Asked, batch: RecordBatch, model: Model) -> MatchResult:
    """Score the customer, which is the last row, with every record."""
    count = batch.index.num_rows
    table = pa.concat_tables([batch.fields, one.table], promote_options="default")
    own = one.findings.set_column(0, "row", pa.array([count] * one.findings.num_rows, pa.int32()))
    findings = pa.concat_tables([findings_of(batch), own], promote_options="permissive")
    pairs = np.stack([np.arange(count), np.full(count, count)], axis=1)
    return resolve_part(
        one.entity, table, findings, decided=UNDECIDED, model=model, candidates=pairs, settings=hub.settings
    )


def _hits(hub: Hub, batch: RecordBatch, result: MatchResult, limit: int) -> list[Hit]:
    """Return the best record of each golden record, best first."""
    count = batch.index.num_rows
    likely = result.probabilities(np.arange(count), np.full(count, count))
    homes = hub.store.crosswalk.homes(batch.index["record_id"].to_pylist())
    best: dict[str, int] = {}
    for row in np.argsort(-likely, kind="stable").tolist():
        home = homes.get(batch.index["record_id"][row].as_py())
        if likely[row] < LEAST or len(best) == limit:
            break
        if home is not None:
            best.setdefault(home, row)
    values = hub.store.golden.typed_values(list(best))
    index = batch.index.take(pa.array(best.values(), pa.int64())).to_pylist()
    refs = [RecordRef(one["source"], one["key"]) for one in index]
    said = result.explain_many([count] * len(best), list(best.values()))
    return [
        Hit(home, float(likely[row]), values[home][1], ref, why)
        for (home, row), ref, why in zip(best.items(), refs, said, strict=True)
    ]
