"""All live records of one entity type, as matching takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cdm.errors import NotFound
from cdm.pipeline.active_model import figures_of, read_model, write_model
from cdm.pipeline.decided import decided_pairs
from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.resolve import resolve
from cdm.pipeline.scores import findings_of
from cdm.report.figures import RecordRef
from cdm.store import MatchModelEntry, NewMatchModel, RecordBatch
from cdm.store.decisions import Decision
from schemas.model import EntityType
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import MatchResult, Model


@dataclass(frozen=True)
class Population:
    """Records of one entity type with what was found in them and decided about them."""

    hub: Hub
    entity: EntityType
    batch: RecordBatch
    findings: pa.Table
    decisions: Sequence[Decision]

    @staticmethod
    def of(hub: Hub, entity: EntityType) -> Population:
        """Read the records of an entity type."""
        batch = hub.store.records.read(entity)
        return Population(hub, entity, batch, findings_of(batch), hub.store.decisions.binding(entity.name))

    @property
    def record_ids(self) -> np.ndarray:
        """Id of every row's record, ascending."""
        return np.asarray(self.batch.index.column("record_id").to_numpy())

    @cached_property
    def names(self) -> list[RecordRef]:
        """Source and key of every row."""
        index = self.batch.index
        pairs = zip(index.column("source").to_pylist(), index.column("key").to_pylist(), strict=True)
        return [RecordRef(source, key) for source, key in pairs]

    def match(self, model: Model | None, progress: Progress) -> MatchResult:
        """Cluster the records by a model, or learn one from them."""
        return resolve(
            self.entity,
            self.batch.fields,
            self.findings,
            source=self.batch.index.column("source").combine_chunks(),
            settings=self.hub.settings,
            progress=progress,
            decided=decided_pairs(self.decisions, self.record_ids),
            model=model,
        )

    def keep(self, new: NewMatchModel, model: Model, result: MatchResult | None) -> MatchModelEntry:
        """Keep a model as a candidate with what it makes of the records, where there are any."""
        figures = figures_of(result.report) if result is not None else {}
        whole = replace(new, version=model.version, document=write_model(model), figures=figures)
        return self.hub.store.match_models.add(whole, self.hub.now())


def populations(hub: Hub, entity: str = "") -> list[Population]:
    """Return the entity types that have records, or the one that is named.

    Raises:
        NotFound: there are no records; the entity type is no party.
    """
    found = [Population.of(hub, one) for one in parties(hub, entity)]
    filled = [one for one in found if one.batch.index.num_rows]
    if not filled:
        raise NotFound("There are no records to match.", remedy="Read the sources first: cdm run.")
    return filled


def model_of_entry(hub: Hub, entry: MatchModelEntry) -> Model:
    """Return the model of a version; raises ``MatchModelError`` where another release wrote it."""
    return read_model(hub.store.match_models.document(entry))
