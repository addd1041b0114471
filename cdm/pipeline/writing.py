"""Works out the golden records of a job and writes them, portion by portion, beside stewards who go on working."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cdm.pipeline.hub import Hub
from cdm.pipeline.page_workers import worker_count
from cdm.pipeline.portions import PORTION, portions
from cdm.pipeline.reconsider import settle_all
from cdm.pipeline.scores import means
from cdm.pipeline.settle import Settling
from cdm.pipeline.workers import Workers
from cdm.store import Consolidation, GoldenCounts, RecordBatch
from cdm.survivorship import Stated
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import Model

FIRST_PORTION = 50_000
"""Records per portion where there is no golden record yet: no steward can be held up, and the index by which golden
records are found, which every portion touches everywhere, is walked through less often."""
WORTHWHILE = 100_000
"""Records from which on a process that works portions out ahead pays for its start."""


@dataclass(frozen=True, eq=False, slots=True)
class Unsettled:
    """Records whose golden ids are known and whose golden records are not, and how those are made."""

    settling: Settling
    batch: RecordBatch
    findings: pa.Table
    """Their findings, in the order of the rows."""
    golden_ids: pa.Array
    stated: Stated

    def of(self, part: Consolidation) -> tuple[RecordBatch, pa.Table, pa.Array, Stated]:
        """Return what the golden records of a portion are made of."""
        rows = np.searchsorted(self.batch.index.column("record_id").to_numpy(), part.members["record_id"].to_numpy())
        taken = pa.array(rows)
        batch = RecordBatch(self.batch.index.take(taken), self.batch.fields.take(taken))
        mine = part.golden["golden_id"].to_pylist() if self.stated else []
        stated = {one: self.stated[one] for one in mine if one in self.stated}
        return batch, self._findings(rows), self.golden_ids.take(taken), stated

    def _findings(self, rows: np.ndarray) -> pa.Table:
        """Return the findings of some rows, numbered as these."""
        of = self.findings.column("row").to_numpy()
        first, last = np.searchsorted(of, rows, "left"), np.searchsorted(of, rows, "right")
        new = np.repeat(np.arange(len(rows)), last - first)
        within = np.arange(len(new)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
        found = self.findings.take(pa.array(first[new] + within))
        at = found.column_names.index("row")
        return found.set_column(at, found.schema.field(at), pa.array(new, found.schema.field(at).type))


@dataclass(frozen=True, eq=False, slots=True)
class Written:
    """What was written of an entity type."""

    counts: GoldenCounts
    fields: pa.Table
    """Values of all its golden records."""
    scores: Mapping[str, float]
    """Mean of each dimension and of the total over them."""


def write_state(
    hub: Hub, unsettled: Unsettled, state: Consolidation, current: pa.Table, *, model: Model, run_id: int,
    progress: Progress,
) -> Written:  # fmt: skip
    """Work out and write the golden state of an entity type; in a large one, a process works portions out ahead.

    A portion on which a steward was at work since the job began is left as it is; its records are then worked out once
    more, with what the steward decided.

    Args:
        hub: the open hub.
        unsettled: what the golden records are made of.
        state: the state of all records; its golden records have only their ids.
        current: the crosswalk it replaces.
        model: the active matching model.
        run_id: the job's run.
        progress: told about records written.
    """
    counts, done, total = GoldenCounts(), 0, state.members.num_rows
    overtaken: list[int] = []
    fields, scores = [unsettled.batch.fields.slice(0, 0)], []
    parts = portions(state, current, PORTION if current.num_rows else FIRST_PORTION)
    helpers = min(1, worker_count(hub.settings.workers)) if total >= WORTHWHILE else 0
    with Workers(unsettled.settling, unsettled.of, helpers) as workers:
        for part, settled in workers.each(parts):
            written = hub.store.write_portion(replace(part, golden=settled.golden), run_id, hub.now())
            if written is None:
                # The links the job found are news all the same: without them the records would be taken apart again.
                if part.links is not None:
                    hub.store.links.replace(state.entity, part.scope or (), part.links)
                overtaken += part.scope or ()
            else:
                counts += written
            fields.append(settled.fields)
            scores.append(settled.scores)
            done += part.members.num_rows
            progress(f"merge {state.entity}", done, total)
    counts += settle_all(hub, state.entity, overtaken, model)
    return Written(counts, pa.concat_tables(fields, promote_options="default"), means(scores))
