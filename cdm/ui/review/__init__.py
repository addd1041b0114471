"""The review of merge candidates: the queue, and the screen on which a steward decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from cdm.ui.layout import page
from cdm.ui.session import Session

if TYPE_CHECKING:
    from cdm.service import Service


def register(service: Service) -> None:
    """Register the pages."""
    from cdm.ui.review.queue import Queue
    from cdm.ui.review.screen import Screen

    @page(service, "/review", "review")
    async def queue(session: Session, request: Request) -> None:
        await Queue(session, dict(request.query_params)).build()

    @page(service, "/review/{case_id:int}", "review")
    async def case(session: Session, request: Request) -> None:
        await Screen(session, dict(request.query_params)).build(int(request.path_params["case_id"]))
