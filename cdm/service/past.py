"""What was: history, differences, lineage and activities of a golden record, for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cdm.pipeline.golden import golden_view
from cdm.pipeline.history import Version, difference, history_of
from cdm.pipeline.lineage import Lineage, Origin, lineage_of
from cdm.pipeline.naming import source_record_named
from cdm.pipeline.profile import ActivitySummary
from cdm.security import Right
from cdm.service.context import Context
from cdm.service.golden import reason_words
from cdm.service.golden_shapes import (
    ActivityFigures,
    DifferenceView,
    FieldDifference,
    HistoryView,
    LineageView,
    OriginView,
    RivalView,
    StayView,
    Timeline,
    TurnoverView,
    VersionView,
)
from cdm.service.masks import sensitive
from schemas.model import EntityType


class PastDesk:
    """What a principal may see of the past.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._hub, self._mask = context, context.hub, context.mask

    def history(self, words: str) -> HistoryView:
        """Return the history of a golden record (its id) or a source record (``source:key``).

        Raises:
            Forbidden: no right to read.
            NotFound: there is no such record.
        """
        self._context.require(Right.READ)
        self._must_see(words)
        found, kind = history_of(self._hub, words), self._kind(words)
        stays = [StayView(**asdict(one)) for one in found.stays]
        return HistoryView(id=found.id, versions=[self._version(kind, one) for one in found.versions], stays=stays)

    def difference(self, words: str, before: int, after: int) -> DifferenceView:
        """Return what differs between two versions of a record; raises ``Forbidden``, ``NotFound``."""
        self._context.require(Right.READ)
        self._must_see(words)
        found = difference(self._hub, words, before, after)
        kind = self._kind(words)
        changed: dict[str, FieldDifference] = {}
        values: dict[str, Any] = {}
        for name, (old, new) in found.fields.items():
            changed[name] = FieldDifference(
                before=self._mask.value(kind, name, old), after=self._mask.value(kind, name, new)
            )
            values[name] = new or old
        self._note(kind, words, values)
        came, left = ([self._mask.named(kind.name, one) for one in names] for names in (found.came, found.left))
        return DifferenceView(
            id=found.id,
            before=found.before,
            after=found.after,
            fields=changed,
            masked=self._mask.masked(kind, values),
            came=came,
            left=left,
        )

    def lineage(self, golden_id: str, field: str) -> LineageView:
        """Return where a golden value comes from; raises ``Forbidden``, ``NotFound``."""
        self._context.require(Right.READ)
        found = lineage_of(self._hub, golden_id, field)
        kind = self._context.entity(found.entity)
        self._note(kind, found.golden_id, {field: found.value})
        return LineageView(
            golden_id=found.golden_id,
            entity=found.entity,
            field=field,
            value=self._mask.value(kind, field, found.value),
            masked=self._mask.masked(kind, {field: found.value}),
            origins=[self._origin(kind, field, one) for one in found.origins],
            others=self._others(kind, found),
        )

    def timeline(self, golden_id: str, limit: int = 100) -> Timeline:
        """Return the activities of a golden record, the latest first, and their figures.

        Raises:
            Forbidden: no right to read.
            NotFound: there is no such golden record.
        """
        self._context.require(Right.READ)
        view = golden_view(self._hub, golden_id)
        return Timeline(
            golden_id=view.golden.id,
            activities=[self._mask.record(one) for one in view.activities[:limit]],
            figures=[_figures(one) for one in view.summary],
        )

    def _kind(self, words: str) -> EntityType:
        named = source_record_named(self._hub, words)
        found = self._hub.store.records.get(*named) if named else self._hub.store.golden.get(words)
        return self._context.entity(found.entity)

    def _must_see(self, words: str) -> None:
        named = source_record_named(self._hub, words)
        if named is not None:
            self._mask.must_see_keys(named[0])

    def _version(self, kind: EntityType, one: Version) -> VersionView:
        values = {name: getattr(one, name) for name in VersionView.model_fields}
        # Who brought a version of a source record about is the source, and why is where the record stands in it.
        why = self._mask.place(one.who, kind.name, one.why) if one.decision_id is None else self._mask.note(one.why)
        moved = {name: [self._mask.named(kind.name, ref) for ref in values[name]] for name in ("came", "left")}
        return VersionView(**values | moved | {"why": why})

    def _origin(self, kind: EntityType, field: str, one: Origin) -> OriginView:
        return OriginView(
            value=self._mask.value(kind, field, one.value),
            source=one.source,
            key=self._mask.key(one.source, kind.name, one.key),
            version=one.version,
            place=self._mask.place(one.source, kind.name, one.place),
            columns=self._columns(kind, field, one),
            derived_from=one.derived_from,
            cleansed=self._mask.value(kind, field, one.cleansed),
            findings=one.findings,
            why=one.why,
            reason=reason_words(one.why),
            records=one.records,
            differing=one.differing,
            stated_by=one.stated_by,
            stated_at=one.stated_at,
            stated_reason=self._mask.note(one.stated_reason),
        )

    def _columns(self, kind: EntityType, field: str, one: Origin) -> Mapping[str, str | None]:
        return self._mask.raw(one.source, kind.name, one.columns, also=(field, one.derived_from))

    def _others(self, kind: EntityType, found: Lineage) -> list[RivalView]:
        return [
            RivalView(
                source=one.source,
                key=self._mask.key(one.source, kind.name, one.key),
                place=self._mask.place(one.source, kind.name, one.place),
                value=self._mask.value(kind, found.field, one.value),
            )
            for one in found.others
        ]

    def _note(self, kind: EntityType, subject: str, values: Mapping[str, Any]) -> None:
        self._context.readings.note(self._context.principal, {subject: sensitive(kind, values)})


def _figures(one: ActivitySummary) -> ActivityFigures:
    turnover: Sequence[TurnoverView] = [
        TurnoverView(currency=t.currency, count=t.count, total=str(t.total), average=str(t.average))
        for t in one.turnover
    ]
    return ActivityFigures(
        entity=one.entity,
        count=one.count,
        first=one.first,
        last=one.last,
        recency_days=one.recency_days,
        turnover=turnover,
        channels=one.channels,
    )
