"""What is evaluated: records, the clusters they are in, and the engine's word on pairs of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from cdm.pipeline.active_model import active_model, choose_model
from cdm.pipeline.decided import decided_pairs
from cdm.pipeline.dedupe import DedupeRequest, Matched, cluster_positions, match_tables
from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.models import model_of
from cdm.pipeline.pairs import field_label, pair_figures, shown
from cdm.pipeline.records import Records
from cdm.pipeline.resolve import compared, resolve, resolve_part
from cdm.pipeline.scores import findings_of
from cdm.report.figures import PairFigures, RecordRef
from cdm.settings import Settings, load_settings
from cdm.store import RecordBatch
from matching import Model as MatchModel
from matching.arrays import FloatArray, IntArray
from schemas.model import EntityType, Label, Model
from schemas.progress import Progress


@dataclass(frozen=True)
class Subject:
    """Records in the order of their rows.

    Attributes:
        title: what they are, for the report's heading.
        names: source and key of every row.
        clusters: per row the first row of its cluster.
        parts: what the engine said, per entity type; rows of no part were not matched.
        model, settings: of the installation.
        truth: per row the true customer where a column names it, else blank.
    """

    title: str
    names: Sequence[RecordRef]
    clusters: IntArray
    parts: Sequence[Matched]
    model: Model
    settings: Settings
    truth: Sequence[str] = ()

    @property
    def merge_at(self) -> float:
        """The probability from which records merged, the lowest where there are several tables."""
        return min((part.result.report.merge_threshold for part in self.parts), default=0.0)

    def clusters_for(self, precision: float) -> IntArray:
        """Return the clusters if ``precision`` of the merges were asked to be right, each part at its threshold."""
        first = np.arange(len(self.names))
        for part in self.parts:
            rows = part.records.rows
            first[rows] = rows[part.result.clusters_at(part.result.threshold_for(precision))]
        return first

    def links(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the rows and the probability of every scored pair above the review threshold."""
        return self._pairs("links")

    def questions(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the rows and the probability of every pair that waits for review."""
        return self._pairs("review")

    def _pairs(self, name: str) -> tuple[IntArray, IntArray, FloatArray]:
        tables = [(part.records.rows, getattr(part.result, name)) for part in self.parts]
        left, right = (
            np.concatenate([np.empty(0, np.int64), *(rows[table[side].to_numpy()] for rows, table in tables)])
            for side in ("left", "right")
        )
        said = np.concatenate([np.empty(0), *(table["probability"].to_numpy() for _, table in tables)])
        return left, right, said

    def probability(self, left: IntArray, right: IntArray) -> FloatArray:
        """Return the probability of any pairs of rows; 0 for rows of different entity types."""
        found = np.zeros(len(left))
        for part, place in zip(self.parts, self._places, strict=True):
            inside = (place[left] >= 0) & (place[right] >= 0)
            found[inside] = part.result.probabilities(place[left[inside]], place[right[inside]])
        return found

    def explain(self, pairs: Sequence[tuple[int, int]]) -> Iterator[PairFigures]:
        """Yield the explanation of pairs of rows; one without fields for rows that are never compared."""
        for left, right in pairs:
            ends = self.names[left], self.names[right]
            try:
                part, (a, b) = self.places([left, right])
            except LookupError:
                yield PairFigures(*ends, probability=0.0, prior=0.0, fields=[])
            else:
                entity = self.model[part.records.entity]
                yield pair_figures(entity, part.result.explain(a, b).to_dict(), *ends)

    def places(self, rows: Sequence[int]) -> tuple[Matched, list[int]]:
        """Return the part that holds all of some rows, and their places in it.

        Raises:
            LookupError: they are in different parts, or in none.
        """
        for part, place in zip(self.parts, self._places, strict=True):
            if all(place[row] >= 0 for row in rows):
                return part, [int(place[row]) for row in rows]
        raise LookupError("the rows are of different entity types")

    def was_compared(self, pairs: Sequence[tuple[int, int]]) -> list[bool]:
        """Tell which pairs of rows the engine looked at."""
        found = [False] * len(pairs)
        for part, place in zip(self.parts, self._places, strict=True):
            seen = part.result.compared()
            for at, (left, right) in enumerate(pairs):
                if place[left] >= 0 and place[right] >= 0:
                    found[at] = seen.holds(int(place[left]), int(place[right]))
        return found

    def values(self, row: int) -> dict[str, str]:
        """Return what a record says, by field; empty fields are left out."""
        for part, place in zip(self.parts, self._places, strict=True):
            if place[row] >= 0:
                said = part.records.table.slice(int(place[row]), 1).to_pylist()[0]
                entity = self.model[part.records.entity]
                return {name: shown(entity, name, value).value for name, value in said.items() if value}
        return {}

    def field_label(self, name: str) -> Label:
        """Return what a field is called."""
        entities = [self.model[part.records.entity] for part in self.parts]
        return field_label(next((one for one in entities if name in one.fields), entities[0]), name)

    @cached_property
    def _places(self) -> Sequence[IntArray]:
        """For every part, the place of every row in it, or -1."""
        places = []
        for part in self.parts:
            place = np.full(len(self.names), -1, dtype=np.int64)
            place[part.records.rows] = np.arange(len(part.records.rows))
            places.append(place)
        return places


def of_files(request: DedupeRequest, progress: Progress) -> Subject:
    """Match files as ``cdm dedupe`` does; nothing is written."""
    settings = load_settings()
    tables, parts = match_tables(request, progress)
    names = [RecordRef(s, r) for table in tables for s, r in zip(table.sources, table.record_ids, strict=True)]
    return Subject(
        title=", ".join(path.name for path in request.files),
        names=names,
        clusters=cluster_positions(parts, len(names)),
        parts=parts,
        model=model_of(settings),
        settings=settings,
        truth=[one for table in tables for one in table.truth],
    )


def of_hub(hub: Hub, progress: Progress) -> Subject:
    """Take the golden records of a hub as they are, and match its records once more to know every pair's score."""
    names: list[RecordRef] = []
    golden: list[str] = []
    parts = []
    for entity in parties(hub):
        batch = hub.store.records.read(entity)
        if not batch.index.num_rows:
            continue
        parts.append(_matched(hub, entity, batch, progress, first=len(names)))
        keys = batch.index.column("key").to_pylist()
        names += [RecordRef(s, k) for s, k in zip(parts[-1].records.sources, keys, strict=True)]
        golden += _golden(hub, entity.name, batch.index.column("record_id"))
    return Subject("hub", names, _labels(golden), parts, hub.model, hub.settings)


def _matched(hub: Hub, entity: EntityType, batch: RecordBatch, progress: Progress, first: int = 0) -> Matched:
    """Match records of a hub as a run would, decisions included; ``first`` is the row of the first one."""
    findings, sources = findings_of(batch), batch.index.column("source").combine_chunks()
    decided = decided_pairs(hub.store.decisions.binding(entity.name), batch.index.column("record_id").to_numpy())
    model = choose_model(hub, entity.name, compared(entity, batch.fields), batch.index.num_rows).model
    result = resolve(
        entity,
        batch.fields,
        findings,
        source=sources,
        settings=hub.settings,
        progress=progress,
        decided=decided,
        model=model,
    )
    rows = np.arange(first, first + batch.index.num_rows)
    return Matched(Records(entity.name, rows, batch.fields, findings, sources.to_pylist()), result)


def _scored(hub: Hub, entity: EntityType, batch: RecordBatch, model: MatchModel) -> Matched:
    """Score a few records of a hub under its matching model, decisions included."""
    findings, ids = findings_of(batch), batch.index.column("record_id").to_numpy()
    decisions = hub.store.decisions.binding(entity.name, ids.tolist())
    result = resolve_part(
        entity,
        batch.fields,
        findings,
        decided=decided_pairs(decisions, ids),
        model=model,
        candidates=np.empty((0, 2), dtype=np.int64),
        settings=hub.settings,
    )
    sources = batch.index.column("source").to_pylist()
    return Matched(Records(entity.name, np.arange(len(ids)), batch.fields, findings, sources), result)


def _labels(golden: Sequence[str]) -> IntArray:
    """Return one label per row: the first row with the same golden id; rows without one stand alone."""
    first: dict[str, int] = {}
    alone = [name or f"\0{place}" for place, name in enumerate(golden)]
    return np.array([first.setdefault(name, place) for place, name in enumerate(alone)], dtype=np.int64)


def _golden(hub: Hub, entity: str, record_ids: pa.ChunkedArray) -> list[str]:
    """Return the golden id of every record, blank where it has none yet."""
    current = hub.store.crosswalk.current(entity)
    known = dict(zip(current["record_id"].to_pylist(), current["golden_id"].to_pylist(), strict=True))
    return [known.get(one, "") for one in record_ids.to_pylist()]


def of_hub_records(
    hub: Hub, entity_name: str, record_ids: Sequence[int], progress: Progress
) -> tuple[Subject, dict[int, int]]:
    """Take some records of a hub, scored as the hub would score them now.

    Args:
        hub: the open hub.
        entity_name: their entity type.
        record_ids: the records.
        progress: told about stages.

    Returns:
        A subject, and the row of every record in it.
    """
    entity = hub.model[entity_name]
    model = active_model(hub, entity_name)
    if model is None:  # never run: all records are needed to learn what a pair weighs
        batch = hub.store.records.read(entity)
        part = _matched(hub, entity, batch, progress)
    else:
        batch = hub.store.records.some(entity, record_ids)
        part = _scored(hub, entity, batch, model)
    ids = batch.index.column("record_id").to_pylist()
    names = [RecordRef(s, k) for s, k in zip(part.records.sources, batch.index.column("key").to_pylist(), strict=True)]
    golden = _golden(hub, entity.name, batch.index.column("record_id"))
    subject = Subject("hub", names, _labels(golden), [part], hub.model, hub.settings)
    wanted = set(record_ids)
    return subject, {record: row for row, record in enumerate(ids) if record in wanted}
