"""What stewards decided about who is who: append-only, binding for every later run, withdrawn but never deleted.

A decision speaks of source records, not of golden ones, so that it holds whatever becomes of golden records. It names
records in parts. ``same``: all of them are one customer. ``different``: records of different parts are different
customers. ``split``: both: every part is one customer, and no two parts are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations, pairwise, product
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select

from cdm.errors import NotFound
from cdm.store.bulk import AnyRow, insert_row, insert_rows, one_of, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.prepared import Prepared, among
from cdm.store.said import COUNTER, Said, Withdrawal, end, said_of
from cdm.store.tables import decision, decision_member


class Verdict(StrEnum):
    """What a decision says of its records."""

    SAME = "same"
    DIFFERENT = "different"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision about to be made."""

    entity: str
    kind: Verdict
    parts: Sequence[Sequence[int]]
    """Record ids; one part for ``same``, two or more else."""
    by: str
    reason: str = ""
    evidence: Mapping[str, Any] | None = None
    """The explanation the steward saw, as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Said):
    """A decision as it is kept."""

    noun = "Decision"
    kind: Verdict
    parts: Sequence[Sequence[int]]
    evidence: Mapping[str, Any] | None

    def must_link(self) -> list[tuple[int, int]]:
        """Return pairs of records that are one customer: a chain through each part says it of all of them."""
        if self.kind is Verdict.DIFFERENT:
            return []
        return [pair for part in self.parts for pair in pairwise(part)]

    def cannot_link(self) -> list[tuple[int, int]]:
        """Return pairs of records that are different customers."""
        if self.kind is Verdict.SAME:
            return []
        return [pair for one, two in combinations(self.parts, 2) for pair in product(one, two)]


class Decisions:
    """The decisions of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, number: int) -> Decision:
        """Return one decision; raises ``NotFound``."""
        with self._database.read() as connection:
            return find(connection, number)

    def binding(self, entity: str, records: Sequence[int] | None = None) -> list[Decision]:
        """Return the decisions that hold, in the order they were made; only those about ``records`` where given."""
        with self._database.read() as connection:
            return binding(connection, entity, records)

    def page(
        self, *, entity: str | None = None, limit: int = 50, before: int | None = None, by: str = ""
    ) -> list[Decision]:
        """Return decisions, withdrawn ones too, the newest first; only those ``by`` a steward where one is named."""
        query = select(decision).order_by(decision.c.id.desc()).limit(limit)
        if by:
            query = query.where(decision.c.made_by == by)
        if entity is not None:
            query = query.where(decision.c.entity == entity)
        if before is not None:
            query = query.where(decision.c.id < before)
        with self._database.read() as connection:
            return _decisions(connection, query)

    def of_records(self, records: Sequence[int]) -> list[Decision]:
        """Return all decisions about any of some records, withdrawn ones too, in the order they were made."""
        with self._database.read() as connection:
            return about(connection, records)


def about(connection: Connection, records: Sequence[int]) -> list[Decision]:
    """Return all decisions about any of some records (see :meth:`Decisions.of_records`)."""
    return _decisions(connection, _about(connection, records).order_by(decision.c.id))


def binding(connection: Connection, entity: str, records: Sequence[int] | None = None) -> list[Decision]:
    """Return the decisions that hold (see :meth:`Decisions.binding`)."""
    if records is not None:
        return _with_parts(connection, _BINDING(connection, ids=list(records), entity=entity).all())
    query = select(decision).where(decision.c.entity == entity, decision.c.withdrawn_at.is_(None))
    return _decisions(connection, query.order_by(decision.c.id))


def find(connection: Connection, number: int) -> Decision:
    """Return one decision; raises ``NotFound``."""
    found = _with_parts(connection, _ONE(connection, number=number).all())
    if not found:
        raise NotFound(f"There is no decision {number}.", remedy="List them with 'cdm decisions'.", decision=number)
    return found[0]


def record_decision(connection: Connection, new: NewDecision, run_id: int, now: datetime) -> Decision:
    """Keep a decision.

    Args:
        connection: an open write transaction.
        new: the decision.
        run_id: the run that carries it out.
        now: the present time.
    """
    number = take_numbers(connection, COUNTER, 1)[0]
    parts = sorted(tuple(sorted(set(part))) for part in new.parts)
    values = {
        "entity": new.entity,
        "kind": new.kind.value,
        "made_at": stamp(now),
        "made_by": new.by,
        "reason": new.reason,
        "run_id": run_id,
    }
    evidence = dump(dict(new.evidence)) if new.evidence is not None else None
    insert_row(connection, decision, {"id": number, "evidence": evidence, **values})
    members = [(record, place) for place, part in enumerate(parts) for record in part]
    columns: dict[str, Sequence[Any]] = {
        "decision_id": [number] * len(members),
        "record_id": [record for record, _ in members],
        "part": [place for _, place in members],
    }
    insert_rows(connection, decision_member, columns)
    return find(connection, number)


def withdraw(connection: Connection, gone: Withdrawal, run_id: int, now: datetime) -> Decision:
    """Withdraw a decision: it binds no more, and stays on record.

    Args:
        connection: an open write transaction.
        gone: which, by whom, why.
        run_id: the run that carries it out.
        now: the present time.

    Raises:
        NotFound: there is no such decision.
        Conflict: it was withdrawn before; says by whom and when.
    """
    find(connection, gone.decision_id).must_bind()
    end(connection, decision, gone, run_id, now)
    return find(connection, gone.decision_id)


def decided_since(connection: Connection, records: Sequence[int], run_id: int) -> bool:
    """Tell whether a decision about any of some records was made or withdrawn after a run began."""
    d = decision.c
    query = _about(connection, records).where(or_(d.run_id > run_id, d.withdrawn_run_id > run_id))
    return connection.execute(query.limit(1)).first() is not None


def _about(connection: Connection, records: Sequence[int]) -> Select[Any]:
    about = select(decision_member.c.decision_id).where(one_of(connection, decision_member.c.record_id, records))
    return select(decision).where(decision.c.id.in_(about))


def _binding(dialect: str) -> Select[Any]:
    """Select the decisions about some records that hold."""
    told = select(decision_member.c.decision_id).where(among(dialect, decision_member.c.record_id, "ids"))
    holds = decision.c.entity == bindparam("entity"), decision.c.withdrawn_at.is_(None)
    return select(decision).where(decision.c.id.in_(told), *holds).order_by(decision.c.id)


def _parts(dialect: str) -> Select[Any]:
    m = decision_member.c
    members = select(m.decision_id, m.part, m.record_id).where(among(dialect, m.decision_id, "ids"))
    return members.order_by(m.decision_id, m.part, m.record_id)


_BINDING, _PARTS = Prepared(_binding), Prepared(_parts)
_ONE = Prepared(lambda _: select(decision).where(decision.c.id == bindparam("number")))


def _decisions(connection: Connection, query: Select[Any]) -> list[Decision]:
    return _with_parts(connection, connection.execute(query).all())


def _with_parts(connection: Connection, rows: Sequence[AnyRow]) -> list[Decision]:
    if not rows:
        return []
    parts: dict[int, dict[int, list[int]]] = {}
    for one in _PARTS(connection, ids=[row.id for row in rows]):
        parts.setdefault(one.decision_id, {}).setdefault(one.part, []).append(one.record_id)
    return [_decision(row, [*parts.get(row.id, {}).values()]) for row in rows]


def _decision(row: AnyRow, parts: Sequence[Sequence[int]]) -> Decision:
    evidence = load(row.evidence) if row.evidence else None
    return Decision(**said_of(row), kind=Verdict(row.kind), parts=parts, evidence=evidence)
