"""An incremental run: what a few changed records cost depends on them, not on the size of the hub.

The changed records get new blocking keys; the stored keys tell which records may be the same customers; these pairs are
scored with the model in force, which needs no other record for it; and the components they touch are worked out anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cdm.pipeline.decided import UNDECIDED
from cdm.pipeline.gates import Movement
from cdm.pipeline.hub import Hub
from cdm.pipeline.reconsider import settle_all
from cdm.pipeline.resolve import compared, proven_identifiers, resolve_part
from cdm.pipeline.scores import findings_of
from cdm.pipeline.settle import links_of
from cdm.pipeline.stored_keys import KeyedRecords, keyed_records
from cdm.store import GoldenCounts, RecordBatch
from cdm.store.component import LINKS
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
    """The changed records of an entity type with the links they have now; no golden record is touched yet."""

    entity: EntityType
    model: Model
    waiting: Waiting
    redone: Sequence[int]
    """Live records whose pairs were compared anew."""
    pairs: int
    """Pairs of records that were compared."""
    unexamined: int
    """Blocks that were too large to be examined."""
    links: pa.Table

    @property
    def changed(self) -> Sequence[int]:
        """The changed records, live or not."""
        return [*self.waiting.arrived, *self.waiting.left]

    def movement(self, hub: Hub) -> Movement:
        """Return what it may do at most: to the golden records of everything that hangs together with what changed."""
        name = self.entity.name
        if not self.changed:
            return Movement(name, 0, 0)
        live, _ = hub.store.golden.count().get(name, (0, 0))
        if live < hub.settings.gate_minimum:
            return Movement(name, 0, live)
        ends = {end for side in ("left_id", "right_id") for end in self.links.column(side).to_pylist()}
        return Movement(name, hub.store.golden_around(name, {*self.changed, *self.redone, *ends}), live)

    def carry_out(self, hub: Hub, progress: Progress) -> Increment:
        """Work out everything that hangs together with what changed.

        The hub is as a whole run under the same model would leave it, but for the neighbours in sorted lists that a
        whole run also looks at.
        """
        counts, name = GoldenCounts(), self.entity.name
        if self.changed:
            hub.store.links.replace(name, self.changed, self.links)
            counts = settle_all(hub, name, [*self.changed, *self.redone], self.model, progress)
        arrived, left = len(self.waiting.arrived), len(self.waiting.left)
        return Increment(name, self.model.version, arrived, left, self.pairs, self.unexamined, counts)


def match_part(hub: Hub, entity: EntityType, waiting: Waiting, model: Model, progress: Progress) -> Part | None:
    """Match changed records; of what is stored only their blocking keys change, and they go on waiting.

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
        return Part(entity, model, waiting, (), 0, 0, LINKS.empty_table())
    partners = hub.store.links.partners(changed)
    redone = sorted({*waiting.arrived, *partners} - set(waiting.left))
    progress(f"match {entity.name}", 0, len(redone))
    batch = hub.store.records.some(entity, redone)
    unknown = {column.name for column in compared(entity, batch.fields)} - {column.name for column in model.fields}
    if waiting.arrived and unknown:
        return None
    keyed = _keys(entity, batch, model)
    own = np.isin(keyed.keys["record_id"].to_numpy(), np.array(waiting.arrived, dtype=np.int64))
    hub.store.keys.replace(changed, keyed.keys.filter(pa.array(own)))
    blocks = _Blocks.of(hub, keyed)
    pairs = blocks.pairs(np.array(redone, dtype=np.int64))
    links = _score(hub, entity, pairs, model)
    progress(f"match {entity.name}", len(redone), len(redone))
    return Part(entity, model, waiting, redone, len(pairs), blocks.oversize, links)


def _keys(entity: EntityType, batch: RecordBatch, model: Model) -> KeyedRecords:
    from matching import blocking_keys

    identifiers = proven_identifiers(entity, batch.fields, findings_of(batch))
    ids = batch.index.column("record_id").to_numpy().astype(np.int64)
    return keyed_records(entity.name, ids, blocking_keys(batch.fields, model, identifiers), model)


@dataclass(frozen=True, eq=False)
class _Blocks:
    """The blocks some records fall into, those too large left out."""

    keys: Ints
    records: Ints
    oversize: int

    @staticmethod
    def of(hub: Hub, keyed: KeyedRecords) -> _Blocks:
        """Look the blocks up; a block counts the distinct contents in it."""
        asked, first = np.unique(keyed.keys["key"].to_numpy(), return_index=True)
        largest = keyed.largest[first]
        found = hub.store.keys.blocks(asked, _most(largest))
        keys, records = found["key"].to_numpy(), found["record_id"].to_numpy()
        block = np.searchsorted(asked, keys)
        distinct = np.unique(np.stack([block, found["content"].to_numpy()]), axis=1)[0]
        over = np.bincount(distinct, minlength=len(asked)) > largest
        keep = ~over[block] if len(block) else np.zeros(0, dtype=np.bool_)
        return _Blocks(keys[keep], records[keep], int(over.sum()))

    def pairs(self, redone: Ints) -> Ints:
        """Return the pairs of records in one block of which at least one is ``redone``, shape (pairs, 2), in order."""
        mine = np.flatnonzero(np.isin(self.records, redone))
        start = np.searchsorted(self.keys, self.keys[mine], side="left")
        counts = np.searchsorted(self.keys, self.keys[mine], side="right") - start
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        a, b = np.repeat(self.records[mine], counts), self.records[np.repeat(start, counts) + within]
        both = np.stack([np.minimum(a, b), np.maximum(a, b)], axis=1)[a != b]
        return np.unique(both, axis=0) if len(both) else both


COPIES = 50
"""Records that say exactly the same count once in a block; so many times more than its limit are looked at."""


def _most(largest: Ints) -> int:
    return int(largest.max(initial=1)) + COPIES


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
