"""Models as files: taken out of one hub, brought into another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cdm.errors import Conflict
from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.modelling.population import Population, model_of_entry
from cdm.report.exports import ExportError
from cdm.store import MatchModelEntry, NewMatchModel

if TYPE_CHECKING:
    from matching import Model


def export_model(hub: Hub, entry: MatchModelEntry, path: Path) -> None:
    """Write a version as a model file.

    Raises:
        ExportError: the file cannot be written.
    """
    try:
        model_of_entry(hub, entry).save(path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.", remedy="Write to another place.") from error


def import_model(hub: Hub, path: Path, entity: str, by: str) -> MatchModelEntry:
    """Keep the model of a file as a candidate.

    Args:
        hub: the open hub.
        path: as :func:`export_model` or ``Model.save`` writes it.
        entity: the entity type it is for.
        by: who brings it in.

    Raises:
        MatchModelError: the file is no model of this release.
        Conflict: it compares nothing that records of the entity type have.
        ModelError, NotFound: there is no such entity type, or it is no party.
    """
    from matching import Model
    from schemas.progress import silent

    model = Model.load(path)
    one = Population.of(hub, parties(hub, entity)[0])
    _must_fit(model, one)
    active = hub.store.match_models.active(entity)
    learned = {"records": model.records, "rows": model.rows, "why": "imported", "file": path.name}
    new = NewMatchModel(entity, "", b"", by, active.version if active else None, learned)
    return one.keep(new, model, one.match(model, silent) if one.batch.index.num_rows else None)


def _must_fit(model: Model, one: Population) -> None:
    """Refuse a model of another kind of records."""
    read = {name for column in model.fields for name in (column.name, *column.parts)}
    here = set(one.entity.fields) | set(one.batch.fields.column_names)
    if not read & here:
        raise Conflict(
            f"The model compares {', '.join(sorted(read)[:5])}; records of '{one.entity.name}' have none of it.",
            remedy="Name the entity type it was learned from with --entity.",
        )
