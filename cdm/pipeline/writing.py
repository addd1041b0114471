"""Writes what a job worked out, portion by portion, beside stewards who go on working."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from cdm.pipeline.hub import Hub
from cdm.pipeline.portions import portions
from cdm.pipeline.reconsider import settle_all
from cdm.store import Consolidation, GoldenCounts
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import Model


def write_state(
    hub: Hub, state: Consolidation, current: pa.Table, *, model: Model, run_id: int, progress: Progress
) -> GoldenCounts:
    """Write the golden state of an entity type.

    A portion on which a steward was at work since the job began is left as it is; its records are then worked out once
    more, with what the steward decided.

    Args:
        hub: the open hub.
        state: the state of all records.
        current: the crosswalk it was worked out from.
        model: the active matching model.
        run_id: the job's run.
        progress: told about records written.

    Returns:
        What changed.
    """
    counts, done, total = GoldenCounts(), 0, state.members.num_rows
    overtaken: list[int] = []
    for part in portions(state, current):
        written = hub.store.write_portion(part, run_id, hub.now())
        if written is None:
            # The links the job found are news all the same: without them the records would be taken apart again.
            if part.links is not None:
                hub.store.links.replace(state.entity, part.scope or (), part.links)
            overtaken += part.scope or ()
        else:
            counts += written
        done += part.members.num_rows
        progress(f"merge {state.entity}", done, total)
    return counts + settle_all(hub, state.entity, overtaken, model)
