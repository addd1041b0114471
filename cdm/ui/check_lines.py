"""What checks of the data found, for the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cdm.ui.elements import chip, tag
from cdm.ui.figures import number, percent, when
from cdm.ui.tables import card

if TYPE_CHECKING:
    from cdm.service.checks import CheckView
    from cdm.ui.session import Session

GRAVITY = {"critical": "error", "warning": "warning"}


def show_checks(session: Session, checks: Sequence[CheckView]) -> None:
    """Show one line per source and type; one with broken expectations opens to tell which."""
    words = session.words
    with card(words("dashboard.checks.title"), "flush", words("dashboard.checks.lead")):
        for one in checks:
            with tag("details", css="check-line"):
                with tag("summary"):
                    tag("span", one.source or words("dashboard.scores.golden"), "strong")
                    tag("span", one.label.text(words.language), "soft")
                    tag("span", words("dashboard.checks.rows", count=number(one.rows)), "soft small")
                    with tag("span", css="line close end"):
                        _verdict(session, one)
                        with tag("span", css="soft small nowrap"):
                            when(one.at, words)
                _broken(session, one)


def _verdict(session: Session, one: CheckView) -> None:
    words = session.words
    if one.failed:
        chip(words("dashboard.checks.failed", count=one.failed), "error")
    if one.warned:
        chip(words("dashboard.checks.warned", count=one.warned), "warning")
    if not one.failed and not one.warned:
        chip(words("dashboard.checks.passed", count=one.expectations), "good")


def _broken(session: Session, one: CheckView) -> None:
    words = session.words
    with tag("ul", css="rivals check-more"):
        if not one.broken:
            tag("li", words("dashboard.checks.passed", count=one.expectations), "soft")
        for broken in one.broken:
            with tag("li"):
                chip(
                    broken.label.text(words.language) or one.label.text(words.language), GRAVITY.get(broken.gravity, "")
                )
                tag("span", broken.expected.text(words.language))
                said = words("dashboard.checks.unexpected", count=number(broken.unexpected))
                share = (
                    f" · {percent(broken.observed, 1)}" if broken.observed is not None and broken.observed <= 1 else ""
                )
                tag("span", f"{said}{share}", "soft small")
