"""Quality scores as runs found them: what the trend of the dashboard is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.tables import assessment, run


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """The scores of all sources and of golden records after a run."""

    run_id: int
    at: str
    scores: Sequence[Mapping[str, Any]]
    """One line per source or golden records (``subject`` empty) and entity type: ``dimensions``,
    ``total``, ``records``."""


class Assessments:
    """The assessments of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, scores: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Keep the scores as found after the last run; a later assessment of the same state replaces it."""
        with self._database.write() as connection:
            number = connection.execute(select(func.coalesce(func.max(run.c.id), 0))).scalar_one()
            connection.execute(delete(assessment).where(assessment.c.run_id == number))
            connection.execute(insert(assessment).values(run_id=number, at=stamp(now), scores=dump(list(scores))))

    def last(self, limit: int) -> list[StoredAssessment]:
        """Return the latest ones, the oldest first."""
        query = select(assessment).order_by(assessment.c.run_id.desc()).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [StoredAssessment(row.run_id, row.at, load(row.scores)) for row in reversed(rows)]
