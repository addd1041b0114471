"""Blocking keys as they are stored: by record instead of by row, and different for every entity type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from cdm.store.keys import KEYS

if TYPE_CHECKING:
    from matching import Model
    from matching.rowkeys import RowKeys

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class KeyedRecords:
    """Keys of some records; ``keys`` is :data:`cdm.store.keys.KEYS`, each once, ``largest`` aligned with it."""

    keys: pa.Table
    largest: Ints
    """Most distinct records a block may have to be examined whole."""

    def of(self, records: Ints) -> pa.Table:
        """Return the keys of some of the records."""
        return self.keys.filter(pa.array(np.isin(self.keys["record_id"].to_numpy(), records)))


def keyed_records(
    entity: str, record_ids: Ints, found: RowKeys, model: Model, *, sparing: bool = False
) -> KeyedRecords:
    """Return the keys of records as they are stored.

    Records that say the same are found by each other whatever their blocks are: what a record says is a key too. It
    need not be stored where the record stands in a block that is examined whole.

    Args:
        entity: their entity type.
        record_ids: record of every row.
        found: keys of the rows.
        model: whose plan they follow. Rules that only look at neighbours in a sorted list have no blocks to store.
        sparing: the rows are all records there are; leave out keys that are not needed.
    """
    largest = np.array([rule.largest for rule in model.plan.rules], dtype=np.int64)
    useful = largest[found.rules] > 1 if len(found.rules) else np.zeros(0, dtype=np.bool_)
    salt = np.uint64(xxhash.xxh3_64_intdigest(entity.encode()))
    keys = (found.keys[useful] ^ salt).view(np.int64)
    rows = found.rows[useful]
    order = np.lexsort((rows, keys))
    keys, rows, limits = keys[order], rows[order], largest[found.rules[useful][order]]
    fresh = np.ones(len(keys), dtype=np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    keys, rows, limits = keys[fresh], rows[fresh], limits[fresh]
    alone = _in_no_whole_block(keys, rows, limits, len(record_ids)) if sparing else np.arange(len(record_ids))
    says = (found.content[alone] ^ (salt + _SAYS)).view(np.int64)
    keys, rows = np.concatenate([keys, says]), np.concatenate([rows, alone])
    columns = [keys, record_ids[rows], found.content[rows].view(np.int64)]
    table = pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, KEYS, strict=True)], schema=KEYS)
    return KeyedRecords(table, np.concatenate([limits, np.ones_like(alone)]))


def _in_no_whole_block(keys: Ints, rows: Ints, limits: Ints, count: int) -> Ints:
    """Return the rows that stand in no block small enough to be examined whole; copies are counted, too."""
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1)) if len(keys) else keys
    sizes = np.diff(np.append(starts, len(keys)))
    whole = np.zeros(count, dtype=np.bool_)
    whole[rows[np.repeat(sizes, sizes) <= limits]] = True
    return np.flatnonzero(~whole)


_SAYS = np.uint64(xxhash.xxh3_64_intdigest(b"says the same") >> 1)
