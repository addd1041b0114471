"""The example downstream program: after many random changes its copy is what the hub holds, whoever kills it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from hub_invariants import Copy, without_blanks
from hub_pages import Clock
from random_life import RandomLife

from cdm.pipeline.hub import Hub, open_hub
from cdm.security import Scope
from cdm.security.tokens import Tokens
from cdm.serve import application
from cdm.store.events import Change

EXAMPLE = Path(__file__).parents[2] / "examples" / "downstream"
PATIENCE = 120


def example(name: str) -> ModuleType:
    """Return a module of the example, which is no package of ours."""
    spec = importlib.util.spec_from_file_location(f"downstream_{name}", EXAMPLE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def served(hub: Hub) -> Iterator[str]:
    """Serve a hub's API at a free port of this machine; yields its URL."""
    config = uvicorn.Config(application(hub, pages=False), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


class Reader:
    """The example as a process of its own."""

    def __init__(self, url: str, token: str, copy: Path) -> None:
        self._environment = {**os.environ, "CDM_URL": url, "CDM_TOKEN": token, "PYTHONUNBUFFERED": "1"}
        self._command = [sys.executable, str(EXAMPLE / "follow.py"), "--copy", str(copy)]
        self._process: subprocess.Popen[str] | None = None
        self.killed = 0

    def start(self) -> None:
        command = [*self._command, "--every", "0.02"]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True)

    def wait_for_news(self) -> str:
        """Return the next line it says; it says one when a page was taken in."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None
            self.killed += 1

    def catch_up(self) -> subprocess.CompletedProcess[str]:
        command = [*self._command, "--once"]
        return subprocess.run(
            command, check=False, env=self._environment, capture_output=True, text=True, timeout=PATIENCE
        )


def held(hub: Hub) -> tuple[dict[str, Any], dict[tuple[str, str], str]]:
    """Return what a hub holds: golden id → values, source record → golden id."""
    batch = hub.store.golden.read(hub.model["person"])
    ids = batch.index["golden_id"].to_pylist()
    table = hub.store.crosswalk.table("person").to_pylist()
    golden = dict(zip(ids, map(without_blanks, batch.fields.to_pylist()), strict=True))
    return golden, {(row["source"], row["key"]): row["golden_id"] for row in table}


def lives_alike(hub: Hub, folder: Path, seed: int, changes: int, between: int) -> RandomLife:
    """Let things happen while the example follows and is killed now and then; its copy ends up equal to the hub."""
    life = RandomLife(hub, folder, seed, people=160)
    life.begin()
    scopes = [Scope.FEED, Scope.PERSONAL, Scope.SENSITIVE]
    token = Tokens(hub.store, hub.now).create("downstream", scopes, "test").secret
    begun, copy = hub.store.events.last(), folder / "copy.db"
    with served(hub) as url:
        reader = Reader(url, token, copy)
        while hub.store.events.last() - begun < changes:
            reader.start()
            for _ in range(between):
                life.step()
            if reader.killed % 2 and position(copy) < hub.store.events.last():
                reader.wait_for_news()  # so that half of them die after a page, half before or in the middle
            reader.kill()
        done = reader.catch_up()
        assert (done.returncode, done.stderr) == (0, "")
        assert reader.killed > 1
        taken = example("local_copy").LocalCopy(copy)
        assert taken.position() == hub.store.events.last()
        assert (taken.customers(), taken.members()) == held(hub)
        leads(hub, taken)
        again = reader.catch_up()
        assert (again.returncode, again.stdout) == (0, "")
        taken.close()
    Copy().check(hub)
    return life


def position(copy: Path) -> int:
    """Return how far the copy has got, which another process writes."""
    taken = example("local_copy").LocalCopy(copy)
    try:
        return int(taken.position())
    finally:
        taken.close()


def leads(hub: Hub, taken: Any) -> None:
    """Every id there ever was leads somewhere in the copy, if any of its source records lives."""
    for one in hub.store.events.since(0):
        if one.kind is Change.CREATED:
            there = taken.resolve(one.golden_id)
            assert set(there) <= taken.customers().keys()
            assert there == [one.golden_id] or one.golden_id not in taken.customers()


def test_the_copy_is_what_the_hub_holds(hub_url: str, tmp_path: Path) -> None:
    with open_hub(hub_url, now=Clock()) as hub:
        lives_alike(hub, tmp_path, seed=1, changes=40, between=8)


@pytest.mark.slow
def test_the_copy_is_what_the_hub_holds_after_a_thousand_changes(hub_url: str, tmp_path: Path) -> None:
    with open_hub(hub_url, now=Clock()) as hub:
        begun = hub.store.events.last()
        life = lives_alike(hub, tmp_path, seed=2, changes=1000, between=25)
        told = [one.kind for one in hub.store.events.since(begun)]
        for kind in Change:
            assert told.count(kind) > 10, kind
        assert min(life.steps[act] for act in ("merge", "split", "undo", "leave", "settle")) > 20


def test_it_says_what_is_wrong(tmp_path: Path) -> None:
    with open_hub(str(tmp_path / "hub.db"), now=Clock()) as hub, served(hub) as url:
        reading = Tokens(hub.store, hub.now).create("reading", [Scope.READ], "test").secret
        for token, word in (("", "CDM_TOKEN"), ("cdm_wrong", "refuses"), (reading, "feed")):
            done = Reader(url, token, tmp_path / "copy.db").catch_up()
            assert done.returncode != 0
            assert word in done.stderr
            assert "Traceback" not in done.stderr


def test_it_waits_for_a_hub_that_is_away(tmp_path: Path) -> None:
    """A page that cannot be had is asked for again; nothing is skipped."""
    feed = example("feed")
    answers: list[Any] = [
        OSError("no connection"),
        {"changes": [], "next": 7, "last": 9},
        {"changes": [], "next": 9, "last": 9},
    ]
    asked = []

    class Flaky(feed.Feed):  # type: ignore[misc, name-defined]
        def _ask(self, since: int) -> Any:
            asked.append(since)
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    feed.time = type("Clock", (), {"sleep": staticmethod(asked.append)})
    assert [page["next"] for page in Flaky("http://hub", "t").pages(3)] == [7, 9]
    assert asked == [3, 1.0, 3, 7]
