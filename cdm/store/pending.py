"""Which source records changed since they were last matched: noted with the change itself, so none is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, func, or_, select

from cdm.store.bulk import insert_rows, one_of, take_numbers
from cdm.store.database import Database
from cdm.store.tables import crosswalk, golden, link, pending, source_record

COUNTER = "pending"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be matched, as of one moment."""

    arrived: Sequence[int]
    """Records of the entity type that live now."""
    left: Sequence[int]
    """Records of the entity type that are gone, and records in its golden records that are of another type now."""

    @property
    def count(self) -> int:
        """How many records wait."""
        return len(self.arrived) + len(self.left)


class Pending:
    """The waiting records of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, entity: str) -> Waiting:
        """Return what waits for an entity type."""
        r, p = source_record.c, pending.c
        here = (r.entity == entity) & r.deleted_at.is_(None)
        # Named once more so that a database begins with the few that wait, not with all records of the entity type.
        few = r.id.in_(select(p.record_id))
        waiting = pending.join(source_record)
        held = waiting.outerjoin(crosswalk, crosswalk.c.record_id == p.record_id).outerjoin(golden)
        arrived = select(p.record_id).select_from(waiting).where(here, few).order_by(p.record_id)
        left = select(p.record_id).select_from(held)
        # A steward's step may have released a record before; its blocking keys and links still wait to be forgotten.
        deleted = (r.entity == entity) & r.deleted_at.is_not(None)
        linked = exists().where(link.c.entity == entity, or_(link.c.left_id == r.id, link.c.right_id == r.id))
        elsewhere = (r.entity != entity) & or_(golden.c.entity == entity, linked)
        left = left.where(few, or_(deleted, elsewhere))
        with self._database.read() as connection:
            return Waiting(
                list(connection.execute(arrived).scalars()),
                list(connection.execute(left.order_by(p.record_id)).scalars()),
            )

    def last(self) -> int:
        """Return the number of the newest note."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(pending.c.seq))).scalar() or 0)

    def count(self) -> int:
        """Return how many records wait, of all entity types."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(pending)).scalar_one())

    def hold(self, records: Sequence[int]) -> None:
        """Let records wait that have not changed, but are about to be worked out anew with those that have."""
        r, p = source_record.c, pending.c
        with self._database.write() as connection:
            known = select(r.id).where(one_of(connection, r.id, list(records)), ~exists().where(p.record_id == r.id))
            fresh = list(connection.execute(known).scalars())
            insert_rows(connection, pending, {"record_id": fresh, "seq": [0] * len(fresh)})

    def clear(self, last: int) -> None:
        """Forget the notes up to a number: their records were matched and merged."""
        with self._database.write() as connection:
            connection.execute(delete(pending).where(pending.c.seq <= last))


def note(connection: Connection, records: Sequence[int]) -> None:
    """Note that records changed, in the transaction that changes them."""
    if not records:
        return
    connection.execute(delete(pending).where(one_of(connection, pending.c.record_id, list(records))))
    numbers = take_numbers(connection, COUNTER, len(records))
    insert_rows(connection, pending, {"record_id": list(records), "seq": list(numbers)})
