"""The versions of a customer: who changed what, when and why; what differs; taking a decision back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cdm.ui.customer.values import TOGGLED, field_label, said
from cdm.ui.elements import button, icon, tag
from cdm.ui.figures import when
from cdm.ui.present import Part
from cdm.ui.tables import card

if TYPE_CHECKING:
    from cdm.service.golden_shapes import DifferenceView, GoldenView, HistoryView, VersionView
    from cdm.ui.customer.steps import Steps
    from cdm.ui.session import Session

SYMBOLS = {
    "created": "add_circle",
    "updated": "edit",
    "merged": "merge",
    "split": "call_split",
    "retired": "block",
    "restored": "restore",
}
JOB = "cdm"
"""Who changed something where no person did."""


def show_history(session: Session, view: GoldenView, found: HistoryView, steps: Steps) -> None:
    """Show the versions, the newest first."""
    words = session.words
    decided = Counter(one.decision_id for one in found.versions)
    with card(words("customer.history.title")), tag("ol", css="timeline history"):
        for one in reversed(found.versions):
            # A decision that was taken back brought about two versions.
            _version(session, view, one, steps, steps.allowed and decided[one.decision_id] == 1)


def _version(session: Session, view: GoldenView, one: VersionView, steps: Steps, undoable: bool) -> None:
    words = session.words
    with tag("li", data_version=one.version):
        icon(SYMBOLS.get(one.what, "circle"))
        with tag("div", css="grow"):
            with tag("div", css="line close"):
                tag("span", words.of("customer.history.what", one.what), "strong")
                tag("span", words("customer.version", version=one.version), "soft small")
                with tag("span", css="soft small"):
                    when(one.at, words)
            who = words("customer.history.run", run=one.run_id) if one.who == JOB else one.who
            why = "" if one.who == JOB else one.why
            tag("div", " · ".join(text for text in (who, why) if text), "soft small wrap-any")
            _moves(session, one)
            if one.version > 1:
                _difference(session, view, one)
            with tag("div", css="line close"):
                if one.version != view.version:
                    tag(
                        "a",
                        words("customer.history.see"),
                        "link-text small",
                        href=f"/customers/{view.id}?as_of={one.run_id}",
                    )
                if undoable and one.decision_id is not None:
                    number = one.decision_id
                    again = button(words("customer.undo.button"), "plain small", "undo", data_undo=number)
                    again.on("click", lambda: steps.undo(number))


def _moves(session: Session, one: VersionView) -> None:
    words = session.words
    for way, records in (("came", one.came), ("left", one.left)):
        if records and one.version > 1:
            tag("div", words(f"customer.history.{way}", records=", ".join(records)), "small soft wrap-any")
    with tag("div", css="line close small"):
        for other in one.related:
            tag("a", words("customer.history.related"), "link-text", href=f"/customers/{other}", title=other)


def _difference(session: Session, view: GoldenView, one: VersionView) -> None:
    """Show which fields changed; opened, from what to what."""
    if not one.changed:
        return
    names = ", ".join(field_label(session, view.entity, name) for name in one.changed)
    with tag("details", css="difference") as place:
        tag("summary", session.words("customer.history.changed", fields=names), "small")
        part = Part(session, lines=1, css="stack close")
    asked: list[bool] = []

    async def load() -> None:
        if not asked:
            asked.append(True)
            await part.show(
                lambda desk: desk.past.difference(view.id, one.version - 1, one.version),
                lambda found: _changes(session, view, found),
            )

    place.on("toggle", load, js_handler=TOGGLED)


def _changes(session: Session, view: GoldenView, found: DifferenceView) -> None:
    for name, change in found.fields.items():
        with tag("div", css="small"):
            tag("div", field_label(session, view.entity, name), "soft")
            with tag("div", css="line close"):
                nothing = session.words("customer.masked.hidden" if name in found.masked else "customer.history.none")
                tag("del", "; ".join(said(session, view.entity, name, change.before)) or nothing, "wrap-any")
                icon("arrow_forward", "soft")
                tag("ins", "; ".join(said(session, view.entity, name, change.after)) or nothing, "wrap-any")
