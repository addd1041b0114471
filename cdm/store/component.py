"""Everything that decides about some source records, read as one state of the hub.

Source records hang together by links, by the golden record they share, and by decisions about them. What is settled
about a component depends on nothing outside it: a steward's decision or a few changed records are worked out on their
component alone, with the same result as on the whole hub.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BindParameter, Connection, Select, bindparam, func, or_, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from cdm.store.decisions import Decision
from cdm.store.decisions import binding as binding_decisions
from cdm.store.membership import CURRENT, FORMER
from cdm.store.prepared import Prepared, among
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
    ordered = sorted(members)
    records = {row.id: row.version for row in _LIVE(connection, ids=ordered, entity=entity)}
    current = _CURRENT(connection, ids=ordered, entity=entity).all()
    former = [tuple(row) for row in _FORMER(connection, ids=ordered)]
    outside = sorted({row[0] for row in former} - members)
    around = [tuple(row) for row in _AROUND(connection, ids=outside)] if outside else []
    versions = {row.golden_id: row.version for row in current}
    told = {*versions, *(row[1] for row in former)}
    return Component(
        entity=entity,
        members=ordered,
        records=records,
        gone=[row.record_id for row in current if row.record_id not in records],
        links=_links(connection, records),
        decisions=binding_decisions(connection, entity, ordered),
        statements=about(connection, entity, told) if told else [],
        golden={one: versions[one] for one in sorted(versions)},
        current=_table([tuple(row)[: len(CURRENT)] for row in current], CURRENT),
        former=_table(former, FORMER),
        bystanders=_table(around, CURRENT),
    )


def golden_around(connection: Connection, entity: str, seeds: Collection[int]) -> int:
    """Return how many live golden records there are in everything that hangs together with some source records."""
    members = sorted(_closure(connection, entity, set(seeds)))
    return len({row.golden_id for row in _CURRENT(connection, ids=members, entity=entity)})


def replaced(links: pa.Table, records: Collection[int], by: pa.Table, live: Collection[int]) -> pa.Table:
    """Return the links of a component once those of some records are replaced.

    Args:
        links: :data:`LINKS` as they are.
        records: whose links are forgotten.
        by: their new links.
        live: all live records of the component; what is linked with others does not count.

    Returns:
        :data:`LINKS`, in order.
    """
    gone, here = (pa.array(sorted(one), pa.int64()) for one in (records, live))
    ends = ("left_id", "right_id")
    for end in ends:
        links = links.filter(pc.invert(pc.is_in(links[end], gone)))
        by = by.filter(pc.is_in(by[end], here))
    return pa.concat_tables([links, by]).sort_by([(end, "ascending") for end in ends])


def _closure(connection: Connection, entity: str, seeds: set[int]) -> set[int]:
    """Return all records that hang together with the seeds."""
    known: set[int] = set()
    fresh = seeds
    while fresh:
        known |= fresh
        fresh = set(_NEIGHBOURS(connection, ids=sorted(fresh), entity=entity).scalars()) - known
    return known


def _links(connection: Connection, records: Mapping[int, int]) -> pa.Table:
    found = _LINKS(connection, ids=list(records))
    return _table([tuple(row) for row in found if row.left_id in records and row.right_id in records], LINKS)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _neighbours(dialect: str) -> CompoundSelect[Any]:
    """Select the records one step away: linked, in one golden record, in one binding decision, or hearing alike."""
    k = link.c
    entity: BindParameter[str] = bindparam("entity")
    mine, m = crosswalk.alias(), decision_member.alias()
    held = crosswalk.join(mine, mine.c.golden_id == crosswalk.c.golden_id)
    decided = decision_member.join(decision, decision.c.id == decision_member.c.decision_id)
    decided = decided.join(m, m.c.decision_id == decision.c.id)
    told = select(statement.c.golden_id).where(statement.c.entity == entity, statement.c.withdrawn_at.is_(None))
    v = crosswalk_version.c
    heard = select(v.golden_id).where(among(dialect, v.record_id, "ids"), v.golden_id.in_(told))
    return union_all(
        select(k.right_id).where(among(dialect, k.left_id, "ids")),
        select(k.left_id).where(among(dialect, k.right_id, "ids")),
        select(crosswalk.c.record_id).select_from(held).where(among(dialect, mine.c.record_id, "ids")),
        select(decision_member.c.record_id)
        .select_from(decided)
        .where(among(dialect, m.c.record_id, "ids"), decision.c.entity == entity, decision.c.withdrawn_at.is_(None)),
        select(v.record_id).where(v.golden_id.in_(heard)),
    )


def _live(dialect: str) -> Select[Any]:
    r = source_record.c
    query = select(r.id, r.version).where(among(dialect, r.id, "ids"), r.entity == bindparam("entity"))
    return query.where(r.deleted_at.is_(None)).order_by(r.id)


def _current(dialect: str) -> Select[Any]:
    """Select the crosswalk of some records with the versions of their golden records."""
    c, g = crosswalk.c, golden.c
    held = select(c.record_id, c.golden_id, c.since_run_id, g.version).select_from(crosswalk.join(golden))
    return held.where(among(dialect, c.record_id, "ids"), g.entity == bindparam("entity")).order_by(c.record_id)


def _former(dialect: str) -> Select[Any]:
    """Select what every retired id that had one of the records had when it was retired."""
    v, g = crosswalk_version.c, golden.c
    touched = select(v.golden_id).where(among(dialect, v.record_id, "ids"))
    retired = select(g.id).where(g.id.in_(touched), g.retired_at.is_not(None))
    last = select(v.golden_id, func.max(v.until_run_id).label("until")).where(v.golden_id.in_(retired))
    ends = last.group_by(v.golden_id).subquery()
    joined = crosswalk_version.join(ends, (ends.c.golden_id == v.golden_id) & (ends.c.until == v.until_run_id))
    query = select(v.record_id, v.golden_id, v.until_run_id).select_from(joined)
    return query.order_by(v.golden_id, v.record_id)


def _touching(dialect: str) -> Select[Any]:
    k = link.c
    either = or_(among(dialect, k.left_id, "ids"), among(dialect, k.right_id, "ids"))
    return select(k.left_id, k.right_id, k.weight).where(either).order_by(k.left_id, k.right_id)


def _around(dialect: str) -> Select[Any]:
    c = crosswalk.c
    query = select(c.record_id, c.golden_id, c.since_run_id).where(among(dialect, c.record_id, "ids"))
    return query.order_by(c.record_id)


_NEIGHBOURS, _LIVE, _CURRENT = Prepared(_neighbours), Prepared(_live), Prepared(_current)
_FORMER, _LINKS, _AROUND = Prepared(_former), Prepared(_touching), Prepared(_around)
