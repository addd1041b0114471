"""Who belongs to which golden record, now and before, and where retired ids lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Select, delete, func, insert, literal, select

from cdm.errors import NotFound
from cdm.store.bulk import AnyRow, insert_rows, one_of, update_rows
from cdm.store.database import Database
from cdm.store.prepared import Prepared, among
from cdm.store.sources import source_id
from cdm.store.tables import crosswalk, crosswalk_version, golden, golden_redirect, source, source_record

CURRENT = pa.schema([("record_id", pa.int64()), ("golden_id", pa.string()), ("since_run_id", pa.int64())])
"""Which golden record a source record belongs to."""
FORMER = pa.schema([("record_id", pa.int64()), ("golden_id", pa.string()), ("until_run_id", pa.int64())])
"""Which source records a retired golden record had when it was retired."""

MEMBERS = pa.schema(
    [("golden_id", pa.string()), ("source", pa.string()), ("key", pa.string()), ("record_id", pa.int64())]
)
"""Which source records golden records have, by the sources' own keys."""


class Crosswalk:
    """The crosswalk of one hub: source key ↔ golden id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, entity: str) -> pa.Table:
        """Return record_id, golden_id, since_run_id of every record in a golden record of the entity type."""
        c = crosswalk.c
        query = select(c.record_id, c.golden_id, c.since_run_id).select_from(crosswalk.join(golden))
        query = query.where(golden.c.entity == entity).order_by(c.record_id)
        return self._table(query, CURRENT)

    def former(self, entity: str) -> pa.Table:
        """Return record_id, golden_id, until_run_id: the records each retired golden record had when it was retired."""
        v = crosswalk_version.c
        last = select(v.golden_id, func.max(v.until_run_id).label("until")).group_by(v.golden_id).subquery()
        joined = crosswalk_version.join(last, (last.c.golden_id == v.golden_id) & (last.c.until == v.until_run_id))
        query = select(v.record_id, v.golden_id, v.until_run_id).select_from(
            joined.join(golden, golden.c.id == v.golden_id)
        )
        query = query.where(golden.c.entity == entity, golden.c.retired_at.is_not(None))
        return self._table(query.order_by(v.golden_id, v.record_id), FORMER)

    def live_ids(self, entity: str) -> pa.Array:
        """Return the ids of the golden records of an entity type that are not retired, in order."""
        query = select(golden.c.id).where(golden.c.entity == entity, golden.c.retired_at.is_(None))
        return self._table(query.order_by(golden.c.id), pa.schema([("id", pa.string())]))["id"].combine_chunks()

    def table(self, entity: str, ids: Sequence[str] | None = None) -> pa.Table:
        """Return golden_id, source, key, record_id of every member of the golden records of an entity type.

        Args:
            entity: the entity type.
            ids: of these golden records only.
        """
        joined = crosswalk.join(golden).join(source_record, source_record.c.id == crosswalk.c.record_id).join(source)
        query = select(crosswalk.c.golden_id, source.c.name, source_record.c.key, crosswalk.c.record_id)
        query = query.select_from(joined).where(golden.c.entity == entity)
        return self._table(query.order_by(crosswalk.c.golden_id, crosswalk.c.record_id), MEMBERS, ids)

    def count(self) -> int:
        """Return the number of source records in golden records."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(crosswalk)).scalar_one())

    def counts(self) -> dict[str, int]:
        """Return entity type → number of source records in its golden records."""
        query = select(golden.c.entity, func.sum(golden.c.members)).where(golden.c.retired_at.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(golden.c.entity)).all()
        return {entity: int(number) for entity, number in rows}

    def homes(self, records: Sequence[int]) -> dict[int, str]:
        """Return the golden id of each of some records; those without one are left out."""
        c = crosswalk.c
        with self._database.read() as connection:
            query = select(c.record_id, c.golden_id).where(one_of(connection, c.record_id, records))
            return {row.record_id: row.golden_id for row in connection.execute(query)}

    def lookup(self, source_name: str, key: str) -> str:
        """Return the golden id of a source record.

        Raises:
            NotFound: there is no such source or key, or the record belongs to no golden record; says why.
        """
        r = source_record.c
        query = select(crosswalk.c.golden_id, r.deleted_at).select_from(
            source_record.outerjoin(crosswalk, crosswalk.c.record_id == r.id)
        )
        with self._database.read() as connection:
            number = source_id(connection, source_name)
            row = connection.execute(query.where(r.source_id == number, r.key == key)).first()
        if row is None or row.golden_id is None:
            raise _unlinked(source_name, key, row)
        return str(row.golden_id)

    def resolve(self, golden_id: str) -> list[str]:
        """Return the live golden ids that an id, live or retired, stands for now.

        A retired id leads to the golden records that hold today the records it had when it was retired; where none of
        those lives any more, to wherever the ids lead that took over from it. The list is empty where all is gone.

        Raises:
            NotFound: no golden record ever had that id.
        """
        with self._database.read() as connection:
            return successors(connection, golden_id)

    def _table(self, query: Select[Any], schema: pa.Schema, ids: Sequence[str] | None = None) -> pa.Table:
        with self._database.read() as connection:
            chosen = query if ids is None else query.where(one_of(connection, crosswalk.c.golden_id, ids))
            rows = connection.execute(chosen).all()
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def successors(connection: Connection, golden_id: str) -> list[str]:
    """Return the live golden ids an id stands for (see :meth:`Crosswalk.resolve`); raises ``NotFound``."""
    row = connection.execute(select(golden.c.retired_at).where(golden.c.id == golden_id)).first()
    if row is None:
        raise NotFound(
            f"No golden record has or had the id '{golden_id}'.",
            remedy="Find it by source and key with 'cdm lookup SOURCE KEY'.",
            golden_id=golden_id,
        )
    return [golden_id] if row.retired_at is None else _successors_of_retired(connection, golden_id, {golden_id})


def _successors_of_retired(connection: Connection, golden_id: str, passed: set[str]) -> list[str]:
    v = crosswalk_version.c
    last = select(func.max(v.until_run_id)).where(v.golden_id == golden_id).scalar_subquery()
    members = select(v.record_id).where(v.golden_id == golden_id, v.until_run_id == last)
    query = select(crosswalk.c.golden_id).where(crosswalk.c.record_id.in_(members)).distinct()
    found = set(connection.execute(query).scalars())
    if found:
        return sorted(found)
    r = golden_redirect.c
    targets = select(r.new_id, golden.c.retired_at).select_from(golden_redirect.join(golden, golden.c.id == r.new_id))
    for target, retired_at in connection.execute(targets.where(r.old_id == golden_id).order_by(r.new_id)).all():
        if retired_at is None:
            found.add(target)
        elif target not in passed:
            found |= set(_successors_of_retired(connection, target, passed | {target}))
    return sorted(found)


def _homes(dialect: str) -> Select[Any]:
    c = crosswalk.c
    return select(c.record_id, c.golden_id).where(among(dialect, c.record_id, "ids"))


_HOMES = Prepared(_homes)


def move_members(
    connection: Connection, members: pa.Table, released: Sequence[int], run_id: int
) -> list[tuple[str, str]]:
    """Bring the crosswalk to a new state, keeping what was before.

    Args:
        connection: an open write transaction.
        members: record_id, golden_id.
        released: records that leave the crosswalk.
        run_id: the run that says so.

    Returns:
        The golden id before and the one after of every record that moved.
    """
    records, goldens = members["record_id"].to_pylist(), members["golden_id"].to_pylist()
    known: dict[int, str] = {row.record_id: row.golden_id for row in _HOMES(connection, ids=records)}
    pairs = list(zip(records, goldens, strict=True))
    new = [(record, identity) for record, identity in pairs if record not in known]
    moved = [(record, identity) for record, identity in pairs if known.get(record, identity) != identity]
    _archive(connection, [record for record, _ in moved] + list(released), run_id)
    if len(released):
        connection.execute(delete(crosswalk).where(one_of(connection, crosswalk.c.record_id, list(released))))
    insert_rows(connection, crosswalk, _columns(new, run_id))
    update_rows(connection, crosswalk, "record_id", _columns(moved, run_id))
    return [(known[record], identity) for record, identity in moved]


def redirect(connection: Connection, revived: Sequence[str], redirects: Sequence[tuple[str, str]], run_id: int) -> None:
    """Drop the redirects of ids that live again and store those of ids that were retired."""
    old = [*revived, *(pair[0] for pair in redirects)]
    if not old:
        return
    connection.execute(delete(golden_redirect).where(one_of(connection, golden_redirect.c.old_id, old)))
    columns: dict[str, Sequence[object]] = {
        "old_id": [pair[0] for pair in redirects],
        "new_id": [pair[1] for pair in redirects],
        "run_id": [run_id] * len(redirects),
    }
    insert_rows(connection, golden_redirect, columns)


def _archive(connection: Connection, records: list[int], run_id: int) -> None:
    if not records:
        return
    c = crosswalk.c
    rows = select(c.record_id, c.golden_id, c.since_run_id, literal(run_id))
    names = ["record_id", "golden_id", "since_run_id", "until_run_id"]
    rows = rows.where(one_of(connection, c.record_id, records))
    connection.execute(insert(crosswalk_version).from_select(names, rows))


def _columns(pairs: list[tuple[int, str]], run_id: int) -> dict[str, list[object]]:
    return {
        "record_id": [record for record, _ in pairs],
        "golden_id": [identity for _, identity in pairs],
        "since_run_id": [run_id] * len(pairs),
    }


def _unlinked(source_name: str, key: str, row: AnyRow | None) -> NotFound:
    if row is None:
        reason, remedy = "is not in the hub", "Check the key as it stands in the source's key column."
    elif row.deleted_at is not None:
        reason, remedy = f"was deleted at source (noticed {row.deleted_at})", "Look it up by another source's key."
    else:
        reason, remedy = "belongs to no golden record yet", "Run 'cdm run' to match and merge it."
    return NotFound(f"The record '{key}' of '{source_name}' {reason}.", remedy=remedy, source=source_name, key=key)
