"""The review of merge candidates for whoever asks: queue, case, outlook, decision, taking back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from cdm.errors import NotFound
from cdm.pipeline.golden import parties
from cdm.security import Right
from cdm.service.context import Context
from cdm.service.masks import sensitive
from cdm.service.review_shapes import (
    CaseHead,
    CaseView,
    DoingView,
    HappeningView,
    Option,
    OutlookView,
    ProgressView,
    QueueFilters,
    QueueItem,
    QueuePage,
    QueueQuery,
    RuledView,
    RulingView,
)
from cdm.service.review_views import CaseShown
from cdm.service.shapes import Words
from cdm.stewardship.review import (
    Case,
    CaseChanged,
    Doing,
    Ruling,
    case_of,
    doings_of,
    last_doing,
    outlook,
    rule,
    take_back_doing,
)
from cdm.stewardship.review.reasons import WHY, why
from cdm.stewardship.steps import By
from cdm.store.review_queue import QueuedCase, Wanted

NAMED = 4
"""Golden records whose names stand in the queue."""
REMEMBERED = 200
"""Own last doings among which one may be taken back."""


class ReviewDesk:
    """What a principal may do in the review.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._hub, self._mask = context, context.hub, context.mask

    def queue(self, wanted: QueueQuery, after: int | None = None, limit: int = 50) -> QueuePage:
        """Return one page of the queue.

        Args:
            wanted: which cases, in which order.
            after: ``next`` of the page before.
            limit: how many at most.

        Raises:
            Forbidden: no right to review.
        """
        self._context.require(Right.REVIEW)
        found = self._hub.store.review.page(self._wanted(wanted), self._hub.now(), after=after, limit=limit)
        ids = [one for case in found for one in case.golden[:NAMED]]
        values = self._hub.store.golden.typed_values(ids)
        names = {i: self._mask.name(self._context.entity(kind), fields) for i, (kind, fields) in values.items()}
        items = [self._item(one, [names[i] for i in one.golden[:NAMED] if i in names]) for one in found]
        return QueuePage(items=items, next=found[-1].id if len(found) == limit else None)

    def count(self, wanted: QueueQuery) -> int:
        """Return how many cases are wanted; raises ``Forbidden``."""
        self._context.require(Right.REVIEW)
        return self._hub.store.review.count(self._wanted(wanted), self._hub.now())

    def progress(self) -> ProgressView:
        """Return how far the work has come today (UTC); raises ``Forbidden``."""
        self._context.require(Right.REVIEW)
        now = self._hub.now().astimezone(UTC)
        midnight = datetime.combine(now.date(), time.min, UTC)
        return ProgressView(**asdict(self._hub.store.review.progress(self._me, midnight, now)))

    def filters(self) -> QueueFilters:
        """Return what the queue may be narrowed to; raises ``Forbidden``."""
        self._context.require(Right.REVIEW)
        return QueueFilters(
            entities=[Option(name=one.name, label=Words.of(one.label)) for one in parties(self._hub)],
            sources=[Option(name=one.name, label=Words(zh=one.name, en=one.name)) for one in self._hub.sources()],
            reasons=[Option(name=code, label=Words.of(label)) for code, label in WHY.items()],
        )

    def case(self, case_id: int) -> CaseView:
        """Return one case with everything that decides it.

        Args:
            case_id: the case's id, or that of any source record in it.

        Raises:
            Forbidden: no right to review.
            NotFound: nothing is left to review there.
        """
        self._context.require(Right.REVIEW)
        return self._case(case_of(self._hub, case_id))

    def outlook(self, golden_ids: Sequence[str]) -> OutlookView:
        """Return what merging golden records would give; nothing is written.

        Raises:
            Forbidden: no right to review.
            NotFound: an id does not exist.
            Conflict: one is retired, or fewer than two are named.
        """
        self._context.require(Right.REVIEW)
        found = outlook(self._hub, golden_ids)
        entity = self._context.entity(found.entity)
        self._note({found.golden_id: sensitive(entity, found.fields)})
        return CaseShown(self._context, entity).outlook(found)

    def decide(self, case_id: int, said: RulingView) -> RuledView:
        """Merge, keep apart or put off.

        Raises:
            Forbidden: no right to decide.
            RulingRefused: what is said makes no sense.
            CaseChanged: somebody else was quicker; ``happenings`` say what happened.
            Conflict: earlier decisions say otherwise.
        """
        self._context.require(Right.DECIDE)
        until = said.until if said.until is None or said.until.tzinfo else said.until.replace(tzinfo=UTC)
        ruling = Ruling(case_id, said.choice, said.golden_ids, said.expected, said.seen, until)
        with self._masking():
            done = rule(self._hub, ruling, By(self._me, said.reason))
        return RuledView(number=done.number, choice=done.choice, golden_ids=list(done.golden_ids), left=done.left)

    def doings(self, limit: int = 20) -> list[DoingView]:
        """Return what whoever asks did last, the newest first; raises ``Forbidden``."""
        self._context.require(Right.REVIEW)
        return [self._doing(one) for one in doings_of(self._hub, self._me, limit)]

    def undo(self, number: int | None = None, reason: str = "") -> DoingView:
        """Take back what whoever asks did last, or one of their last doings.

        Raises:
            Forbidden: no right to decide.
            NotFound: there is nothing to take back, or it was somebody else's doing.
            Conflict: it was taken back before.
        """
        self._context.require(Right.DECIDE)
        if number is None:
            number = last_doing(self._hub, self._me).number
        elif number not in {one.number for one in doings_of(self._hub, self._me, REMEMBERED)}:
            raise NotFound(
                f"Number {number} is none of your last decisions.",
                remedy="Take back a decision of somebody else on the page of the customer.",
                number=number,
            )
        return self._doing(take_back_doing(self._hub, number, By(self._me, reason)))

    @property
    def _me(self) -> str:
        return self._context.principal.name

    def _wanted(self, said: QueueQuery) -> Wanted:
        values = said.model_dump(exclude={"days"})
        since = None if said.days is None else self._hub.now() - timedelta(days=said.days)
        return Wanted(**values, waiting_since=since)

    def _item(self, one: QueuedCase, names: Sequence[str]) -> QueueItem:
        figures = {name: getattr(one, name) for name in ("records", "pairs", "priority", "score")}
        return QueueItem(**self._head(one), **figures, golden=len(one.golden), names=names)

    def _head(self, one: QueuedCase) -> dict[str, Any]:
        said = {name: getattr(one, name) for name in CaseHead.model_fields if hasattr(one, name)}
        note = None if one.deferred_reason is None else self._mask.note(one.deferred_reason)
        label = Words.of(self._context.entity(one.entity).label)
        return said | {"label": label, "why": Words.of(why(one.reason)), "deferred_reason": note}

    def _case(self, case: Case) -> CaseView:
        entity = self._context.entity(case.queued.entity)
        seen = CaseShown(self._context, entity)
        read = {one.golden.id: sensitive(entity, one.golden.fields) for one in case.golden}
        for golden in case.golden:
            read |= {f"{r.record.source}:{r.record.key}": sensitive(entity, r.record.fields) for r in golden.records}
        self._note(read)
        return CaseView(
            **self._head(case.queued),
            golden=[seen.golden(one) for one in case.golden],
            left_out=case.left_out,
            rows=seen.rows(case),
            pairs=[seen.pair(one) for one in case.pairs],
            seen=case.seen,
        )

    def _doing(self, one: Doing) -> DoingView:
        return DoingView(**{**asdict(one), "reason": self._mask.note(one.reason)})

    def _note(self, read: dict[str, Sequence[str]]) -> None:
        self._context.readings.note(self._context.principal, read)

    @contextmanager
    def _masking(self) -> Iterator[None]:
        """Mask what others wrote in the report of a conflict."""
        try:
            yield
        except CaseChanged as told:
            seen = [
                replace(one, why=self._mask.note(one.why) if one.decision_id else one.why) for one in told.happenings
            ]
            raise CaseChanged(told.case_id, seen) from told


def happening_views(told: CaseChanged) -> list[HappeningView]:
    """Return what happened to a case meanwhile."""
    return [HappeningView(**{**asdict(one), "now": list(one.now)}) for one in told.happenings]
