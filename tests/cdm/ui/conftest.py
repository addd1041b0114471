"""A served workbench and a browser, shared by the tests of the pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from workbench import CHROMIUM, Workbench, make_hub, served, sign_in


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench over a small demo hub; all tests of the pages share it, each touches customers of its own."""
    folder: Path = tmp_path_factory.mktemp("workbench")
    with served(make_hub(folder / "demo"), folder / "server.log") as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; not for the whole session, for its event loop is in the way of tests that need one."""
    if not Path(CHROMIUM["executable_path"]).exists():
        told = f"NO BROWSER TO TEST THE PAGES WITH: {CHROMIUM['executable_path']} is missing; apt-get install chromium"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    expect.set_options(timeout=20_000)  # generous, for busy machines
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**CHROMIUM)
        yield chromium
        chromium.close()


@dataclass
class Watched:
    """What a browser did that it should not do."""

    errors: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)

    def watch(self, page: Page, url: str) -> None:
        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.errors.append(message.text)

        def asked(request: Request) -> None:
            if not request.url.startswith((url, url.replace("http", "ws"), "data:")):
                self.away.append(request.url)

        page.on("console", said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", asked)
        page.on(
            "websocket", lambda socket: socket.url.startswith(url.replace("http", "ws")) or self.away.append(socket.url)
        )


Open = Callable[..., Page]


@pytest.fixture
def opened(workbench: Workbench, browser: Browser) -> Iterator[Open]:
    """Open a page as somebody; afterwards the browser must have been quiet and stayed on this machine."""
    watched, contexts = Watched(), []

    def open_as(who: str = "", path: str = "/", language: str = "en", theme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale=language, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        watched.watch(page, workbench.url)
        if who:
            page.goto(f"{workbench.url}/sign-in?then={path}")
            sign_in(page, who)
        else:
            page.goto(f"{workbench.url}{path}")
        return page

    yield open_as
    for one in contexts:
        one.close()
    assert not watched.away, f"requests left this machine: {watched.away}"
    assert not watched.errors, f"the browser complains: {watched.errors}"
