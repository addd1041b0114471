"""Signing in and out, and changing the password: plain forms, which work before any script has run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Form
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cdm.security import NotSignedIn, PasswordRefused, SignInRefused, TooManyAttempts
from cdm.ui.elements import button, tag
from cdm.ui.layout import brand, dress, switches
from cdm.ui.session import SESSION_COOKIE, language_of, session_of
from cdm.ui.words import Words

if TYPE_CHECKING:
    from cdm.service import Service

LONGEST = 200
"""Characters a name or a password may have here."""
Typed = Annotated[str, Form(max_length=LONGEST)]
NOTES = {"wrong": "error", "ended": "info", "out": "info", "slow": "warning"}
PASSWORD_NOTES = {"differ": "error", "wrong": "error", "weak": "error", "slow": "warning", "done": "good"}
"""What the pages can be told to say → how it looks."""


def register(app: FastAPI, service: Service) -> None:
    """Register the pages and the forms' targets."""
    _sign_in(app, service)
    _sign_out(app, service)
    _password(app, service)


def _sign_in(app: FastAPI, service: Service) -> None:
    @ui.page("/sign-in")
    def shown(request: Request) -> None:
        words, asked = Words(language_of(request)), request.query_params
        with _gate(words, "sign_in.title"):
            for note in [one for one in NOTES if one in asked]:
                tag("p", words(f"sign_in.{note}"), f"note {NOTES[note]}", role="alert")
            with tag("form", css="form", method="post", action="/sign-in"):
                tag("input", type="hidden", name="then", value=asked.get("then", "/"))
                entry(words("sign_in.name"), "name", "username", autofocus=True, autocapitalize="none")
                entry(words("sign_in.password"), "password", "current-password", type="password")
                button(words("sign_in.button"), "primary wide", type="submit")
            tag("p", words("sign_in.first"), "soft small")

    @app.post("/sign-in", include_in_schema=False)
    def typed(
        request: Request, name: Typed = "", password: Typed = "", then: str = Form("/", max_length=2_000)
    ) -> Response:
        try:
            signed = service.users.sign_in(name, password, _address(request))
        except TooManyAttempts:
            return _back("/sign-in?slow", then)
        except SignInRefused:
            return _back("/sign-in?wrong", then)
        where = "/password" if signed.principal.must_change_password else _inside(then)
        return _with_cookie(RedirectResponse(where, 303), request, signed.secret)


def _sign_out(app: FastAPI, service: Service) -> None:
    @app.post("/sign-out", include_in_schema=False)
    def out(request: Request) -> Response:
        service.users.sign_out(request.cookies.get(SESSION_COOKIE, ""))
        answer = RedirectResponse("/sign-in?out", 303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer


def _password(app: FastAPI, service: Service) -> None:
    @ui.page("/password")
    async def shown(request: Request) -> Response | None:
        session = await session_of(service, request)
        if session is None:
            return RedirectResponse("/sign-in?then=/password", 303)
        words, asked = session.words, request.query_params
        with _gate(words, "sign_in.change.title"):
            if session.principal.must_change_password:
                tag("p", words("sign_in.change.must"), "note info")
            for note in [one for one in PASSWORD_NOTES if one in asked]:
                tag("p", words(f"sign_in.change.{note}"), f"note {PASSWORD_NOTES[note]}", role="alert")
            with tag("form", css="form", method="post", action="/password"):
                entry(words("sign_in.change.current"), "old", "current-password", type="password", autofocus=True)
                entry(words("sign_in.change.new"), "new", "new-password", type="password", minlength="10")
                entry(words("sign_in.change.again"), "again", "new-password", type="password", minlength="10")
                button(words("sign_in.change.button"), "primary wide", type="submit")
            if not session.principal.must_change_password:
                tag("a", words("sign_in.change.back"), "link-text", href="/")
        return None

    @app.post("/password", include_in_schema=False)
    def typed(request: Request, old: Typed = "", new: Typed = "", again: Typed = "") -> Response:
        try:
            who = service.users.of_session(request.cookies.get(SESSION_COOKIE, ""))
            if new != again:
                return _back("/password?differ")
            signed = service.users.change_password(who.name, old, new, _address(request))
        except NotSignedIn:
            return _back("/sign-in?ended")
        except TooManyAttempts:
            return _back("/password?slow")
        except SignInRefused:
            return _back("/password?wrong")
        except PasswordRefused:
            return _back("/password?weak")
        return _with_cookie(RedirectResponse("/password?done", 303), request, signed.secret)


def entry(label: str, name: str, complete: str, **attributes: Any) -> None:
    """Show one labelled line to type into; ``complete`` tells password managers what it is."""
    with tag("label"):
        tag("span", label)
        attributes = {"type": "text", "maxlength": str(LONGEST), **attributes}
        tag("input", name=name, autocomplete=complete, required=True, spellcheck="false", **attributes)


@contextmanager
def _gate(words: Words, title: str) -> Iterator[None]:
    """Show a page for people who are not inside yet."""
    dress(words, words(title))
    with tag("div", css="gate-ends top-end"):
        switches(words)
    with tag("main", css="gate"), tag("div", css="card stack"):
        brand(words)
        tag("h1", words(title))
        yield


def _back(where: str, then: str = "") -> Response:
    more = f"&then={quote(_inside(then), safe='')}" if then else ""
    return RedirectResponse(f"{where}{more}", 303)


def _inside(then: str) -> str:
    """Return a path of this application; a link to anywhere else leads to the first page."""
    parts = urlsplit(then)
    inside = not parts.scheme and not parts.netloc and then.startswith("/") and not then.startswith(("//", "/\\"))
    return then if inside else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _with_cookie(answer: Response, request: Request, secret: str) -> Response:
    """Give the browser the session: hidden from scripts, not sent along by other sites, over TLS where there is TLS."""
    secure = request.url.scheme == "https"
    answer.set_cookie(SESSION_COOKIE, secret, httponly=True, samesite="lax", secure=secure, path="/")
    return answer
