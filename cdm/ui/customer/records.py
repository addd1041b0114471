"""The source records of a customer: which key it has where, raw and standardised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdm.ui.customer.values import field_label, said
from cdm.ui.elements import chip, icon, tag
from cdm.ui.figures import when
from cdm.ui.tables import card, table

if TYPE_CHECKING:
    from cdm.service.golden_shapes import GoldenView
    from cdm.service.shapes import RecordView
    from cdm.ui.session import Session

FINDING = {"error": "error", "warning": "warning", "info": "info"}


def show_records(session: Session, view: GoldenView) -> None:
    """Show the crosswalk; each record opens to show its columns."""
    words = session.words
    with card(words("customer.crosswalk.title"), "flush", words("customer.crosswalk.lead")):
        for one in view.records:
            with tag("details", css="record-line", data_record=f"{one.source}:{one.key}"):
                with tag("summary"):
                    chip(one.source)
                    tag("span", one.key, "mono strong wrap-any")
                    tag("span", one.origin, "soft small wrap-any place")
                    with tag("span", css="soft small nowrap"):
                        when(one.updated_at or one.changed_at, words)
                    icon("expand_more", "opener")
                _content(session, one)


def _content(session: Session, one: RecordView) -> None:
    words, hidden = session.words, session.words("customer.masked.hidden")
    with tag("div", css="record-more"):
        for finding in one.findings:
            _finding(session, one, finding.field, finding.code, finding.severity)
        headers = [words("customer.crosswalk.field"), words("customer.crosswalk.value")]
        with tag("div", css="columns"):
            with tag("div"):
                tag("h3", words("customer.crosswalk.raw"))
                with table(words("customer.crosswalk.raw"), headers, css="dense"):
                    for column, raw in one.raw.items():
                        if raw != "":
                            _row(column, hidden if raw is None else raw)
            with tag("div"):
                tag("h3", words("customer.crosswalk.standard"))
                with table(words("customer.crosswalk.standard"), headers, css="dense"):
                    for name, value in one.fields.items():
                        text = "; ".join(said(session, one.entity, name, value)) or (
                            hidden if name in one.masked else ""
                        )
                        if text:
                            _row(field_label(session, one.entity, name), text)


def _row(name: str, said: str) -> None:
    with tag("tr"):
        tag("td", name, "soft")
        tag("td", said, "wrap-any")


def _finding(session: Session, one: RecordView, field: str, code: str, severity: str) -> None:
    from quality.cleanse.codes import describe

    with tag("div", css="line close small"):
        chip(field_label(session, one.entity, field), FINDING.get(severity, ""))
        tag("span", describe(code, session.language), "soft")
