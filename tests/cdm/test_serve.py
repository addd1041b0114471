"""``cdm serve`` as its first user meets it: a process, a one-time password, a sign-in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 120
NEW = "four quiet words here"


@contextmanager
def served(folder: Path, *more: str) -> Iterator[tuple[httpx.Client, list[str]]]:
    """Serve a hub; yields a client and what was printed before the first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printed = folder / f"printed-{port}.txt"
    command = [sys.executable, "-m", "cdm", "--lang", "en", "--hub", str(folder / "hub.db"), "serve"]
    with printed.open("w") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port), *more], stdout=out, stderr=subprocess.STDOUT, env=os.environ
        )
    try:
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=60, trust_env=False)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                assert client.get("/ready").status_code == 200
                break
            except httpx.TransportError:
                assert process.poll() is None and time.monotonic() < end, printed.read_text()
                time.sleep(0.1)
        yield client, printed.read_text().splitlines()
    finally:
        process.terminate()
        process.wait(60)


def test_the_first_start_tells_a_one_time_password(tmp_path: Path) -> None:
    with served(tmp_path) as (client, printed):
        told = next(line for line in printed if "One-time password of admin" in line)
        password = re.findall(r": (\S+)$", told)[0]
        session = client.post("/session", json={"name": "admin", "password": password}).json()
        assert session["must_change_password"] is True
        bearer = {"Authorization": f"Bearer {session['secret']}"}
        refused = client.get("/dashboard", headers=bearer)
        assert refused.status_code == 403 and "one-time" in refused.json()["detail"]
        changed = client.post(
            "/session/password", json={"name": "admin", "password": password, "new_password": NEW}
        ).json()
        bearer = {"Authorization": f"Bearer {changed['secret']}"}
        assert client.get("/dashboard", headers=bearer).json()["golden"] == 0
        assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400
        page = httpx.get(str(client.base_url).replace("/api/v1/", "/"), follow_redirects=True, timeout=60)
        assert page.status_code == 200 and "text/html" in page.headers["content-type"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    with served(tmp_path, "--name", "hub.firma.cn") as (client, printed):
        assert not [line for line in printed if "password" in line]
        assert client.get("/health", headers={"Host": "hub.firma.cn"}).status_code == 200
        assert client.post("/session", json={"name": "admin", "password": NEW}).status_code == 201
