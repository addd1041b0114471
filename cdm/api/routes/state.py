"""The state of the hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query

from cdm.api.asking import Asking, TheService
from cdm.api.problems import problems
from cdm.service.overview_shapes import AuditView, Dashboard, EntityModel, Health, RunView, Scores, SourceView

router = APIRouter(tags=["state"])


@router.get("/health")
def health(service: TheService) -> Health:
    """Say that the program runs."""
    return service.health()


@router.get("/ready", responses={503: problems()[503]})
def ready(service: TheService) -> Health:
    """Say that the hub can be read: its database answers and has the schema of this release."""
    return service.ready()


@router.get("/dashboard", responses=problems())
def dashboard(desk: Asking) -> Dashboard:
    """Return the figures of the hub on one page."""
    return desk.overview.dashboard()


@router.get("/quality", responses=problems())
def quality(
    desk: Asking, limit: Annotated[int, Query(ge=1, le=200, description="How many runs back.")] = 1
) -> Sequence[Scores]:
    """Return quality scores by source and dimension as the last runs found them, the oldest first."""
    return desk.overview.quality(limit)


@router.get("/runs", responses=problems())
def runs(desk: Asking, limit: Annotated[int, Query(ge=1, le=500)] = 20) -> Sequence[RunView]:
    """Return the latest runs, the newest first."""
    return desk.overview.runs(limit)


@router.get("/runs/{number}", responses=problems(404))
def run(desk: Asking, number: Annotated[int, Path(ge=1, le=2**31)]) -> RunView:
    """Return one run."""
    return desk.overview.run(number)


@router.get("/sources", responses=problems())
def sources(desk: Asking) -> Sequence[SourceView]:
    """Return the sources and what the hub holds of each."""
    return desk.overview.sources()


@router.get("/model", responses=problems())
def model(desk: Asking) -> Sequence[EntityModel]:
    """Return the entity types, their fields, and how much of each the role sees."""
    return desk.overview.model()


@router.get("/audit", responses=problems())
def audit(
    desk: Asking,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**53 - 1, description="Only entries before this number.")] = None,
) -> Sequence[AuditView]:
    """Return the audit trail, the newest entries first: who did what, and who read sensitive values."""
    return desk.overview.audit(limit, before)
