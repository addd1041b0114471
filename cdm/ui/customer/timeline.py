"""What a customer did: figures of all activities, and the latest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdm.ui.customer.values import field_label
from cdm.ui.elements import button, chip, icon, tag
from cdm.ui.figures import number, when
from cdm.ui.hits import texts
from cdm.ui.tables import card

if TYPE_CHECKING:
    from cdm.service.golden_shapes import ActivityFigures, Timeline
    from cdm.service.shapes import RecordView
    from cdm.ui.session import Session

SYMBOLS = {"transaction": "shopping_cart", "interaction": "forum", "behaviour": "touch_app", "relationship": "hub"}
SHOWN = 6
"""Activities shown before more are asked for."""
NOT_SAID = frozenset({"party_key", "occurred_at", "currency"})
"""Fields that do not help to know an activity: the customer's own key, and what stands elsewhere."""


def show_timeline(session: Session, found: Timeline) -> None:
    """Show figures by kind of activity, then the activities, the latest first."""
    words = session.words
    with card(words("customer.timeline.title")):
        if not found.activities:
            tag("p", words("customer.timeline.none"), "soft")
            return
        for one in found.figures:
            _figures(session, one)
        with tag("ol", css="timeline") as place:
            for activity in found.activities[:SHOWN]:
                _activity(session, activity)
        if len(found.activities) > SHOWN:
            more = button(words("customer.timeline.more", count=len(found.activities) - SHOWN), "plain small")

            def show_all() -> None:
                more.delete()
                with place:
                    for activity in found.activities[SHOWN:]:
                        _activity(session, activity)

            more.on("click", show_all)


def _figures(session: Session, one: ActivityFigures) -> None:
    words = session.words
    with tag("div", css="figures"):
        _figure(session.model[one.entity].label.text(words.language), number(one.count))
        for money in one.turnover:
            _figure(words("customer.timeline.total", currency=money.currency), f"{float(money.total):,.2f}")
            _figure(words("customer.timeline.average"), f"{float(money.average):,.2f}")
        if one.recency_days is not None:
            _figure(words("customer.timeline.last"), words("customer.timeline.days", count=one.recency_days))
    if one.channels:
        with tag("div", css="line close channels"):
            for name, count in list(one.channels.items())[:4]:
                chip(f"{name} {count}")


def _figure(name: str, value: str) -> None:
    with tag("div"):
        tag("div", value, "figure")
        tag("div", name, "soft small")


def _activity(session: Session, one: RecordView) -> None:
    said = [
        f"{field_label(session, one.entity, name)} {'; '.join(texts(value))}"
        for name, value in one.fields.items()
        if texts(value) and name not in NOT_SAID
    ]
    with tag("li"):
        icon(SYMBOLS.get(one.entity, "bolt"))
        with tag("div"):
            with tag("div", css="line close"):
                tag("span", session.model[one.entity].label.text(session.language), "strong")
                with tag("span", css="soft small"):
                    when(next(iter(texts(one.fields.get("occurred_at"))), None), session.words)
                chip(one.source)
            tag("div", " · ".join(said), "soft small wrap-any")
