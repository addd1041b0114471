"""Scores in lines as they are kept with runs: what a summary shows and the trend is drawn from.

Working them out reads every record. After a few changes they are what they were, so an incremental run leaves them as
they stand, until so much has changed since that counting anew is a small part of the work there was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cdm.pipeline.assess import GOLDEN, Assessment, assess
from cdm.pipeline.hub import Hub
from cdm.report.figures import ScoreFigures
from cdm.store.assessments import StoredAssessment
from schemas.model import Label, Model

SHARE = 0.1
"""Share of the records that may have changed before scores are worked out anew."""
SMALL = 20_000
"""Records of a hub whose scores are worked out with every run."""
OLD = timedelta(days=7)
"""Age of scores from which they are worked out anew: they also say how up to date the records are."""
_RUNS = 1000

Line = Mapping[str, Any]
"""``subject`` (a source; empty: the golden records), ``entity``, ``records``, ``dimensions``, ``total``."""


def score_lines(assessments: Sequence[Assessment]) -> list[Line]:
    """Return one line per source and entity type, and one per entity type for its golden records."""
    from quality.score import DIMENSIONS

    lines: list[Line] = []
    for one in assessments:
        rows = [{**row, "subject": row["group"]} for row in one.sources.to_pylist()]
        for row in [*rows, {**one.golden_scores, "subject": ""}]:
            judged = {name: row.get(name) for name in DIMENSIONS}
            line = {"subject": row["subject"], "entity": one.entity.name, "records": int(row["records"])}
            lines.append({**line, "dimensions": judged, "total": row.get("total")})
    return lines


def standing(hub: Hub) -> StoredAssessment | None:
    """Return the scores that were kept last, ``None`` where they are to be worked out anew."""
    kept = hub.store.assessments.last(1)
    if not kept or hub.now() - datetime.fromisoformat(kept[0].at) > OLD:
        return None
    records = hub.store.crosswalk.count()
    few = records > SMALL and _changed_since(hub, kept[0].run_id) < SHARE * records
    return kept[0] if few else None


def keep_scores(hub: Hub, assessments: Sequence[Assessment]) -> None:
    """Keep what was found with the last run."""
    hub.store.assessments.keep(score_lines(assessments), hub.now())


def refresh_scores(hub: Hub, *, anew: bool) -> str:
    """See to it that the scores that are kept tell of the hub as it is.

    Args:
        hub: the open hub.
        anew: work them out whatever it costs, as once a night, instead of where enough changed.

    Returns:
        When they were worked out (ISO 8601).
    """
    if anew or (kept := standing(hub)) is None:
        keep_scores(hub, assess(hub))
        kept = hub.store.assessments.last(1)[0]
    return kept.at


def _changed_since(hub: Hub, run_id: int) -> int:
    """Return how many records were matched and merged after a run."""
    runs = hub.store.runs.list(_RUNS, kind="consolidate")
    figures = [one for run in runs if run.id > run_id for one in run.stats.values() if isinstance(one, dict)]
    return sum(one["records"] if one["mode"] == "whole" else one["arrived"] + one["left"] for one in figures)


def score_figures(model: Model, lines: Sequence[Line]) -> list[ScoreFigures]:
    """Return the lines as they are shown: those of sources, then those of golden records."""
    return [
        ScoreFigures(_subject(line["subject"], model[line["entity"]].label), line["dimensions"], line["total"])
        for line in sorted(lines, key=lambda line: not line["subject"])
        if line["entity"] in model.entities
    ]


def _subject(source: str, entity: Label) -> Label:
    subject = Label(source, source) if source else GOLDEN
    return Label(f"{subject.zh} · {entity.zh}", f"{subject.en} · {entity.en}")


def overall(lines: Sequence[Line]) -> float | None:
    """Return the mean score of the golden records of all entity types."""
    golden = [(line["records"], line["total"]) for line in lines if not line["subject"] and line["total"] is not None]
    total = sum(count for count, _ in golden)
    return sum(count * score for count, score in golden) / total if total else None
