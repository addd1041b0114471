"""Explained pairs as the reports show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdm.report.figures import ComparedField, PairFigures, RecordRef, Shown
from schemas.model import EntityType, Label
from schemas.types import Privacy, SemanticType

NOT_COMPARED = -1
"""Comparison level of a field that one of the records leaves empty."""
RELATED = Label("相关而非同一", "Related, not the same")
BADLY = Label("或为写得不好的重复", "Perhaps badly written")
CALIBRATION = Label("校准", "Calibration")
IDENTIFIERS = Label("标识号", "Identifiers")
LIMITED = Label("证据打了折扣", "Evidence held back")
MEANT = {
    "calibration": Label("按已知结果校正概率", "set right by what is known of such pairs"),
    "identifiers": Label("标识号相同", "an identifier is equal"),
    "limited": Label(
        "证据单一、不稳定或自相矛盾，交由人工判定", "evidence too narrow, unsteady or at odds: a person decides"
    ),
}
RULED = {
    "same": Label("规则或人工判定：同一客户", "a rule or a steward: the same"),
    "different": Label("规则或人工判定：不同客户", "a rule or a steward: different"),
}
SLIGHT = 0.05
"""Bits below which what is not evidence of one field gets no line of its own."""


def pair_figures(
    entity: EntityType, explanation: Mapping[str, Any], left: RecordRef, right: RecordRef, *, silent: bool = False
) -> PairFigures:
    """Turn an explanation (``matching.Explanation`` as a mapping) into what a page shows.

    What is not evidence of one field (related pairs, identifiers, limits) becomes a line of its own, so that the
    waterfall adds up.

    Args:
        entity: the entity type of the records.
        explanation: the explanation.
        left, right: the records.
        silent: show fields, too, that were not compared because one of the records leaves them empty.
    """
    fields = [_compared(entity, one) for one in explanation["fields"] if silent or one["level"] != NOT_COMPARED]
    fields += [_further(label, said, explanation[name]) for label, said, name in _others(explanation)]
    ruled = RULED.get(explanation.get("decision", ""))
    return PairFigures(left, right, explanation["probability"], explanation["prior"], fields, ruled)


def _others(explanation: Mapping[str, Any]) -> Iterator[tuple[Label, Label, str]]:
    """Yield name, words and key of what weighs besides fields."""
    if explanation["related"] > SLIGHT:
        yield BADLY, BADLY, "related"
    elif explanation["related"] < -SLIGHT:
        yield RELATED, _said(explanation["competitor"]), "related"
    for label, name in ((CALIBRATION, "calibration"), (IDENTIFIERS, "identifiers"), (LIMITED, "limited")):
        if abs(explanation.get(name, 0.0)) > SLIGHT:
            yield label, MEANT[name], name


def _further(label: Label, said: Label, weight: float) -> ComparedField:
    """Return a line that is about no field."""
    nothing = Shown("", privacy=Privacy.NONE)
    return ComparedField(label, nothing, nothing, said, weight)


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
