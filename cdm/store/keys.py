"""The keys by which live records are found: which records may be one customer with a given one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Connection, Integer, Select, bindparam, delete, func, lateral, literal_column, select, true

from cdm.store.bulk import delete_rows, insert_rows, one_of, update_rows
from cdm.store.database import Database
from cdm.store.prepared import Prepared, numbers
from cdm.store.tables import blocking_key, matched, record_keys, source_record

Ints = npt.NDArray[np.int64]

KEYS = pa.schema([("key", pa.int64()), ("record_id", pa.int64()), ("content", pa.int64())])
"""``content`` is equal exactly where two records say the same in everything that is compared."""
HELD = ("key", "record_id")
AT_A_TIME = 20_000
MANY = 100_000
_STORED = np.dtype("<i8")


class BlockingKeys:
    """The stored keys of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def blocks(self, keys: Ints, most: int) -> pa.Table:
        """Return the records behind some keys.

        Args:
            keys: distinct keys.
            most: records per key at most; a key with more is cut off there, so that its caller sees it is oversize.

        Returns:
            :data:`KEYS`, ordered by key and record.
        """
        parts = [np.empty((len(KEYS), 0), dtype=np.int64)]
        with self._database.read() as connection:
            for start in range(0, len(keys), AT_A_TIME):
                some = keys[start : start + AT_A_TIME].tolist()
                parts.append(behind.integers(connection, keys=some, most=most))
        return pa.Table.from_arrays([pa.array(one) for one in np.concatenate(parts, axis=1)], schema=KEYS)

    def held(self, records: Sequence[int]) -> Ints:
        """Return the keys some records have, each once and in order."""
        k = record_keys.c
        with self._database.read() as connection:
            blobs = connection.execute(select(k["keys"]).where(one_of(connection, k.record_id, list(records))))
            held = [np.frombuffer(blob, _STORED) for blob in blobs.scalars()]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *held]))

    def model_in_force(self, entity: str) -> str | None:
        """Return the version of the model under which all records were last matched, ``None`` where none was."""
        with self._database.read() as connection:
            found = connection.execute(select(matched.c.model).where(matched.c.entity == entity)).scalar()
        return None if found is None else str(found)

    def begin(self, entity: str) -> None:
        """Forget the keys of all records, which are about to be matched anew; until :meth:`done` there are none."""
        own = select(source_record.c.id).where(source_record.c.entity == entity)
        with self._database.write() as connection:
            connection.execute(delete(matched).where(matched.c.entity == entity))
            some = select(record_keys.c.record_id).where(record_keys.c.record_id.in_(own)).limit(1)
            if connection.execute(some).first() is None:
                return  # to find nothing to forget, all keys of all entity types would be gone through
            for table in (blocking_key, record_keys):
                connection.execute(delete(table).where(table.c.record_id.in_(own)))

    def write(self, keys: pa.Table) -> None:
        """Write the keys of all records, in the order of the keys, which is how the database takes them fastest."""
        ordered = keys.sort_by([("key", "ascending"), ("record_id", "ascending")])
        for start in range(0, ordered.num_rows, MANY):
            with self._database.write() as connection:
                _write(connection, ordered.slice(start, MANY))
        with self._database.write() as connection:
            _write_own(connection, keys)

    def replace(self, records: Sequence[int], keys: pa.Table) -> None:
        """Give some records new keys (see :func:`replace_keys`)."""
        with self._database.write() as connection:
            replace_keys(connection, records, keys)

    def done(self, entity: str, model: str, run_id: int) -> None:
        """Say that all records are matched under a model."""
        with self._database.write() as connection:
            connection.execute(delete(matched).where(matched.c.entity == entity))
            connection.execute(matched.insert().values(entity=entity, model=model, run_id=run_id))


def replace_keys(connection: Connection, records: Sequence[int], keys: pa.Table) -> None:
    """Give some records new keys.

    Args:
        connection: an open write transaction.
        records: record ids; those without keys in ``keys`` lose theirs.
        keys: :data:`KEYS`.
    """
    k = record_keys.c
    some = one_of(connection, k.record_id, list(records))
    own = connection.execute(select(k.record_id, k["keys"].label("blob")).where(some)).all()
    held = [np.frombuffer(row.blob, _STORED) for row in own]
    before = np.concatenate([np.empty(0, dtype=np.int64), *held])
    whose = np.repeat(np.array([row.record_id for row in own], dtype=np.int64), [len(one) for one in held])
    # In the order of the keys every page of a large table is touched once.
    ordered = keys.sort_by([("key", "ascending"), ("record_id", "ascending")])
    key, record = (ordered[name].to_numpy() for name in HELD)
    gone, kept, fresh = _compared((before, whose), (key, record))
    delete_rows(connection, blocking_key, {"key": before[gone].tolist(), "record_id": whose[gone].tolist()})
    update_rows(connection, blocking_key, HELD, _rows(ordered.take(pa.array(kept))), spare=True)
    insert_rows(connection, blocking_key, _rows(ordered.take(pa.array(fresh))))
    connection.execute(delete(record_keys).where(some))
    _write_own(connection, keys)


def _compared(before: tuple[Ints, Ints], now: tuple[Ints, Ints]) -> tuple[Ints, Ints, Ints]:
    """Compare entries, each named by key and record and there once.

    Returns:
        Positions in ``before`` of those that are gone, and in ``now`` of those that stay and of those that are new; all
        in the order of key and record.
    """
    key, record = (np.concatenate(both) for both in zip(before, now, strict=True))
    order = np.lexsort((record, key))  # is stable: of two equals the first is the one from before
    equal = (np.diff(key[order]) == 0) & (np.diff(record[order]) == 0)
    twice, again = np.append(equal, False), np.insert(equal, 0, False)
    old = order < len(before[0])
    return order[old & ~twice], order[again] - len(before[0]), order[~old & ~again] - len(before[0])


def _rows(keys: pa.Table) -> dict[str, list[int]]:
    return {name: keys[name].to_pylist() for name in KEYS.names}


def _write(connection: Connection, keys: pa.Table) -> None:
    insert_rows(connection, blocking_key, _rows(keys))


def _write_own(connection: Connection, keys: pa.Table) -> None:
    """Note which keys every record has."""
    ordered = keys.sort_by([("record_id", "ascending"), ("key", "ascending")])
    records, values = ordered["record_id"].to_numpy(), ordered["key"].to_numpy().astype(_STORED)
    distinct, starts = np.unique(records, return_index=True)
    blobs = [part.tobytes() for part in np.split(values, starts[1:])] if len(distinct) else []
    insert_rows(connection, record_keys, {"record_id": distinct.tolist(), "keys": blobs})


def _behind(dialect: str) -> Select[Any]:
    """Select key, record and content of up to ``most`` records behind each of ``keys``, in this order."""
    b, most = blocking_key.c, bindparam("most", type_=Integer)
    wanted = numbers(dialect, "keys")
    if dialect == "sqlite":
        own = select(b.record_id).where(b.key == wanted.c.key).order_by(b.record_id)
        nth = own.limit(literal_column("1")).offset(most).correlate(wanted).scalar_subquery()
        within = func.coalesce(nth, literal_column("9223372036854775807"))
        query = select(b.key, b.record_id, b.content).select_from(wanted.join(blocking_key, b.key == wanted.c.key))
        return query.where(b.record_id < within).order_by(b.key, b.record_id)
    some = select(b.record_id, b.content).where(b.key == wanted.c.key).order_by(b.record_id).limit(most)
    found = lateral(some.correlate(wanted), "behind")
    columns: list[Any] = [wanted.c.key, found.c.record_id, found.c.content]
    query = select(*columns).select_from(wanted.join(found, true()))
    return query.order_by(wanted.c.key, found.c.record_id)


behind = Prepared(_behind)
"""Key, record and content of up to ``most`` records behind each of ``keys``, in this order."""
