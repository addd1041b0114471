"""The past of golden records and source records, and where values come from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from cdm.api.asking import Asking
from cdm.api.parameters import GoldenId, Key, SourceName
from cdm.api.problems import problems
from cdm.service.golden_shapes import DifferenceView, HistoryView, LineageView, Timeline

router = APIRouter(tags=["golden"])
FieldName = Annotated[str, Path(max_length=200, description="Field of the model.", examples=["phone"])]
VersionNumber = Annotated[int, Query(ge=1, le=2**31)]


@router.get("/golden/{golden_id}/history", responses=problems(404))
def history(desk: Asking, golden_id: GoldenId) -> HistoryView:
    """Return every version of a golden record: when, by whom, why, what changed."""
    return desk.past.history(golden_id)


@router.get("/golden/{golden_id}/difference", responses=problems(404))
def difference(desk: Asking, golden_id: GoldenId, before: VersionNumber, after: VersionNumber) -> DifferenceView:
    """Return what differs between two versions."""
    return desk.past.difference(golden_id, before, after)


@router.get("/golden/{golden_id}/lineage/{field}", responses=problems(404))
def lineage(desk: Asking, golden_id: GoldenId, field: FieldName) -> LineageView:
    """Trace a golden value back to source, row and column."""
    return desk.past.lineage(golden_id, field)


@router.get("/golden/{golden_id}/timeline", responses=problems(404))
def timeline(desk: Asking, golden_id: GoldenId, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> Timeline:
    """Return what the customer did, the latest first, and the figures of all of it."""
    return desk.past.timeline(golden_id, limit)


@router.get("/records/{source}/{key:path}", tags=["records"], responses=problems(404))
def record_history(desk: Asking, source: SourceName, key: Key) -> HistoryView:
    """Return every version of a source record and the golden records it belonged to."""
    return desk.past.history(f"{source}:{key}")
