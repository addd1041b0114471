"""Make the pictures of the workbench anew: a demo hub, a server, a browser.

.venv/bin/python tools/screenshots.py            the ones in docs/images, which the README shows
.venv/bin/python tools/screenshots.py --all DIR  every page, in light and dark, Chinese and English, to look at
"""

from __future__ import annotations

import argparse
import contextlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from cdm.demo.generate import generate_demo
from cdm.demo.run import CUSTOMERS
from cdm.demo.truth import demo_sources
from cdm.pipeline.hub import Hub, open_hub, utc_now
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.security import Role
from cdm.security.users import Users
from cdm.stewardship import Edit, edit
from cdm.stewardship.steps import By
from cdm.store.golden_list import GoldenFilter, GoldenItem

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
RECORDS, SEED = 3_000, 7
NAME, PASSWORD = "lin", "quiet river seven lamps"
SIZE: ViewportSize = {"width": 1360, "height": 850}
PATIENCE = 180
Shots = tuple[tuple[str, str, str, str], ...]
PICTURES: Shots = (
    ("review-en-light", "case", "en", "light"),
    ("review-zh-dark", "case", "zh", "dark"),
    ("customer-zh-light", "customer", "zh", "light"),
    ("customer-en-dark", "customer", "en", "dark"),
    ("dashboard-en-light", "dashboard", "en", "light"),
    ("dashboard-zh-dark", "dashboard", "zh", "dark"),
)
"""File, page, language, theme."""


def main() -> None:
    """Make the hub, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every page, into this folder")
    wanted = parser.parse_args()
    folder: Path = wanted.all or IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    everything = tuple((f"{p}-{la}-{th}", p, la, th) for p, la, th in product(PAGES, ("zh", "en"), ("light", "dark")))
    with tempfile.TemporaryDirectory() as place, make_hub(Path(place)) as customer, served(Path(place)) as url:
        take(everything if wanted.all else PICTURES, url, customer, folder)


@contextlib.contextmanager
def make_hub(folder: Path) -> Iterator[str]:
    """Bring the demo company in source by source, as a company would; yields a customer worth looking at."""
    generate_demo(folder, records=RECORDS, seed=SEED, today=utc_now().date())
    with open_hub(str(folder / "hub.db")) as hub:
        for spec in demo_sources(folder):
            owner = CUSTOMERS.get(spec.name, "")
            new = NewSource(spec.name, spec.location, spec.connector, spec.options, trust=spec.trust, customers=owner)
            add_source(hub, new)
            run_all(hub)
        Users(hub.store, utc_now).add(NAME, Role.STEWARD, "tools", PASSWORD)
        found = worth_looking_at(hub)
        edit(hub, found.id, Edit({"email": ["lin.service@example.com"]}), By(NAME, "confirmed by phone"))
        yield found.id


def worth_looking_at(hub: Hub) -> GoldenItem:
    """Return a customer of several sources with activities."""
    people = hub.store.golden.list(GoldenFilter(entity="organization", records_from=3, limit=500))
    return max(people, key=lambda one: (len(hub.store.activities.of_golden(one.id)) > 3, len(one.fields), one.id))


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the hub of a folder with ``cdm serve``; yields its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "cdm", "--hub", str(folder / "hub.db"), "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            await_answer(url)
            yield url
        finally:
            process.terminate()


def await_answer(url: str) -> None:
    """Wait until the server answers."""
    for _ in range(PATIENCE * 10):
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(f"{url}/sign-in"):
            return
        time.sleep(0.1)
    raise SystemExit("The server does not answer.")


def take(shots: Shots, url: str, customer: str, folder: Path) -> None:
    """Take pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, page, language, theme in shots:
            picture(browser, url, PAGES[page], (language, theme, customer), folder / f"{name}.png")
            print(folder / f"{name}.png")
        browser.close()


def picture(
    browser: Browser, url: str, go: Callable[[Page, str], None], look: tuple[str, str, str], file: Path
) -> None:
    """Take one picture as a steward sees it."""
    language, theme, customer = look
    locale = "zh-CN" if language == "zh" else "en-US"
    context = browser.new_context(viewport=SIZE, locale=locale, color_scheme="dark" if theme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    if go is not sign_in_page:
        page.locator("input[name=name]").fill(NAME)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.locator("main h1").wait_for()
        go(page, customer)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)
    page.screenshot(path=file)
    context.close()


def sign_in_page(page: Page, customer: str) -> None:
    """Stay where one signs in."""


def dashboard(page: Page, customer: str) -> None:
    """Stay on the first page."""
    page.locator(".tiles").wait_for()


def customers(page: Page, customer: str) -> None:
    """Search for a customer."""
    page.goto(address(page, "/customers?q=shanghai"))
    page.locator("tbody tr").first.wait_for()


def customer_page(page: Page, customer: str) -> None:
    """Look at a customer, and at where a value comes from."""
    page.goto(address(page, f"/customers/{customer}"))
    page.locator("[data-field=phone] summary").click()
    page.locator("[data-field=phone] .trace > *").first.wait_for()


def review(page: Page, customer: str) -> None:
    """Look at the queue."""
    page.goto(address(page, "/review"))
    page.locator("main h1").wait_for()


def case(page: Page, customer: str) -> None:
    """Look at the first case of persons."""
    page.goto(address(page, "/review?entity=person"))
    page.locator("a[href^='/review/']").first.click()
    page.wait_for_url(re.compile(r"/review/\d"))
    page.locator("main h1").wait_for()


def runs(page: Page, customer: str) -> None:
    """Look at the runs."""
    page.goto(address(page, "/runs"))
    page.locator("tbody tr").first.wait_for()


def changes(page: Page, customer: str) -> None:
    """Look at the change feed."""
    page.goto(address(page, "/changes"))
    page.locator(".changes li").first.wait_for()


def address(page: Page, path: str) -> str:
    """Return a path on the server a page is on."""
    return "/".join(page.url.split("/")[:3]) + path


PAGES: dict[str, Callable[[Page, str], None]] = {
    "sign-in": sign_in_page,
    "dashboard": dashboard,
    "review": review,
    "case": case,
    "customers": customers,
    "customer": customer_page,
    "runs": runs,
    "changes": changes,
}

if __name__ == "__main__":
    main()
