"""The change feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cdm.api.asking import Asking
from cdm.api.parameters import Entity
from cdm.api.problems import problems
from cdm.service.changes import ChangePage

router = APIRouter(tags=["changes"])


@router.get("/changes", responses=problems())
def changes(
    desk: Asking,
    since: Annotated[int, Query(ge=0, le=2**53, description="`next` of the last answer; 0 for all.")] = 0,
    limit: Annotated[int, Query(ge=1, le=2000, description="How many at most.")] = 500,
    entity: Entity = "",
) -> ChangePage:
    """Return the changes of golden records since a number, in the order in which they became durable, without gaps."""
    return desk.changes.since(since, limit, entity)
