"""The matching model a hub works with: learned by its first run, kept until the data have outgrown it.

Golden ids follow the clusters, and clusters follow the model: a hub that learned anew every night would re-number its
customers every night. So the model stays what it is until there is a reason, and every change of it is on record.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import orjson

from cdm.pipeline.hub import Hub
from cdm.store.match_models import MatchModelEntry, NewMatchModel
from schemas.model import Label

if TYPE_CHECKING:
    from cdm.store import Store
    from matching import MatchColumn, MatchReport, Model

OUTGROWN = 2
"""A hub that has grown to this many times the rows its model was learned from learns anew."""
RUN = "run"
"""Who made and promoted a model that nobody asked for."""


class Why(StrEnum):
    """Why a run learns a model instead of applying the active one."""

    FIRST = "first"
    COLUMNS = "columns"
    OUTGROWN = "outgrown"
    ASKED = "asked"
    UNREADABLE = "unreadable"


WORDS = {
    Why.FIRST: Label("首次学习", "the first one"),
    Why.COLUMNS: Label("参与比较的字段变了", "other fields are compared"),
    Why.OUTGROWN: Label("数据量已翻倍", "the records have doubled"),
    Why.ASKED: Label("按要求重新学习", "as asked"),
    Why.UNREADABLE: Label("旧模型无法读取", "the old one cannot be read"),
}


@dataclass(frozen=True, eq=False)
class Choice:
    """The model a run begins with, and ends with, whatever is promoted while it runs.

    Attributes:
        active: version that was active when the run began.
        model: the active model, ``None`` where one is to be learned; ``why`` says why.
    """

    active: str | None
    model: Model | None
    why: Why | None


def active_model(hub: Hub, entity: str) -> Model | None:
    """Return the active model of an entity type, ``None`` where there is none yet; raises ``MatchModelError``."""
    entry = hub.store.match_models.active(entity)
    return None if entry is None else _kept(hub, entry)


def _kept(hub: Hub, entry: MatchModelEntry) -> Model:
    """Return the model of a version, read once: a steward's step must not unpack it each time."""
    known = _READ.setdefault(hub.store, {})
    if entry.id not in known:
        known[entry.id] = read_model(hub.store.match_models.document(entry))
    return known[entry.id]


_READ: WeakKeyDictionary[Store, dict[int, Model]] = WeakKeyDictionary()
"""Models by open store and number of the version; a version never changes."""


def model_in_force(hub: Hub, entity: str) -> Model | None:
    """Return the active model where all records were matched with it; ``None`` where all are to be matched anew."""
    entry = hub.store.match_models.active(entity)
    if entry is None or entry.version != hub.store.keys.model_in_force(entity):
        return None
    return _kept(hub, entry)


def choose_model(hub: Hub, entity: str, columns: Sequence[MatchColumn], rows: int, *, relearn: bool = False) -> Choice:
    """Return the model to work with.

    Args:
        hub: the open hub.
        entity: the entity type.
        columns: what would be compared now.
        rows: records there are now.
        relearn: learn anew in any case.
    """
    from matching import MatchModelError

    entry = hub.store.match_models.active(entity)
    if entry is None:
        return Choice(None, None, Why.FIRST)
    if relearn:
        return Choice(entry.version, None, Why.ASKED)
    try:
        model = _kept(hub, entry)
    except MatchModelError:  # written by a release that kept other things in a model
        return Choice(entry.version, None, Why.UNREADABLE)
    if {c.name for c in columns} != {c.name for c in model.fields}:
        return Choice(entry.version, None, Why.COLUMNS)
    if rows >= OUTGROWN * model.rows:
        return Choice(entry.version, None, Why.OUTGROWN)
    return Choice(entry.version, model, None)


def keep_model(hub: Hub, entity: str, model: Model, report: MatchReport, choice: Choice) -> str:
    """Keep the model a run ended with, and make it the active one unless another was promoted meanwhile.

    A run that applies a model may still add to it: identifier values found to be shared by many.

    Returns:
        Its version.
    """
    models = hub.store.match_models
    if model.rows and model.version != choice.active:
        learned = {"records": model.records, "rows": model.rows, "why": choice.why or "placeholders"}
        document, figures = write_model(model), figures_of(report)
        new = NewMatchModel(entity, model.version, document, RUN, choice.active, learned, figures)
        models.succeed(models.add(new, hub.now()), choice.active, RUN, hub.now())
    return model.version


def figures_of(report: MatchReport) -> dict[str, int]:
    """Return what a version is remembered by: what it made of the records it was first applied to."""
    names = ("rows", "clusters", "merged_rows", "review")
    return {name: int(getattr(report, name)) for name in names}


def write_model(model: Model) -> bytes:
    """Return a model as the store keeps it: compressed JSON."""
    return zlib.compress(orjson.dumps(model.to_dict(), option=orjson.OPT_SERIALIZE_NUMPY), 6)


def read_model(document: bytes) -> Model:
    """Return the model of a stored document.

    Raises:
        MatchModelError: another release wrote it.
    """
    from matching import MatchModelError, Model

    try:
        return Model.from_dict(orjson.loads(zlib.decompress(document)))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise MatchModelError(
            f"This release cannot read the stored matching model: {error}.",
            remedy="Learn one anew: cdm run --relearn.",
        ) from error
