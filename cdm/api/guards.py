"""Guards in front of every request: how large it may be, and what browsers are told to refuse."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdm.api.problems import answer, plain_problem
from cdm.service.shapes import Problem

API = "/api/"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000|\x00")
"""A NUL in a JSON document: escaped (the backslash itself not), or as it is."""
_PAGES = (
    # Vue compiles NiceGUI's templates in the browser and styles elements inline; everything comes from this server.
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_BODILESS = ("GET", "HEAD")


class SecurityHeaders:
    """Adds what browsers need to be strict (OWASP Secure Headers); answers of the API are kept by no cache.

    Args:
        app: the application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the headers of its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        api = scope["path"].startswith(API)

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _NOTHING if api else _PAGES)
                if api:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, complete)


class RequestGuard:
    """Refuses requests that are larger than allowed, whether they say so or not, and those that hold NUL characters,
    which no database keeps, or line breaks in their address.

    Args:
        app: the application behind.
        most: bytes of a request's body at most.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 413 or 422."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        body = await self._body(scope, receive) if said.isdigit() and int(said) <= self._most else None
        if body is None:
            await answer(self._too_large(scope))(scope, receive, send)
            return
        if _NUL.search(body) or "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            unfit = _unfit(scope, "The request holds a NUL character, which no database keeps.")
            await answer(unfit)(scope, receive, send)
            return
        if "\n" in scope["path"]:
            unfit = _unfit(scope, "The address holds a line break, which no route can take.")
            await answer(unfit)(scope, receive, send)
            return
        # What was read is told again; the body of a GET was not read, and is not to be told twice.
        told = [] if scope["method"] in _BODILESS else [body]
        waiting: list[Message] = [{"type": "http.request", "body": one, "more_body": False} for one in told]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the whole body, ``None`` where it is too large; requests without one are not waited for."""
        parts, size, more = [], 0, scope["method"] not in _BODILESS
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._most:
                return None
            more = message.get("more_body", False)
        return b"".join(parts)

    def _too_large(self, scope: Scope) -> Problem:
        detail = f"The request is larger than {self._most:,} bytes, which is what is taken."
        remedy = "Send it in several parts, or raise CDM_MAX_REQUEST_MEGABYTES."
        return plain_problem(HTTPConnection(scope), 413, "too_large", detail, remedy)


def _unfit(scope: Scope, detail: str) -> Problem:
    return plain_problem(HTTPConnection(scope), 422, "request_invalid", detail, "Leave it out.")
