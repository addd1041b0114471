"""Judge how many golden records a consolidation would merge, split or retire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from cdm.errors import RunHeld
from cdm.identity import Assignment
from cdm.pipeline.gates.breach import Breach, Gate, told
from cdm.settings import Settings


def held(run_id: int, breaches: Iterable[Breach], language: str) -> RunHeld:
    """Return the error that says why a consolidation is held and what can be done."""
    found = tuple(breaches)
    return RunHeld(
        f"Run {run_id} is held, and the golden records stay as they were: {told(found, language)}.",
        remedy=f"Look at what the sources changed; then 'cdm runs release {run_id}' or 'cdm runs reject {run_id}'.",
        run=run_id,
        gates=[one.gate.value for one in found],
    )


@dataclass(frozen=True, slots=True)
class Movement:
    """How many live golden records of an entity type a run would merge, split or retire."""

    entity: str
    moved: int
    live: int

    @classmethod
    def of(cls, entity: str, assignment: Assignment, current: pa.Table, live: int) -> Movement:
        """Return what an assignment would do: golden records that retire, or lose a record to another one.

        Args:
            entity: the entity type.
            assignment: the golden ids that are to be.
            current: record_id, golden_id — the crosswalk as it is.
            live: golden records that are not retired.
        """
        at = pc.index_in(current["record_id"], value_set=pa.array(assignment.record_ids))
        new = pa.chunked_array([assignment.golden_ids]).take(at)
        left = current["golden_id"].filter(pc.fill_null(pc.not_equal(new, current["golden_id"]), False))
        return cls(entity, len({*left.unique().to_pylist(), *assignment.retired}), live)

    @property
    def share(self) -> float:
        """Share of the live golden records, 0 to 1."""
        return self.moved / self.live if self.live else 0.0


def too_much(one: Movement, settings: Settings, allowed: Mapping[str, float]) -> bool:
    """Tell whether a run moves more than it may without being asked about.

    Args:
        one: what it would move.
        settings: with the limits.
        allowed: entity type → share that somebody has let through.
    """
    return one.live >= settings.gate_minimum and one.share > _limit(one, settings, allowed)


def judge_churn(movements: Iterable[Movement], settings: Settings, allowed: Mapping[str, float]) -> list[Breach]:
    """Return the limits a consolidation exceeds; empty where it may be written.

    Args:
        movements: what it would move, by entity type.
        settings, allowed: as for :func:`too_much`.
    """
    return [
        Breach(Gate.CHURN, one.entity, one.share, _limit(one, settings, allowed), one.moved)
        for one in movements
        if too_much(one, settings, allowed)
    ]


def _limit(one: Movement, settings: Settings, allowed: Mapping[str, float]) -> float:
    return max(settings.gate_churn, allowed.get(one.entity, 0.0))
