"""One case with everything that decides it: golden records, their source records, why matching asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdm.errors import NotFound
from cdm.pipeline.hub import Hub
from cdm.pipeline.lineage import columns_of
from cdm.report.figures import RecordRef
from cdm.stewardship.review.conflict import newest_decision
from cdm.store import GoldenRecord, SourceRecord
from cdm.store.review_cases import Edge
from cdm.store.review_queue import QueuedCase
from schemas.mapping import Mapping as ColumnMappings
from schemas.model import EntityType

SHOWN = 8
"""Golden records that are put side by side; of more, those with the strongest pairs."""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A source record of a case."""

    record: SourceRecord
    columns: Mapping[str, Mapping[str, str]]
    """Field → the source's columns it was read from, and what stood in them."""


@dataclass(frozen=True, slots=True)
class CaseGolden:
    """A golden record of a case with its source records."""

    golden: GoldenRecord
    records: Sequence[CaseRecord]


@dataclass(frozen=True, slots=True)
class CasePair:
    """A candidate pair that holds a case together."""

    one: str
    """Golden id of the left record."""
    other: str
    left: RecordRef
    right: RecordRef
    record_ids: tuple[int, int]
    probability: float
    explanation: Mapping[str, Any]
    """As ``matching.Explanation`` gives it; empty where an older release found the pair."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    queued: QueuedCase
    golden: Sequence[CaseGolden]
    """At most :data:`SHOWN`, the one with most source records first."""
    pairs: Sequence[CasePair]
    """Between golden records that are shown, the strongest first."""
    seen: int = 0
    """Number of the newest decision about its records, by which a later one is noticed."""

    @property
    def left_out(self) -> int:
        """How many golden records of the case are not shown."""
        return len(self.queued.golden) - len(self.golden)

    @property
    def versions(self) -> Mapping[str, int]:
        """Golden id → version, as they were read."""
        return {one.golden.id: one.golden.version for one in self.golden}


def case_of(hub: Hub, case_id: int) -> Case:
    """Return the case a source record is in.

    Args:
        hub: the open hub.
        case_id: the case's own id, or that of any source record in it.

    Raises:
        NotFound: nothing is left to ask about that record.
    """
    queued = hub.store.review.find(case_id, hub.now())
    if queued is None:
        raise NotFound(
            f"Nothing is left to review in case {case_id}.",
            remedy="Go on with the next one in the queue.",
            case=case_id,
        )
    edges = hub.store.review.edges(queued.golden)
    shown = strongest(queued.golden, edges)
    found = [case_golden(hub, one) for one in shown]
    found.sort(key=lambda one: (-len(one.records), one.golden.id))
    pairs = [_pair(hub, edge) for edge in edges if {edge.one, edge.other} <= set(shown)]
    records = [one.record.id for golden in found for one in golden.records]
    return Case(queued, found, pairs, newest_decision(hub, records))


def strongest(golden_ids: Sequence[str], edges: Sequence[Edge]) -> list[str]:
    """Return the golden records that are shown: all, or those of the strongest pairs (``edges`` in falling order)."""
    if len(golden_ids) <= SHOWN:
        return list(golden_ids)
    chosen: dict[str, None] = {}
    for edge in edges:
        more = dict.fromkeys(one for one in (edge.one, edge.other) if one not in chosen)
        if len(chosen) + len(more) <= SHOWN:
            chosen |= more
    return list(chosen)


def case_golden(hub: Hub, golden_id: str) -> CaseGolden:
    """Return a golden record with its source records and the columns their fields were read from."""
    golden = hub.store.golden.get(golden_id)
    entity = hub.model[golden.entity]
    mappings = {spec.name: spec.mapping for spec in hub.sources()}
    records = hub.store.records.of_golden(golden_id)
    return CaseGolden(golden, [CaseRecord(one, _columns(entity, mappings.get(one.source), one)) for one in records])


def _columns(entity: EntityType, mapping: ColumnMappings | None, record: SourceRecord) -> dict[str, Mapping[str, str]]:
    if mapping is None:
        return {}
    found = {field: columns_of(entity, field, mapping, record) for field in {*entity.fields, *record.fields}}
    return {field: columns for field, (derived, columns) in found.items() if columns and not derived}


def _pair(hub: Hub, edge: Edge) -> CasePair:
    found = hub.store.candidates.between(edge.left_id, edge.right_id)
    if found is None:  # taken away since the case was read: the pair is shown without its reasons
        names = hub.store.records.names([edge.left_id, edge.right_id])
        left, right = (RecordRef(*names[one].split(":", 1)) for one in (edge.left_id, edge.right_id))
        return CasePair(edge.one, edge.other, left, right, (edge.left_id, edge.right_id), edge.probability, {})
    left, right = (RecordRef(one.source, one.key) for one in (found.left, found.right))
    said = {"model": found.model or "", **(found.explanation or {})} if found.explanation else {}
    return CasePair(edge.one, edge.other, left, right, (edge.left_id, edge.right_id), edge.probability, said)
