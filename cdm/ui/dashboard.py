"""The dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from cdm.ui.elements import tag
from cdm.ui.layout import page
from cdm.ui.session import Session

if TYPE_CHECKING:
    from cdm.service import Service


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/", "dashboard")
    async def dashboard(session: Session, request: Request) -> None:
        tag("h1", session.words("shell.places.dashboard"))
