"""The review of merge candidates: queue, case, outlook, decision, taking back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from cdm.api.asking import Asking
from cdm.api.problems import problems
from cdm.service.review_shapes import (
    CaseView,
    DoingView,
    OutlookView,
    ProgressView,
    QueueFilters,
    QueuePage,
    QueueQuery,
    RuledView,
    RulingView,
)
from cdm.service.shapes import Shape

router = APIRouter(tags=["review"])
_MOST = 2**53 - 1
CaseId = Annotated[
    int, Path(ge=1, le=_MOST, description="Case, or any source record in it, by its number.", examples=[42])
]
Ids = Annotated[
    Sequence[Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]],
    Query(alias="golden_id", min_length=2, max_length=64, description="Golden records to merge."),
]


class PageQuery(QueueQuery):
    """Which page of the queue."""

    after: int | None = Field(None, ge=1, le=_MOST, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=500, description="How many at most.")


class Undo(Shape):
    """What is taken back, and why."""

    number: int | None = Field(None, ge=1, le=_MOST, description="Number of an own doing; the last one where null.")
    reason: str = Field("", max_length=500)


@router.get("/cases", responses=problems())
def queue(desk: Asking, asked: Annotated[PageQuery, Query()]) -> QueuePage:
    """List cases: golden records that candidates connect, to be looked at together."""
    wanted = QueueQuery(**asked.model_dump(exclude={"after", "limit"}))
    return desk.review.queue(wanted, asked.after, asked.limit)


@router.get("/cases/progress", responses=problems())
def progress(desk: Asking) -> ProgressView:
    """Return how many cases are left, and what was done today."""
    return desk.review.progress()


@router.get("/cases/filters", responses=problems())
def filters(desk: Asking) -> QueueFilters:
    """Return what the queue may be narrowed to."""
    return desk.review.filters()


@router.get("/cases/outlook", responses=problems(404, 409))
def outlook(desk: Asking, golden_ids: Ids) -> OutlookView:
    """Return the golden record that merging some would give, with the reason for every value; nothing is written."""
    return desk.review.outlook(golden_ids)


@router.get("/cases/doings", responses=problems())
def doings(desk: Asking, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> Sequence[DoingView]:
    """Return what whoever asks did last in the review."""
    return desk.review.doings(limit)


@router.post("/cases/undo", responses=problems(404, 409))
def undo(desk: Asking, said: Undo) -> DoingView:
    """Take back what whoever asks did last, or one of their last doings."""
    return desk.review.undo(said.number, said.reason)


@router.get("/cases/{case_id}", responses=problems(404))
def case(desk: Asking, case_id: CaseId) -> CaseView:
    """Return one case: records side by side, fields aligned, and how each pair's probability comes about."""
    return desk.review.case(case_id)


@router.post("/cases/{case_id}/decision", responses=problems(404, 409))
def decide(desk: Asking, case_id: CaseId, said: RulingView) -> RuledView:
    """Merge, keep apart or put off; 409 tells what others did meanwhile (`values.happenings`)."""
    return desk.review.decide(case_id, said)
