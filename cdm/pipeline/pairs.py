"""Explained pairs as the reports show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdm.report.figures import ComparedField, PairFigures, RecordRef, Shown
from schemas.model import EntityType, Label
from schemas.types import Privacy, SemanticType

NOT_COMPARED = -1
"""Comparison level of a field that one of the records leaves empty."""
RELATED = Label("相关而非同一", "related, not the same")
IDENTIFIERS = Label("标识号", "identifiers")
LIMITED = Label("证据有限", "narrow or unstable evidence")


def pair_figures(entity: EntityType, explanation: Mapping[str, Any], left: RecordRef, right: RecordRef) -> PairFigures:
    """Turn an explanation (``matching.Explanation`` as a mapping) into what a page shows.

    Fields that were not compared are left out; what is not evidence of one field (related pairs, identifiers, limits)
    becomes a line of its own, so that the waterfall adds up.
    """
    fields = [_compared(entity, one) for one in explanation["fields"] if one["level"] != NOT_COMPARED]
    for label, name in ((RELATED, "related"), (IDENTIFIERS, "identifiers"), (LIMITED, "limited")):
        if abs(weight := explanation[name]) > 0.05:
            said = _said(explanation["competitor"]) if name == "related" else label
            fields.append(
                ComparedField(label, Shown("", privacy=Privacy.NONE), Shown("", privacy=Privacy.NONE), said, weight)
            )
    return PairFigures(left, right, explanation["probability"], explanation["prior"], fields)


def _compared(entity: EntityType, one: Mapping[str, Any]) -> ComparedField:
    name = one["field"]
    left, right = (shown(entity, name, one[side] or "") for side in ("left", "right"))
    return ComparedField(field_label(entity, name), left, right, _said(one["meaning"]), one["weight"])


def _said(words: Mapping[str, str] | str) -> Label:
    """Return words of an explanation in both languages; hubs written before keep them in English only."""
    return Label(words, words) if isinstance(words, str) else Label(**words)


def field_label(entity: EntityType, name: str) -> Label:
    """Return the label of a field; an unmapped column is called as its source calls it."""
    if name in entity.fields:
        return entity.fields[name].label
    plain = name.removeprefix("extra:")
    return Label(plain, plain)


def shown(entity: EntityType, name: str, value: object) -> Shown:
    """Return a value with what is needed to mask it."""
    text = " | ".join(str(v) for v in value) if isinstance(value, list) else str(value)
    field = entity.fields.get(name)
    return Shown(text, field.type, field.privacy) if field else Shown(text, SemanticType.TEXT)
