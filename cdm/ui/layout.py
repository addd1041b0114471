"""The frame of every page: bar with search and switches, navigation, content; and who may open a page."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cdm.errors import CdmError
from cdm.language import Language
from cdm.security import Right
from cdm.ui.elements import icon, tag
from cdm.ui.figures import number
from cdm.ui.find import find_box
from cdm.ui.session import Session, session_of
from cdm.ui.theme import head
from cdm.ui.words import NAMES, TAGS, Words

if TYPE_CHECKING:
    from cdm.service import Service

PATIENCE = 60.0
"""Seconds a page may take to be built; the slow parts of one show that they are loading."""
LOGO = (
    '<svg viewBox="0 0 28 28" aria-hidden="true"><circle class="mark-a" cx="10" cy="10" r="8"/>'
    '<circle class="mark-b" cx="19" cy="13" r="6.5"/><circle class="mark-c" cx="12" cy="20" r="5.5"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    name: str
    href: str
    symbol: str
    right: Right


PLACES = (
    Place("dashboard", "/", "space_dashboard", Right.READ),
    Place("review", "/review", "join_inner", Right.REVIEW),
    Place("customers", "/customers", "group", Right.READ),
    Place("runs", "/runs", "sync", Right.READ),
    Place("changes", "/changes", "history", Right.FEED),
    Place("access", "/access", "manage_accounts", Right.MANAGE),
)
Build = Callable[[Session, Request], Awaitable[Response | None]]


def page(service: Service, path: str, place: str) -> Callable[[Build], Build]:
    """Register a page for people who are signed in; all others are led to the sign-in.

    Args:
        service: what the hub can do.
        path: of the page, with ``{parameters}`` (the page finds them in ``request.path_params``).
        place: the entry of the navigation it belongs to.

    Returns:
        A decorator for a coroutine that fills the content of the page.
    """

    def register(build: Build) -> Build:
        async def shown(request: Request) -> Response | None:
            session = await session_of(service, request)
            if session is None:
                return RedirectResponse(f"/sign-in?then={quote(_local(request), safe='')}", 303)
            if session.principal.must_change_password:
                return RedirectResponse("/password", 303)
            with frame(session, place):
                return await build(session, request)

        ui.page(path, response_timeout=PATIENCE)(shown)
        return build

    return register


@contextmanager
def frame(session: Session, place: str) -> Iterator[None]:
    """Show bar and navigation; what is built inside is the content.

    Args:
        session: whose page it is.
        place: name of the entry of the navigation that is current.
    """
    words = session.words
    dress(words, words(f"shell.places.{place}"))
    tag("a", words("shell.skip"), "skip", href="#content")
    with tag("header", css="top"):
        brand(words, href="/")
        if place != "customers":  # that page has a larger one
            find_box(session)
        with tag("div", css="top-end"):
            switches(words)
            _user(session)
    with tag("div", css="body"):
        _navigation(session, place)
        with tag("main", css="content", id="content", tabindex="-1"):
            yield


def dress(words: Words, title: str) -> None:
    """Give the page its styles, language and title."""
    client = ui.context.client
    client.page = copy.copy(client.page)  # the page is shared by all who open it; its language is not
    client.page.language = TAGS[words.language]
    ui.add_head_html(head())
    ui.page_title(f"{title} · {words('shell.product')}")


def brand(words: Words, href: str | None = None) -> None:
    """Show the name of the product."""
    with tag("a" if href else "div", css="brand", href=href, aria_label=words("shell.product")):
        ui.html(LOGO, sanitize=False)
        tag("span", words("shell.product"), "label")


def switches(words: Words) -> None:
    """Show the switches for language and light or dark."""
    other: Language = "en" if words.language == "zh" else "zh"
    with tag("button", type="button", title=words("shell.switch.language"), data_switch="language") as language:
        icon("translate")
        tag("span", NAMES[other], "label", lang=TAGS[other])
    language.on("click", js_handler=f"() => cdm.language('{other}')")
    said = words("shell.switch.theme")
    with tag("button", type="button", title=said, aria_label=said, data_switch="theme") as theme:
        icon("contrast")
    theme.on("click", js_handler="() => cdm.toggleTheme()")


def _user(session: Session) -> None:
    words, principal = session.words, session.principal
    with tag("button", type="button", aria_label=words("shell.user.menu"), aria_haspopup="menu", data_menu="user"):
        tag("span", principal.name[:2], "avatar")
        with ui.menu().props("auto-close").classes("user-menu"):
            with tag("div", css="who"):
                tag("div", words("shell.user.signed_in"), "soft small")
                tag("div", principal.name, "strong wrap-any")
                tag("div", words.of("shell.roles", principal.role.value), "soft small")
            with tag("a", href="/password"):
                icon("key")
                tag("span", words("shell.user.password"))
            with tag("form", method="post", action="/sign-out"), tag("button", type="submit"):
                icon("logout")
                tag("span", words("shell.user.sign_out"))


def _navigation(session: Session, current: str) -> None:
    words = session.words
    with tag("nav", css="side", aria_label=words("shell.navigation")), tag("ul"):
        for one in PLACES:
            if not session.principal.may(one.right):
                continue
            here = "page" if one.name == current else None
            label = words(f"shell.places.{one.name}")
            with tag("li"), tag("a", href=one.href, aria_current=here, aria_label=label):
                icon(one.symbol)
                tag("span", label, "label")
                if one.name == "review":
                    _waiting(session)


def _waiting(session: Session) -> None:
    """Show how many cases wait, as soon as it is known; the page does not wait for it."""
    count = tag("span", "", "count")
    count.visible = False

    async def fill() -> None:
        with suppress(CdmError):  # the page itself tells what is wrong
            left = await session.ask(lambda desk: desk.review.progress().left)
            count.text, count.visible = number(left), left > 0

    ui.timer(0.1, fill, once=True)


def _local(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
