"""Everything that decides about some source records, read as one state of the hub.

Source records hang together by links, by the golden record they share, and by decisions about them. What is settled
about a component depends on nothing outside it: a steward's decision or a few changed records are worked out on their
component alone, with the same result as on the whole hub.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import Connection, func, or_, select

from cdm.store.bulk import one_of
from cdm.store.decisions import Decision
from cdm.store.decisions import binding as binding_decisions
from cdm.store.membership import CURRENT, FORMER
from cdm.store.statements import Statement, about
from cdm.store.tables import (
    crosswalk,
    crosswalk_version,
    decision,
    decision_member,
    golden,
    link,
    source_record,
    statement,
)

LINKS = pa.schema([("left_id", pa.int64()), ("right_id", pa.int64()), ("weight", pa.float64())])


@dataclass(frozen=True, slots=True)
class Component:
    """Source records that hang together, and what is known about them."""

    entity: str
    members: Sequence[int]
    """All records that hang together, live or not: the seeds a second reading starts from."""
    records: Mapping[int, int]
    """Live source records, in order, with their versions."""
    gone: Sequence[int]
    """Records that still stand in a golden record of the component but are no longer live."""
    links: pa.Table
    """:data:`LINKS` between live records."""
    decisions: Sequence[Decision]
    """Binding decisions about any of the records."""
    statements: Sequence[Statement]
    """Statements that hold about any of its golden records, live or retired."""
    golden: Mapping[str, int]
    """Live golden records, in order, with their versions."""
    current: pa.Table
    """Crosswalk of the records (``membership.CURRENT``)."""
    former: pa.Table
    """All records of retired golden records that had one of these (``membership.FORMER``)."""
    bystanders: pa.Table
    """Crosswalk of records outside the component that appear in ``former``: where they are now decides who inherits."""

    def same_as(self, other: Component) -> bool:
        """Tell whether nothing that decides about the records has changed between two readings."""
        return (
            self.records == other.records
            and self.golden == other.golden
            and [one.id for one in self.decisions] == [one.id for one in other.decisions]
            and [one.id for one in self.statements] == [one.id for one in other.statements]
        )


def read_component(connection: Connection, entity: str, seeds: Collection[int]) -> Component:
    """Read the component of some source records.

    Args:
        connection: an open transaction.
        entity: their entity type.
        seeds: record ids.
    """
    members = _closure(connection, entity, set(seeds))
    r, c, g = source_record.c, crosswalk.c, golden.c
    live = select(r.id, r.version).where(
        one_of(connection, r.id, sorted(members)), r.entity == entity, r.deleted_at.is_(None)
    )
    records = {row.id: row.version for row in connection.execute(live.order_by(r.id))}
    held = select(c.record_id, c.golden_id, c.since_run_id).select_from(crosswalk.join(golden))
    held = held.where(one_of(connection, c.record_id, sorted(members)), g.entity == entity)
    current = connection.execute(held.order_by(c.record_id)).all()
    ids = sorted({row.golden_id for row in current})
    versions = select(g.id, g.version).where(one_of(connection, g.id, ids)).order_by(g.id)
    former = _former(connection, sorted(members))
    outside = sorted({row[0] for row in former} - members)
    around = select(c.record_id, c.golden_id, c.since_run_id).where(one_of(connection, c.record_id, outside))
    return Component(
        entity=entity,
        members=sorted(members),
        records=records,
        gone=[row.record_id for row in current if row.record_id not in records],
        links=_links(connection, records),
        decisions=binding_decisions(connection, entity, sorted(members)),
        statements=about(connection, entity, {*ids, *(row[1] for row in former)}),
        golden={row.id: row.version for row in connection.execute(versions)},
        current=_table([tuple(row) for row in current], CURRENT),
        former=_table(former, FORMER),
        bystanders=_table([tuple(row) for row in connection.execute(around.order_by(c.record_id))], CURRENT),
    )


def golden_around(connection: Connection, entity: str, seeds: Collection[int]) -> int:
    """Return how many live golden records there are in everything that hangs together with some source records."""
    members = sorted(_closure(connection, entity, set(seeds)))
    c, g = crosswalk.c, golden.c
    query = select(func.count(c.golden_id.distinct())).select_from(crosswalk.join(golden))
    held = query.where(one_of(connection, c.record_id, members), g.entity == entity, g.retired_at.is_(None))
    return int(connection.execute(held).scalar_one())


def _closure(connection: Connection, entity: str, seeds: set[int]) -> set[int]:
    """Return all records that hang together with the seeds."""
    known: set[int] = set()
    fresh = seeds
    while fresh:
        known |= fresh
        fresh = _neighbours(connection, entity, sorted(fresh)) - known
    return known


def _neighbours(connection: Connection, entity: str, records: Sequence[int]) -> set[int]:
    """Return the records one step away: linked, in one golden record or binding decision."""
    found: set[int] = set()
    for one, other in ((link.c.left_id, link.c.right_id), (link.c.right_id, link.c.left_id)):
        found.update(connection.execute(select(other).where(one_of(connection, one, records))).scalars())
    c, m = crosswalk.c, decision_member.c
    ids = list(
        connection.execute(select(c.golden_id).distinct().where(one_of(connection, c.record_id, records))).scalars()
    )
    found.update(connection.execute(select(c.record_id).where(one_of(connection, c.golden_id, ids))).scalars())
    about = select(m.decision_id).where(one_of(connection, m.record_id, records))
    holds = select(decision.c.id).where(
        decision.c.id.in_(about), decision.c.entity == entity, decision.c.withdrawn_at.is_(None)
    )
    found.update(connection.execute(select(m.record_id).where(m.decision_id.in_(holds))).scalars())
    found.update(_hearing_alike(connection, entity, records))
    return found


def _hearing_alike(connection: Connection, entity: str, records: Sequence[int]) -> list[int]:
    """Return the records of retired golden records that had any of these and about which something is stated."""
    v, s = crosswalk_version.c, statement.c
    told = select(s.golden_id).where(s.entity == entity, s.withdrawn_at.is_(None))
    touched = select(v.golden_id).where(one_of(connection, v.record_id, records), v.golden_id.in_(told))
    return list(connection.execute(select(v.record_id).distinct().where(v.golden_id.in_(touched))).scalars())


def _former(connection: Connection, records: Sequence[int]) -> list[tuple[int, str, int]]:
    """Return what every retired id that had one of the records had when it was retired."""
    v, g = crosswalk_version.c, golden.c
    touched = select(v.golden_id).distinct().where(one_of(connection, v.record_id, records))
    ids = select(g.id).where(g.id.in_(touched), g.retired_at.is_not(None))
    retired = list(connection.execute(ids.order_by(g.id)).scalars())
    last = select(v.golden_id, func.max(v.until_run_id).label("until")).where(one_of(connection, v.golden_id, retired))
    ends = last.group_by(v.golden_id).subquery()
    joined = crosswalk_version.join(ends, (ends.c.golden_id == v.golden_id) & (ends.c.until == v.until_run_id))
    query = select(v.record_id, v.golden_id, v.until_run_id).select_from(joined)
    return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(v.golden_id, v.record_id))]


def _links(connection: Connection, records: Mapping[int, int]) -> pa.Table:
    ids = list(records)
    k = link.c
    touching = or_(one_of(connection, k.left_id, ids), one_of(connection, k.right_id, ids))
    query = select(k.left_id, k.right_id, k.weight).where(touching).order_by(k.left_id, k.right_id)
    rows = [tuple(row) for row in connection.execute(query) if row.left_id in records and row.right_id in records]
    return _table(rows, LINKS)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
