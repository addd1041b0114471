"""Who looks at a page, and in which language: the session behind the cookie of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cdm.language import Language, language_of_header
from cdm.security import NotSignedIn, Principal
from cdm.ui.theme import LANGUAGE_COOKIE
from cdm.ui.words import LANGUAGES, Words

if TYPE_CHECKING:
    from starlette.requests import Request

    from cdm.service import Desk, Service
    from schemas.model import Model

SESSION_COOKIE = "cdm_session"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session:
    """What a page knows of its reader.

    Attributes:
        service: what the hub can do.
        token: the secret of the cookie.
        principal: who is signed in, as of when the page was opened.
        words: all texts, in the reader's language.
    """

    service: Service
    token: str
    principal: Principal
    words: Words

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.words.language

    @property
    def model(self) -> Model:
        """The customer information model: what entity types and fields are called."""
        return self.service.hub.model

    async def ask(self, question: Callable[[Desk], T]) -> T:
        """Ask the service for something, beside the event loop.

        The session is looked up each time: who has signed out, or lost a right, has lost it on every open page.

        Raises:
            NotSignedIn: the session has ended.
            CdmError: what the service refuses.
        """

        def work() -> T:
            return question(self.service.desk(self.service.users.of_session(self.token)))

        return await asyncio.to_thread(work)


async def session_of(service: Service, request: Request) -> Session | None:
    """Return the session of a request, ``None`` where nobody is signed in."""
    token = request.cookies.get(SESSION_COOKIE, "")
    try:
        principal = await asyncio.to_thread(service.users.of_session, token)
    except NotSignedIn:
        return None
    return Session(service, token, principal, Words(language_of(request)))


def language_of(request: Request) -> Language:
    """Return the language the reader chose, or else the one the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return language_of_header(request.headers.get("accept-language", ""))
