"""The matching model a hub works with: learned by its first run, kept until the data have outgrown it.

Golden ids follow the clusters, and clusters follow the model: a hub that learned anew every night would re-number its
customers every night. So the model stays what it is until there is a reason, and every change of it is on record.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from cdm.pipeline.hub import Hub
from cdm.store.match_models import NewMatchModel

if TYPE_CHECKING:
    from matching import MatchColumn, Model

OUTGROWN = 2
"""A hub that has grown to this many times the rows its model was learned from learns anew."""
RUN = "run"


def active_model(hub: Hub, entity: str) -> Model | None:
    """Return the active model of an entity type, ``None`` where there is none yet."""
    entry = hub.store.match_models.active(entity)
    return None if entry is None else read_model(hub.store.match_models.document(entry))


def fitting_model(hub: Hub, entity: str, columns: Sequence[MatchColumn], rows: int) -> Model | None:
    """Return the active model, ``None`` where it is to be learned anew.

    Args:
        hub: the open hub.
        entity: the entity type.
        columns: what would be compared now.
        rows: records there are now.
    """
    model = active_model(hub, entity)
    if model is None or rows >= OUTGROWN * model.rows:
        return None
    return model if {c.name for c in columns} == {c.name for c in model.fields} else None


def keep_model(hub: Hub, entity: str, model: Model) -> str:
    """Make a model the active one, as a version of its own where it is not the active one already.

    Returns:
        Its version.
    """
    models = hub.store.match_models
    before = models.active(entity)
    if model.rows and (before is None or before.version != model.version):
        learned = {"records": model.records, "rows": model.rows}
        parent = None if before is None else before.version
        new = NewMatchModel(entity, model.version, write_model(model), RUN, parent, learned)
        models.promote(models.add(new, hub.now()), RUN, hub.now())
    return model.version


def write_model(model: Model) -> bytes:
    """Return a model as the store keeps it: compressed JSON."""
    return zlib.compress(orjson.dumps(model.to_dict(), option=orjson.OPT_SERIALIZE_NUMPY), 6)


def read_model(document: bytes) -> Model:
    """Return the model of a stored document."""
    from matching import Model

    return Model.from_dict(orjson.loads(zlib.decompress(document)))
