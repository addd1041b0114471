"""Steps that run to their end, servers that run on, and waiting until one answers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.peers.place import PeersError, Place

READY_SECONDS = 300
"""How long a server may take until it answers; a busy machine with two cores needs a good part of a minute."""
STOP_SECONDS = 30
TRIES = 3
"""How often a download is tried."""

Environment = Mapping[str, str]


def run(
    place: Place,
    name: str,
    command: Sequence[object],
    *,
    environment: Environment | None = None,
    folder: Path | None = None,
    tries: int = 1,
) -> None:
    """Run a step to its end, its output in its log.

    Raises:
        PeersError: it failed; names the log and repeats its last lines.
    """
    log = place.log(name)
    for attempt in range(tries):
        code = _begin(place, name, command, environment, folder).wait()
        if code == 0:
            return
        if attempt < tries - 1:
            time.sleep(5 * (attempt + 1))
    raise PeersError(f"{name} failed with exit code {code}. {_tail(log)}")


def start(
    place: Place,
    name: str,
    command: Sequence[object],
    url: str,
    *,
    environment: Environment | None = None,
    folder: Path | None = None,
) -> None:
    """Start a server that outlives this process and wait until ``url`` answers; one that runs is left alone."""
    if running(place, name) is None:
        server = _begin(place, name, command, environment, folder, lives_on=True)
        _pid_file(place, name).write_text(f"{server.pid} {_born(server.pid)}", "utf-8")
    _wait(lambda: _answers(url), lambda: running(place, name) is not None, place.log(name), name)


def _begin(
    place: Place,
    name: str,
    command: Sequence[object],
    environment: Environment | None,
    folder: Path | None,
    *,
    lives_on: bool = False,
) -> subprocess.Popen[bytes]:
    """Begin a command, its output in its log; one that lives on has a session of its own."""
    with place.log(name).open("ab") as stream:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd=folder or place.work,
            env={**os.environ, **(environment or {})},
            start_new_session=lives_on,
        )


def stop(place: Place, name: str) -> bool:
    """Stop a server of ours, gently first; returns whether it ran."""
    number = running(place, name)
    _pid_file(place, name).unlink(missing_ok=True)
    if number is None:
        return False
    for blow in (signal.SIGTERM, signal.SIGKILL):
        _signal(number, blow)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if not _alive(number):
                return True
            time.sleep(0.1)
    raise PeersError(f"{name} (process {number}) does not stop.")


def running(place: Place, name: str) -> int | None:
    """Return the process number of a server of ours that runs; a number that was given to another does not count."""
    path = _pid_file(place, name)
    if not path.exists():
        return None
    number, _, born = path.read_text("utf-8").partition(" ")
    return int(number) if _alive(int(number)) and _born(int(number)) == born else None


def _wait(ready: Callable[[], bool], alive: Callable[[], bool], log: Path, name: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not ready():
        if not alive():
            raise PeersError(f"{name} stopped while it was starting. {_tail(log)}")
        if time.monotonic() > deadline:
            raise PeersError(f"{name} does not answer after {READY_SECONDS} s. {_tail(log)}")
        time.sleep(0.25)


def _answers(url: str) -> bool:
    """Tell whether a server answers at all; what it says does not matter."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _pid_file(place: Place, name: str) -> Path:
    return place.work / f"{name}.pid"


def _signal(number: int, blow: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(number, blow)


def _alive(number: int) -> bool:
    """Tell whether a process runs; one that ended and waits for its parent does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(number, os.WNOHANG)
    return _born(number) != ""


def _born(number: int) -> str:
    """Return when a process began (clock ticks since boot), so that a number used again is not taken for it."""
    try:
        after = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after[0] == "Z" else after[19]


def _tail(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines()[-15:] if log.exists() else []
    return "\n".join([f"See {log}; its last lines:", *lines])
