"""From a case as the hub knows it to what may be seen of it: aligned fields, weighed pairs, the outlook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cdm.pipeline.golden import in_model_order
from cdm.pipeline.pairs import field_label, pair_figures, shown
from cdm.report.figures import RecordRef as Named
from cdm.service.context import Context
from cdm.service.golden import reason_words
from cdm.service.masks import said_of
from cdm.service.review_shapes import (
    Against,
    CaseCell,
    CaseGoldenView,
    CaseRecordView,
    CaseRow,
    OutlookRow,
    OutlookValue,
    OutlookView,
    PairStep,
    PairView,
    RawValue,
    StandardValue,
)
from cdm.service.shapes import RecordRef, Words
from cdm.stewardship.review import Case, CaseGolden, CasePair, CaseRecord, Outlook
from cdm.stewardship.review.outlook import Winner
from schemas.model import EntityType
from schemas.types import MatchRole, SemanticType


class CaseShown:
    """A case as one principal sees it.

    Args:
        context: the hub and who asks.
        entity: what kind of records they are.
    """

    def __init__(self, context: Context, entity: EntityType) -> None:
        self._mask, self._entity = context.mask, entity

    def golden(self, one: CaseGolden) -> CaseGoldenView:
        """Return one golden record of the case."""
        golden = one.golden
        return CaseGoldenView(
            id=golden.id,
            version=golden.version,
            name=self._mask.name(self._entity, golden.fields),
            quality=golden.score.get("total") if golden.score else None,
            records=[self._record(each) for each in one.records],
        )

    def rows(self, case: Case) -> list[CaseRow]:
        """Return the fields of a case, aligned, in the order of the model."""
        said = {name for one in case.golden for each in one.records for name in each.record.fields}
        said |= {name for one in case.golden for name in one.golden.fields}
        return [self._row(name, case.golden) for name, _ in in_model_order(self._entity, dict.fromkeys(said))]

    def pair(self, one: CasePair) -> PairView:
        """Return a pair and how its probability comes about."""
        left, right = (self._ref(side.source, side.key) for side in (one.left, one.right))
        base: dict[str, Any] = {
            "one": one.one,
            "other": one.other,
            "left": left,
            "right": right,
            "probability": one.probability,
        }
        if not one.explanation:
            return PairView(**base, prior=0.0, steps=[], sentences=[])
        figures = pair_figures(self._entity, one.explanation, _named(left), _named(right))
        steps = [
            PairStep(
                label=Words.of(f.field),
                left=self._mask.text(f.left),
                right=self._mask.text(f.right),
                level=Words.of(f.level),
                weight=f.weight,
            )
            for f in figures.fields
        ]
        return PairView(**base, prior=figures.prior, steps=steps, sentences=list(self._sentences(one.explanation)))

    def outlook(self, found: Outlook) -> OutlookView:
        """Return what merging would give."""
        return OutlookView(
            golden_id=found.golden_id,
            retired=found.retired,
            records=found.records,
            quality=found.score,
            rows=[self._outcome(name, value, found.winners[name]) for name, value in self._ordered(found.fields)],
            against=[
                Against(
                    number=one.id,
                    kind=one.kind.value,
                    by=one.made_by,
                    at=one.made_at,
                    reason=self._mask.note(one.reason),
                )
                for one in found.against
            ],
        )

    def _ordered(self, fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return in_model_order(self._entity, fields)

    def _record(self, one: CaseRecord) -> CaseRecordView:
        record = one.record
        return CaseRecordView(
            id=record.id,
            source=record.source,
            key=self._mask.key(record.source, record.entity, record.key),
            place=record.origin,
            updated_at=record.updated_at,
            changed_at=record.changed_at,
        )

    def _ref(self, source: str, key: str) -> RecordRef:
        return RecordRef(source=source, key=self._mask.key(source, self._entity.name, key))

    def _row(self, name: str, golden: Sequence[CaseGolden]) -> CaseRow:
        field, values = self._entity.fields.get(name), [one.golden.fields.get(name) for one in golden]
        role = field.match if field else MatchRole.NONE
        state = _state(values)
        return CaseRow(
            field=name,
            label=Words.of(field_label(self._entity, name)),
            part=self._is_part(name),
            weighs=role is not MatchRole.NONE,
            kind=field.type if field else SemanticType.TEXT,
            state="clashes" if state == "differs" and role is MatchRole.IDENTIFIER else state,
            masked=self._masked(name, values),
            cells=[CaseCell(standard=self._standard(name, one), raw=list(self._raw(name, one))) for one in golden],
        )

    def _masked(self, name: str, values: Sequence[Any]) -> str:
        said = next((value for value in values if value), None)
        return self._mask.masked(self._entity, {name: said}).get(name, "")

    def _standard(self, name: str, one: CaseGolden) -> list[StandardValue]:
        """Return the distinct values, golden ones first, each with the records that say it."""
        golden = _each(one.golden.fields.get(name))
        who: dict[str, list[RecordRef]] = {value: [] for value in golden}
        for each in one.records:
            ref = self._ref(each.record.source, each.record.key)
            for value in _each(each.record.fields.get(name)):
                who.setdefault(value, []).append(ref)
        return [
            StandardValue(
                text=self._mask.text(said_of(self._entity, name, value)), records=refs, golden=value in golden
            )
            for value, refs in who.items()
        ]

    def _raw(self, name: str, one: CaseGolden) -> Iterator[RawValue]:
        for each in one.records:
            record = each.record
            columns = each.columns.get(name, {})
            seen = self._mask.raw(record.source, record.entity, columns, also=[name])
            for column, text in seen.items():
                yield RawValue(column=column, text=text, record=self._ref(record.source, record.key))

    def _sentences(self, explanation: Mapping[str, Any]) -> Iterator[Words]:
        from matching import Explanation
        from matching.explain import sentences

        said = Explanation.from_dict({"model": "", **explanation})
        for one in sentences(said, lambda f: field_label(self._entity, f), self._show):
            yield Words.of(one)

    def _show(self, field: str, value: str) -> str:
        return self._mask.text(shown(self._entity, field, value))

    def _is_part(self, name: str) -> bool:
        """Tell whether a field repeats a part of one that is shown: of a name or an address, not of an identifier."""
        field = self._entity.fields.get(name)
        if field is None or field.derived is None:
            return False
        return self._entity.fields[field.derived.field].match is not MatchRole.IDENTIFIER

    def _outcome(self, name: str, value: Any, winners: Sequence[Winner]) -> OutlookRow:
        values = _each(value)
        whose = winners if len(winners) == len(values) else [winners[0]] * len(values) if winners else []
        return OutlookRow(
            field=name,
            label=Words.of(field_label(self._entity, name)),
            part=self._is_part(name),
            masked=self._masked(name, [value]),
            values=[self._value(name, text, winner) for text, winner in zip(values, whose, strict=False)],
            records=max((one.records for one in winners), default=0),
            differing=max((one.differing for one in winners), default=0),
        )

    def _value(self, name: str, text: str, winner: Winner) -> OutlookValue:
        key = self._mask.key(winner.source, self._entity.name, winner.key) if winner.source else ""
        seen = self._mask.text(said_of(self._entity, name, text))
        return OutlookValue(text=seen, source=winner.source, key=key, reason=reason_words(winner.why))


def _named(ref: RecordRef) -> Named:
    return Named(ref.source, ref.key)


def _each(value: Any) -> list[str]:
    """Return the values of a field, one or several."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _state(values: Sequence[Any]) -> str:
    """Tell whether golden records agree in a field; several values agree where one set holds the other."""
    said = [set(_each(value)) for value in values if value]
    if len(said) < 2:
        return "silent"
    largest = max(said, key=len)
    return "same" if all(one <= largest for one in said) else "differs"
