"""Seals of the change feed: the audit trail holds digests of it, so that whoever alters an event is found out.

When a run ends, the digest of all events since the last seal is entered in the trail with the run's outcome. Seals
follow each other without gaps; the hash chain of the trail protects them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, literal, select, update

from cdm.store.tables import counter, event

SEALED = "sealed"
"""Counter of the last event under a seal."""
_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Seal:
    """The digest of the events ``first`` to ``last``."""

    first: int
    last: int
    sha256: str


def seal(connection: Connection, last: int) -> Seal | None:
    """Seal the events up to ``last`` that no seal covers yet; ``None`` where there are none.

    Args:
        connection: the transaction that enters the seal in the audit trail.
        last: number of the newest event.
    """
    first = int(connection.execute(select(counter.c.value).where(counter.c.name == SEALED)).scalar() or 0) + 1
    if last < first:
        return None
    if first == 1:
        connection.execute(insert(counter).values(name=SEALED, value=last))
    else:
        connection.execute(update(counter).where(counter.c.name == SEALED).values(value=last))
    return Seal(first, last, _digest(connection, first, last))


def broken(connection: Connection, details: Iterable[tuple[int, Mapping[str, Any]]]) -> int | None:
    """Return the number of the first audit entry whose seal the feed does not fit, ``None`` where all do.

    Args:
        connection: any transaction.
        details: number and seal (as entered) of every audit entry that holds one, in order.
    """
    expected = 1
    for number, found in details:
        one = Seal(**found)
        if one.first != expected or _digest(connection, one.first, one.last) != one.sha256:
            return number
        expected = one.last + 1
    return None


def _digest(connection: Connection, first: int, last: int) -> str:
    """Return the SHA-256 of some events as text, alike on every database."""
    e = event.c
    line: ColumnElement[str] = cast(e.seq, Text)
    for column in (e.at, e.run_id, e.entity, e.golden_id, e.kind, e.version, e.members, e.related, e.decision_id):
        line = line + literal("\x1f") + func.coalesce(cast(column, Text), literal(""))
    query = select(line).where(e.seq.between(first, last)).order_by(e.seq)
    sum_ = hashlib.sha256()
    for part in connection.execute(query, execution_options={"yield_per": _AT_A_TIME}).scalars().partitions():
        sum_.update("\n".join([*part, ""]).encode())
    return sum_.hexdigest()
