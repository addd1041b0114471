"""Learn a new version from the records as they are, without changing anything."""

from __future__ import annotations

from cdm.pipeline.hub import Hub
from cdm.pipeline.modelling.population import populations
from cdm.store import MatchModelEntry, NewMatchModel
from schemas.progress import Progress


def train(hub: Hub, entity: str, by: str, progress: Progress) -> list[MatchModelEntry]:
    """Learn a matching model anew from all live records; it is kept as a candidate.

    Args:
        hub: the open hub.
        entity: entity type; empty for all that have records.
        by: who asked for it.
        progress: told about stages.

    Raises:
        NotFound: there are no records.
    """
    made = []
    for one in populations(hub, entity):
        result = one.match(None, progress)
        active = hub.store.match_models.active(one.entity.name)
        learned = {"records": result.model.records, "rows": result.model.rows, "why": "asked"}
        parent = active.version if active else None
        new = NewMatchModel(one.entity.name, "", b"", by, parent, learned)
        made.append(one.keep(new, result.model, result))
    return made
