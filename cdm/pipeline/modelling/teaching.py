"""Teach the active model what stewards said; the corrected model is kept as a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cdm.errors import CdmError, ExitCode
from cdm.pipeline.hub import Hub
from cdm.pipeline.modelling.population import Population, model_of_entry, populations
from cdm.pipeline.modelling.verdicts import Verdict, gathered, of_decisions, of_entry, read_verdicts
from cdm.report.figures import RecordRef
from cdm.store import MatchModelEntry, NewMatchModel
from schemas.model import Label
from schemas.progress import Progress

if TYPE_CHECKING:
    from matching.supervised import Lesson


class NothingToLearnError(CdmError):
    """There are no verdicts to learn from."""

    code, status, exit_code = "nothing_to_learn", 422, int(ExitCode.USAGE)


@dataclass(frozen=True, eq=False)
class Taught:
    """What one entity type's model learned.

    Attributes:
        entity: what the entity type is called.
        lesson: the figures; ``entry`` is the corrected version, ``None`` where the labels changed nothing.
        parent: version that was corrected.
        contradictions: chains of records said to be one customer whose ends are said to be two.
    """

    entity: Label
    lesson: Lesson
    entry: MatchModelEntry | None
    parent: str
    contradictions: Sequence[Sequence[RecordRef]]


def teach(hub: Hub, sheet: Path | None, by: str, progress: Progress) -> list[Taught]:
    """Learn from a sheet of verdicts, from stewards' decisions, and from what was learned before.

    Args:
        hub: the open hub.
        sheet: filled in (see :func:`cdm.pipeline.modelling.ask`); ``None`` for decisions alone.
        by: who teaches.
        progress: told about stages.

    Raises:
        NothingToLearnError: there are no verdicts.
        EvaluateError: the sheet names an unknown record or verdict; names file, row and value.
    """
    everyone = populations(hub)
    said = read_verdicts(sheet, everyone) if sheet is not None else {}
    taught = []
    for one in everyone:
        active = hub.store.match_models.active(one.entity.name)
        fresh = [*of_decisions(one.decisions)]
        verdicts = gathered(of_entry(active), fresh, said.get(one.entity.name, []))
        if said.get(one.entity.name) if sheet is not None else verdicts:
            taught.append(_teach(one, active, verdicts, by, progress))
    if not taught:
        raise NothingToLearnError(
            "No pair has a verdict yet.",
            remedy="Write questions with 'cdm model ask --out questions.xlsx', fill in the column verdict, and give "
            "the file to 'cdm model learn'.",
        )
    return taught


def _teach(
    one: Population, active: MatchModelEntry | None, verdicts: Sequence[Verdict], by: str, progress: Progress
) -> Taught:
    from matching.supervised import Labels, learn_from

    before = model_of_entry(one.hub, active) if active is not None else None
    result = one.match(before, progress)
    lesson = learn_from(result, Labels.of(_rows(verdicts, one.record_ids)))
    parent = active.version if active is not None else result.model.version
    return Taught(
        entity=one.entity.label,
        lesson=lesson,
        entry=None if lesson.taken is None else _keep(one, lesson, _new(one, lesson, parent, verdicts, by), progress),
        parent=parent,
        contradictions=[[one.names[row] for row in found.chain] for found in lesson.contradictions],
    )


def _keep(one: Population, lesson: Lesson, new: NewMatchModel, progress: Progress) -> MatchModelEntry:
    """Keep the corrected model with what it makes of the records."""
    return one.keep(new, lesson.model, one.match(lesson.model, progress))


def _new(one: Population, lesson: Lesson, parent: str, verdicts: Sequence[Verdict], by: str) -> NewMatchModel:
    """Say what the corrected model learned from."""
    learned = {
        "records": lesson.model.records,
        "rows": lesson.model.rows,
        "why": "taught",
        "lesson": lesson.to_dict(),
        "verdicts": [[a, b, int(same)] for a, b, same in verdicts],
    }
    return NewMatchModel(one.entity.name, "", b"", by, parent, learned)


def _rows(verdicts: Sequence[Verdict], record_ids: np.ndarray) -> list[Verdict]:
    """Return verdicts on rows; those on records that do not live now are left out."""
    row = {int(record): at for at, record in enumerate(record_ids)}
    return [(row[a], row[b], same) for a, b, same in verdicts if a in row and b in row]
