"""Cases that stewards put off until a date; taken back, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from cdm.errors import Conflict
from cdm.store.audit import Act, log
from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.said import COUNTER
from cdm.store.tables import deferral, review_case


@dataclass(frozen=True, slots=True)
class NewDeferral:
    """A case about to be put off."""

    case_id: int
    golden: Sequence[str]
    """The golden records it was about when it was put off."""
    until: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deferral:
    """A case that was put off; ``id`` is of the same series as decisions and statements."""

    id: int
    case_id: int
    golden: Sequence[str]
    until: str
    made_at: str
    made_by: str
    reason: str
    withdrawn_at: str | None = None
    withdrawn_by: str | None = None


class Deferrals:
    """The deferrals of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, number: int) -> Deferral | None:
        """Return one deferral, or ``None``."""
        with self._database.read() as connection:
            return next(iter(_found(connection, select(deferral).where(deferral.c.id == number))), None)

    def page(self, *, limit: int = 50, by: str = "") -> list[Deferral]:
        """Return deferrals, those taken back too, the newest first."""
        query = select(deferral).order_by(deferral.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return _found(connection, query.where(deferral.c.made_by == by) if by else query)

    def put_off(self, new: NewDeferral, now: datetime) -> Deferral:
        """Put a case off.

        Raises:
            Conflict: the case is about other golden records by now, or settled.
        """
        about = dump(list(new.golden))
        with self._database.write() as connection:
            number = take_numbers(connection, COUNTER, 1)[0]
            here = select(review_case.c.id).where(review_case.c.id == new.case_id, review_case.c.golden == about)
            if connection.execute(here).first() is None:
                raise Conflict(
                    "The case has changed since you saw it.", remedy="Look at it again.", case_id=new.case_id
                )
            values = {"case_id": new.case_id, "golden": about, "until": stamp(new.until)}
            said = {"made_at": stamp(now), "made_by": new.by, "reason": new.reason}
            connection.execute(insert(deferral).values(id=number, **values, **said))
            detail = {"case": new.case_id, "golden": list(new.golden), "until": stamp(new.until), "reason": new.reason}
            log(connection, Act(new.by, "defer", f"case {new.case_id}", detail), now)
            return _found(connection, select(deferral).where(deferral.c.id == number))[0]

    def take_back(self, number: int, by: str, now: datetime) -> Deferral:
        """Let a case wait again at once; raises ``Conflict`` where that was done before."""
        f = deferral.c
        with self._database.write() as connection:
            gone = update(deferral).where(f.id == number, f.withdrawn_at.is_(None))
            if connection.execute(gone.values(withdrawn_at=stamp(now), withdrawn_by=by)).rowcount == 0:
                raise Conflict(f"Number {number} was taken back already.", remedy="Nothing is left to undo.")
            found = _found(connection, select(deferral).where(f.id == number))[0]
            log(connection, Act(by, "undo", f"deferral {number}", {"case": found.case_id}), now)
            return found


def _found(connection: Connection, query: Select[Any]) -> list[Deferral]:
    return [_deferral(row) for row in connection.execute(query)]


def _deferral(row: AnyRow) -> Deferral:
    return Deferral(**{**row._asdict(), "golden": load(row.golden)})
