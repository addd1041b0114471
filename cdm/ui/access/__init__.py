"""Users and tokens, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from cdm.ui.access.tokens import Tokens
from cdm.ui.access.users import Users
from cdm.ui.elements import tag
from cdm.ui.layout import page
from cdm.ui.session import Session

if TYPE_CHECKING:
    from cdm.service import Service


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/access", "access")
    async def access(session: Session, request: Request) -> None:
        with tag("div", css="head"), tag("div"):
            tag("h1", session.words("access.title"))
            tag("p", session.words("access.lead"), "lead")
        with tag("div", css="stack"):
            await Users(session).build()
            await Tokens(session).build()
