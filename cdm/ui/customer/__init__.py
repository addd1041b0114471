"""The customer page: golden values with where each comes from, source records, scores, history, activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from cdm.ui.customer.page import CustomerPage
from cdm.ui.layout import page
from cdm.ui.session import Session

if TYPE_CHECKING:
    from cdm.service import Service


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/customers/{golden_id}", "customers")
    async def customer(session: Session, request: Request) -> None:
        await CustomerPage(session, request.path_params["golden_id"], request.query_params.get("as_of", "")).build()
