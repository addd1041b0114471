"""The quality score of a customer: dimensions, and what lowers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdm.ui import scores
from cdm.ui.charts import grade, meter
from cdm.ui.elements import tag
from cdm.ui.figures import score
from cdm.ui.tables import card

if TYPE_CHECKING:
    from cdm.service.golden_shapes import GoldenView
    from cdm.ui.session import Session


def show_quality(session: Session, view: GoldenView) -> None:
    """Show the dimensions with their scores, then the reasons."""
    from quality.score import describe_reason

    words, found = session.words, view.score or {}
    figures = {name: value for name, value in found.items() if isinstance(value, int | float)}
    names = scores.labels(figures, words.language, words("dashboard.total"))
    with card(words("customer.quality.title")):
        if not figures:
            tag("p", words("customer.quality.none"), "soft")
        with tag("ul", css="score-lines"):
            for name, value in figures.items():
                with tag("li"):
                    tag("span", names[name], "soft")
                    meter(value / 100, grade(value))
                    tag("span", score(value), "num")
        with tag("ul", css="reasons small soft"):
            for reason in found.get("reasons", ()):
                tag("li", describe_reason(str(reason), session.model[view.entity], words.language))
