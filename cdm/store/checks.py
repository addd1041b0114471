"""What checks found: one entry per run, source and entity type, or per run and entity type for golden records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Select, Table, Text, delete, func, insert, select

from cdm.store.bulk import AnyRow, take_numbers
from cdm.store.database import Database
from cdm.store.documents import dump, load
from cdm.store.sources import source_id
from cdm.store.tables import KeyText, RowId, metadata, source

if TYPE_CHECKING:
    from quality.expectations.kinds import Gravity
    from quality.expectations.outcome import Result

check_result = Table(
    "check_result",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("run_id", RowId, nullable=False, index=True),
    Column("at", KeyText, nullable=False),
    Column("source_id", RowId, ForeignKey("source.id"), nullable=True),
    Column("entity", KeyText, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("warned", Integer, nullable=False),
    Column("results", Text, nullable=False),
    Index(None, "source_id", "entity"),
    comment="What was found when records of a source, or golden records, were checked against the model.",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found.

    Attributes:
        run_id: number of the run it belongs to.
        at: when, as the store writes times.
        source: name of the source; ``None`` for golden records.
        entity: entity type.
        rows: records looked at.
        results: one per expectation.
    """

    run_id: int
    at: str
    source: str | None
    entity: str
    rows: int
    results: tuple[Result, ...]

    @property
    def failed(self) -> int:
        """Critical expectations that were not met."""
        from quality.expectations.kinds import Gravity

        return self._unmet(Gravity.CRITICAL)

    @property
    def warned(self) -> int:
        """Other expectations that were not met, figures without a bound of their own left out."""
        from quality.expectations.kinds import Gravity

        return self._unmet(Gravity.WARNING)

    def _unmet(self, gravity: Gravity) -> int:
        return sum(not one.success for one in self.results if one.gravity is gravity)

    @property
    def success(self) -> bool:
        """Whether every critical expectation was met."""
        return self.failed == 0


class Checks:
    """The checks of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, found: Sequence[Checked]) -> None:
        """Keep what a run's checks found; what the same run had found of the same records before is replaced."""
        c = check_result.c
        with self._database.write() as connection:
            numbers = take_numbers(connection, "check_result", len(found))
            for number, one in zip(numbers, found, strict=True):
                of = source_id(connection, one.source) if one.source is not None else None
                same = (c.run_id == one.run_id, c.source_id.is_not_distinct_from(of), c.entity == one.entity)
                connection.execute(delete(check_result).where(*same))
                values = {
                    "id": number,
                    "run_id": one.run_id,
                    "at": one.at,
                    "source_id": of,
                    "entity": one.entity,
                    "row_count": one.rows,
                    "failed": one.failed,
                    "warned": one.warned,
                    "results": dump([asdict(result) for result in one.results]),
                }
                connection.execute(insert(check_result).values(values))

    def latest(self) -> list[Checked]:
        """Return what the last check of each source and entity type found, golden records last."""
        c = check_result.c
        newest = select(func.max(c.id)).group_by(c.source_id, c.entity)
        return self._read(_select().where(c.id.in_(newest)))

    def of_run(self, run_id: int) -> list[Checked]:
        """Return what the checks of one run found, golden records last."""
        return self._read(_select().where(check_result.c.run_id == run_id))

    def history(self, source_name: str | None, entity: str, limit: int = 10) -> list[Checked]:
        """Return the last checks of one source, or of golden records where ``None``, the newest first."""
        c = check_result.c
        chosen = source.c.name.is_not_distinct_from(source_name)
        with self._database.read() as connection:
            query = _columns().where(chosen, c.entity == entity).order_by(c.id.desc()).limit(limit)
            return [_checked(row) for row in connection.execute(query)]

    def _read(self, query: Select[Any]) -> list[Checked]:
        with self._database.read() as connection:
            return [_checked(row) for row in connection.execute(query)]


def _columns() -> Select[Any]:
    c = check_result.c
    columns = (c.run_id, c.at, source.c.name, c.entity, c.row_count, c.results)
    return select(*columns).select_from(check_result.outerjoin(source))


def _select() -> Select[Any]:
    c = check_result.c
    return _columns().order_by(c.source_id.is_(None), c.source_id, c.entity)


def _checked(row: AnyRow) -> Checked:
    results = tuple(_result(one) for one in load(row.results))
    return Checked(row.run_id, row.at, row.name, row.entity, row.row_count, results)


def _result(document: dict[str, Any]) -> Result:
    from quality.expectations.kinds import Gravity, Kind
    from quality.expectations.outcome import Result

    kind, gravity = Kind(document["kind"]), Gravity(document["gravity"])
    return Result(**{**document, "kind": kind, "gravity": gravity, "examples": tuple(document["examples"])})
