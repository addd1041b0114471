"""The table of a case: fields as rows, golden records as columns, what merging gives as the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from cdm.service.review_shapes import CaseRow, CaseView, OutlookRow, OutlookView, RawValue, StandardValue
from cdm.service.shapes import RecordRef
from cdm.ui.figures import NOTHING
from cdm.ui.review.marks import marked
from cdm.ui.words import Words
from quality.cleanse.spoken import is_coded, spoken
from schemas.types import SemanticType

DIFFERENT = ("differs", "clashes")
"""States of a row whose golden records say different things."""
TWO = 2
"""Fewer golden records than these are nothing to decide about."""


@dataclass
class Look:
    """How a case is looked at."""

    raw: bool = False
    parts: bool = False
    differing: bool = False
    out: set[int] = field(default_factory=set)
    """Places of golden records that are left out of the merge."""

    def taken(self, case: CaseView) -> list[str]:
        """Return the golden ids that are taken into the merge."""
        return [one.id for place, one in enumerate(case.golden) if place not in self.out]


def body(case: CaseView, outlook: OutlookView | None, look: Look, words: Words) -> Markup:
    """Return the rows of the table as HTML.

    Args:
        case: the case.
        outlook: what merging those that are taken in would give, where two or more are.
        look: how it is looked at.
        words: the texts.
    """
    merged = {row.field: row for row in outlook.rows} if outlook else {}
    rows = [row for row in case.rows if _wanted(row, look)]
    return Markup("").join(_row(row, merged.get(row.field), look, words) for row in rows)


def clashing(case: CaseView, look: Look) -> list[CaseRow]:
    """Return the identifiers that differ between the golden records that are taken into the merge."""
    places = [place for place in range(len(case.golden)) if place not in look.out]
    return [row for row in case.rows if row.state == "clashes" and _clash(row, places)]


def _clash(row: CaseRow, places: Sequence[int]) -> bool:
    said = [tuple(one.text for one in row.cells[place].standard if one.golden) for place in places]
    known = [one for one in said if one]
    return len(known) >= TWO and (len(set(known)) >= TWO or bool(row.masked))


def _wanted(row: CaseRow, look: Look) -> bool:
    return (look.parts or not row.part) and (not look.differing or _matters(row))


def _matters(row: CaseRow) -> bool:
    """Tell whether golden records differ in something that matching compares."""
    return row.weighs and row.state in DIFFERENT


def _row(row: CaseRow, merged: OutlookRow | None, look: Look, words: Words) -> Markup:
    cells = [
        Markup('<td class="{}">{}</td>').format(
            "out" if place in look.out else "",
            _raw(cell.raw, words) if look.raw else _standard(row, place, words),
        )
        for place, cell in enumerate(row.cells)
    ]
    told = words(f"review.state_of.{row.state}")
    head = Markup('<th scope="row">{}<span class="unseen">{}</span></th>').format(row.label.text(words.language), told)
    outcome = Markup('<td class="result">{}</td>').format(_outcome(merged, row.kind, words) if merged else "")
    state = f"differs {row.state}" if _matters(row) else row.state if row.weighs else "aside"
    return Markup('<tr class="{}" data-field="{}">{}{}{}</tr>').format(
        state, row.field, head, Markup("").join(cells), outcome
    )


def _others(row: CaseRow, place: int) -> list[str]:
    """Return the golden values of the other golden records."""
    return [one.text for at, cell in enumerate(row.cells) if at != place for one in cell.standard if one.golden]


def _standard(row: CaseRow, place: int, words: Words) -> Markup:
    cell = row.cells[place]
    if not cell.standard:
        return _nothing()
    others = _others(row, place) if _matters(row) else []
    golden = [one for one in cell.standard if one.golden]
    more = [one for one in cell.standard if not one.golden]
    lines = [Markup('<div class="said">{}</div>').format(_compared(one.text, row, others, words)) for one in golden]
    lines += [_other(one, row, words) for one in more]
    return Markup("").join(lines)


def _compared(text: str, row: CaseRow, others: Sequence[str], words: Words) -> Markup:
    """Return a value, marked where it differs from the others: a code as a whole, a text by its characters."""
    if not is_coded(row.kind):
        return marked(text, others)
    said = spoken(row.kind, text, words.language)
    return Markup("<mark>{}</mark>").format(said) if others and text not in others else escape(said)


def _other(one: StandardValue, row: CaseRow, words: Words) -> Markup:
    return Markup('<div class="also" title="{}">{} {}</div>').format(
        words("review.others"), spoken(row.kind, one.text, words.language), _sources(one.records)
    )


def _raw(values: Sequence[RawValue], words: Words) -> Markup:
    lines = [
        Markup('<div class="raw-line"><span class="raw" title="{}">{}</span> {}</div>').format(
            one.column, words("review.hidden") if one.text is None else one.text, _sources([one.record])
        )
        for one in values
    ]
    return Markup("").join(lines) if lines else _nothing()


def _outcome(row: OutlookRow, kind: SemanticType, words: Words) -> Markup:
    texts = (spoken(kind, one.text, words.language) for one in row.values)
    values = Markup("").join(Markup('<div class="said">{}</div>').format(text) for text in texts)
    joint = words("review.joint")
    whys: dict[str, list[str]] = {}
    for one in row.values:
        whys.setdefault(one.reason.text(words.language), []).append(one.source)
    told = (joint_reason(why, [name for name in dict.fromkeys(who) if name], joint) for why, who in whys.items())
    return values + Markup("").join(Markup('<div class="why">{}</div>').format(one) for one in told)


def joint_reason(why: str, sources: Sequence[str], joint: str) -> str:
    """Return a reason with the sources it names."""
    return f"{why} · {joint.join(sources)}" if sources else why


def _sources(records: Sequence[RecordRef]) -> Markup:
    names = dict.fromkeys(one.source for one in records)
    keys = {name: ", ".join(one.key for one in records if one.source == name) for name in names}
    return Markup(" ").join(
        Markup('<span class="from" title="{}">{}</span>').format(f"{name}:{keys[name]}", name) for name in names
    )


def _nothing() -> Markup:
    return Markup('<span class="none">{}</span>').format(escape(NOTHING))
