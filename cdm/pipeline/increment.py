"""An incremental run: what a few changed records cost depends on them, not on the size of the hub.

The changed records get new blocking keys; the stored keys tell which records may be the same customers; these pairs are
scored with the model in force, which needs no other record for it; and the components they touch are worked out anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cdm.pipeline.blocks import Blocks, Limits
from cdm.pipeline.decided import UNDECIDED
from cdm.pipeline.gates import Movement
from cdm.pipeline.hub import Hub
from cdm.pipeline.reconsider import identify, settle_all
from cdm.pipeline.resolve import compared, proven_identifiers, resolve_part
from cdm.pipeline.scores import findings_of
from cdm.pipeline.settle import links_of
from cdm.pipeline.stored_keys import KeyedRecords, keyed_records
from cdm.store import GoldenCounts, RecordBatch
from cdm.store.component import LINKS, replaced
from cdm.store.keys import KEYS
from cdm.store.pending import Waiting
from schemas.model import EntityType
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching import Model

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Increment:
    """What an incremental run did with the records of one entity type."""

    entity: str
    model: str
    """Version of the model it was done with."""
    arrived: int
    left: int
    pairs: int
    """Pairs of records that were compared."""
    unexamined: int
    """Blocks that were too large to be examined."""
    counts: GoldenCounts

    def stats(self) -> dict[str, object]:
        """Return the figures that are kept with the run."""
        figures = asdict(self)
        return {"mode": "incremental", **{name: figures[name] for name in figures if name != "entity"}}


@dataclass(frozen=True, eq=False)
class Part:
    """The changed records of an entity type with the keys and links they have now; nothing of it is written yet."""

    entity: EntityType
    model: Model
    waiting: Waiting
    redone: Sequence[int]
    """Live records whose pairs were compared anew."""
    around: Sequence[int]
    """Records that were linked with any of them before."""
    again: Sequence[int]
    """Of the redone, those that have not changed."""
    pairs: int
    """Pairs of records that were compared."""
    unexamined: int
    """Blocks that were too large to be examined."""
    keys: pa.Table
    """Blocking keys of the changed and of all that is redone."""
    links: pa.Table

    @property
    def changed(self) -> Sequence[int]:
        """The changed records, live or not."""
        return [*self.waiting.arrived, *self.waiting.left]

    @property
    def touched(self) -> Sequence[int]:
        """Everything to be worked out anew."""
        return sorted({*self.changed, *self.redone, *self.around})

    def at_most(self, hub: Hub) -> Movement:
        """Return what it may do at most: to the golden records of everything that hangs together with what changed."""
        name = self.entity.name
        if not self.changed:
            return Movement(name, 0, 0)
        live, _ = hub.store.golden.count().get(name, (0, 0))
        if live < hub.settings.gate_minimum:
            return Movement(name, 0, live)
        return Movement(name, hub.store.golden_around(name, self._reached), live)

    def movement(self, hub: Hub) -> Movement:
        """Return what it would do, as far as stewards do not change the same golden records meanwhile."""
        name = self.entity.name
        live, _ = hub.store.golden.count().get(name, (0, 0))
        component = hub.store.component(name, self._reached)
        links = replaced(component.links, self.rewritten, self.links, component.records)
        assignment = identify(hub, replace(component, links=links), self.model).assignment
        return Movement.of(name, assignment, component.current, live)

    @property
    def rewritten(self) -> Sequence[int]:
        """The records whose keys and links are replaced."""
        return [*self.changed, *self.again]

    @property
    def _reached(self) -> set[int]:
        """What is to be worked out anew, and what new links lead to."""
        return {*self.touched, *self.links["left_id"].to_pylist(), *self.links["right_id"].to_pylist()}

    def carry_out(self, hub: Hub, progress: Progress) -> Increment:
        """Work out everything that hangs together with what changed.

        The hub is then as a whole run under the same model would leave it, but for the neighbours in sorted lists that
        a whole run also looks at, and for identifier values it newly finds to be shared by many.

        What is worked out waits until it is: a run cut off in between no longer finds it by the keys and links of
        before.
        """
        counts, name = GoldenCounts(), self.entity.name
        if self.changed:
            hub.store.pending.hold(self.touched)
            hub.store.keys.replace(self.rewritten, self.keys)
            hub.store.links.replace(name, self.rewritten, self.links)
            counts = settle_all(hub, name, self.touched, self.model, progress)
        arrived, left = len(self.waiting.arrived), len(self.waiting.left)
        return Increment(name, self.model.version, arrived, left, self.pairs, self.unexamined, counts)


def match_part(hub: Hub, entity: EntityType, waiting: Waiting, model: Model, progress: Progress) -> Part | None:
    """Match changed records; nothing is written.

    Args:
        hub: the open hub.
        entity: their entity type.
        waiting: the changed records.
        model: the model all others were matched with.
        progress: told about records done.

    Returns:
        What is to be done; ``None`` where the records fill columns that could be compared and that the model has never
        seen.
    """
    changed = [*waiting.arrived, *waiting.left]
    if not changed:
        return Part(entity, model, waiting, (), (), (), 0, 0, KEYS.empty_table(), LINKS.empty_table())
    partners = hub.store.links.partners(changed)
    progress(f"match {entity.name}", 0, len(changed))
    batch = hub.store.records.some(entity, waiting.arrived)
    unknown = {column.name for column in compared(entity, batch.fields)} - {column.name for column in model.fields}
    if waiting.arrived and unknown:
        return None
    keyed = _keys(entity, batch, model)
    near = _near(hub, entity, waiting, keyed, model)
    redone = sorted({*waiting.arrived, *near.again})
    pairs = near.pairs(np.array(redone, dtype=np.int64))
    links = _score(hub, entity, pairs, model)
    progress(f"match {entity.name}", len(changed), len(changed))
    around = [*partners, *hub.store.links.partners(near.again)]
    return Part(
        entity,
        model,
        waiting,
        redone,
        around,
        near.again,
        len(pairs),
        int(near.blocks[0].over.sum()),
        near.keys,
        links,
    )


def _keys(entity: EntityType, batch: RecordBatch, model: Model) -> KeyedRecords:
    from matching import blocking_keys

    identifiers = proven_identifiers(entity, batch.fields, findings_of(batch))
    ids = batch.index.column("record_id").to_numpy().astype(np.int64)
    return keyed_records(entity.name, ids, blocking_keys(batch.fields, model, identifiers), model)


@dataclass(frozen=True, eq=False)
class _Near:
    """What stands in one block with records that are matched anew."""

    blocks: Sequence[Blocks]
    again: Sequence[int]
    """Records that have not changed, but stand in blocks that a change carried across their limit, or say what a
    changed one said."""
    keys: pa.Table
    """Keys of the changed and of these."""

    def pairs(self, redone: Ints) -> Ints:
        """Return the pairs of records in one block of which at least one is ``redone``, shape (pairs, 2), in order."""
        found = np.concatenate([one.pairs(redone) for one in self.blocks])
        return np.unique(found, axis=0) if len(self.blocks) > 1 else found


def _near(hub: Hub, entity: EntityType, waiting: Waiting, keyed: KeyedRecords, model: Model) -> _Near:
    """Look up the blocks of records that are matched anew, and who is to be matched anew besides."""
    stored = hub.store.keys
    changed = np.array([*waiting.arrived, *waiting.left], dtype=np.int64)
    fresh = keyed.of(changed)
    limits = Limits.of(keyed.keys["key"].to_numpy(), keyed.largest, stored.held(changed.tolist()), model.plan)
    blocks = Blocks.of(stored, limits, changed, fresh)
    if len(blocks.witnesses):
        told = _keys(entity, hub.store.records.some(entity, blocks.witnesses.tolist()), model)
        blocks = replace(blocks, limits=limits.told(told.keys["key"].to_numpy(), told.largest))
    again = np.setdiff1d(np.union1d(blocks.crossed, blocks.copies), changed)
    if not len(again):
        return _Near([blocks], (), fresh)
    more = _keys(entity, hub.store.records.some(entity, again.tolist()), model)
    fresh = pa.concat_tables([fresh, more.keys])
    limits = Limits.of(more.keys["key"].to_numpy(), more.largest, np.empty(0, dtype=np.int64), model.plan)
    further = Blocks.of(stored, limits, np.concatenate([changed, again]), fresh)
    return _Near([blocks, further], again.tolist(), fresh)


def _score(hub: Hub, entity: EntityType, pairs: Ints, model: Model) -> pa.Table:
    """Return the links among candidate pairs (``component.LINKS``)."""
    if not len(pairs):
        return LINKS.empty_table()
    batch = hub.store.records.some(entity, np.unique(pairs).tolist())
    ids = batch.index.column("record_id").to_numpy().astype(np.int64)
    rows = np.searchsorted(ids, pairs)
    known = (rows < len(ids)).all(axis=1) & (ids[np.minimum(rows, len(ids) - 1)] == pairs).all(axis=1)
    result = resolve_part(
        entity,
        batch.fields,
        findings_of(batch),
        decided=UNDECIDED,
        model=model,
        candidates=rows[known],
        settings=hub.settings,
    )
    return links_of(batch, result)
