"""Quality scores put together for the dashboard: over entity types, by source, over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdm.service.overview_shapes import Scores, ScoreView

TOTAL = "total"
GOLDEN = ""
"""Subject of the scores of golden records."""


def by_subject(scores: Sequence[ScoreView]) -> dict[str, dict[str, float | None]]:
    """Return the scores of golden records (subject empty), then of each source: dimension → score, and the total.

    Scores of several entity types are put together in the measure of their records.
    """
    subjects = sorted({one.subject for one in scores}, key=lambda name: (name != GOLDEN, name))
    return {subject: _mean([one for one in scores if one.subject == subject]) for subject in subjects}


def over_time(trend: Sequence[Scores], subject: str = GOLDEN) -> dict[str, list[float | None]]:
    """Return how the scores of a subject went: dimension → one score per run, ``None`` where there was none."""
    runs = [by_subject(one.scores).get(subject, {}) for one in trend]
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: [run.get(name) for run in runs] for name in names}


def _mean(scores: Sequence[ScoreView]) -> dict[str, float | None]:
    from cdm.report.page import DIMENSIONS

    known = {name for one in scores for name in one.dimensions}
    names = [*(name for name in DIMENSIONS if name in known), *sorted(known - DIMENSIONS.keys())]
    found = {name: _weighted([(one.dimensions.get(name), one.records) for one in scores]) for name in names}
    return {**found, TOTAL: _weighted([(one.total, one.records) for one in scores])}


def _weighted(values: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in values if value is not None and weight]
    return sum(v * w for v, w in known) / sum(w for _, w in known) if known else None


def change(values: Sequence[float | None]) -> float | None:
    """Return by how much the last known score differs from the one before."""
    known = [value for value in values if value is not None]
    return known[-1] - known[-2] if len(known) > 1 else None


def labels(dimensions: Mapping[str, object], language: str, total: str) -> dict[str, str]:
    """Return what the dimensions are called; ``total`` is the name of the total."""
    from cdm.report.page import DIMENSIONS

    return {n: total if n == TOTAL else DIMENSIONS[n].text(language) if n in DIMENSIONS else n for n in dimensions}
