"""A workbench to test in a browser: the demo company in a small hub, served by a process of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from cdm.demo.run import run_demo
from cdm.pipeline.hub import Hub, open_hub, utc_now
from cdm.security import Role
from cdm.security.users import Users
from schemas.progress import silent

PASSWORD = "quiet river seven lamps"
PEOPLE = {"wang": Role.ADMINISTRATOR, "li": Role.STEWARD, "zhao": Role.VIEWER}
CHROMIUM: dict[str, Any] = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
PATIENCE = 180
"""Seconds a server may take to answer on a busy machine."""


@dataclass(frozen=True)
class Workbench:
    """A workbench that is being served."""

    url: str
    hub: str


def make_hub(folder: Path, records: int = 300) -> str:
    """Make a small hub with users of every role; returns its URL."""
    run_demo(folder, records, 7, "en", silent)
    url = f"sqlite:///{folder / 'hub.db'}"
    with open_hub(url) as hub:
        add_people(hub)
    return url


def add_people(hub: Hub) -> None:
    """Add a user of every role."""
    users = Users(hub.store, utc_now)
    for name, role in PEOPLE.items():
        users.add(name, role, "tests", PASSWORD)


@contextlib.contextmanager
def served(hub_url: str, log: Path) -> Iterator[Workbench]:
    """Serve a hub with ``cdm serve`` on a free port."""
    port = _free_port()
    command = [sys.executable, "-m", "cdm", "--hub", hub_url, "serve", "--port", str(port)]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=_environment()) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url, process, log)
            yield Workbench(url, hub_url)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(f"{url}/sign-in"):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer:\n{log.read_text()}")


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").click()
