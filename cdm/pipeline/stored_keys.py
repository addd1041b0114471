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


def keyed_records(entity: str, record_ids: Ints, found: RowKeys, model: Model) -> KeyedRecords:
    """Return the keys of records as they are stored.

    Args:
        entity: their entity type.
        record_ids: record of every row.
        found: keys of the rows.
        model: whose plan they follow. Rules that only look at neighbours in a sorted list have no blocks to store.
    """
    largest = np.array([rule.largest for rule in model.plan.rules], dtype=np.int64)
    useful = largest[found.rules] > 1 if len(found.rules) else np.zeros(0, dtype=np.bool_)
    salt = np.uint64(xxhash.xxh3_64_intdigest(entity.encode()))
    keys = (found.keys[useful] ^ salt).view(np.int64)
    rows = found.rows[useful]
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    fresh = np.ones(len(keys), dtype=np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    keys, rows = keys[fresh], rows[fresh]
    columns = [keys, record_ids[rows], found.content[rows].view(np.int64)]
    table = pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, KEYS, strict=True)], schema=KEYS)
    return KeyedRecords(table, largest[found.rules[useful][order][fresh]])
