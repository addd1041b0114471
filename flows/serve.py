"""Prefect's server and the hub's schedules on one machine, until told to stop.

``python -m flows.serve --port N``; people type ``cdm flows serve``. The server listens on this machine only, keeps its
state beside the hub and tells nothing to anybody. One flow runs at a time. A machine that was down makes up for what it
missed: a run that is late is run when the schedules are served again, and goes on where one that was cut off stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from cdm.pipeline.hub import settings_of
from cdm.settings import Settings
from flows.server import HOST
from schemas.errors import CdmError

if TYPE_CHECKING:
    from flows.deployments import Planned

PATIENCE = 180.0
"""Seconds the server may take to start."""
GRACE = 20.0
"""Seconds it may take to stop."""


class ServerFailed(CdmError):  # noqa: N818 - the name says what is the matter
    """Prefect's server cannot be started, or ended by itself."""

    code, status = "flow_server_failed", 503


def environment(settings: Settings, port: int) -> dict[str, str]:
    """Return what Prefect is told, in the server, the schedules and the flows alike.

    Args:
        settings: where the hub is.
        port: of the server.
    """
    home = state_folder(settings)
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "CDM_HUB_URL": settings.url,
    }


def state_folder(settings: Settings) -> Path:
    """Return the folder of Prefect's state: beside the hub database, or in the home directory of one on a server."""
    file = settings.url.removeprefix("sqlite:///")
    return ((Path(file).parent if file != settings.url else settings.home) / "prefect").absolute()


@contextmanager
def server(port: int, variables: Mapping[str, str]) -> Iterator[None]:
    """Run Prefect's server; stop this process should it end by itself.

    Raises:
        ServerFailed: the port is taken, or the server does not come up.
    """
    _must_be_free(port)
    home = Path(variables["PREFECT_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "flows.server", str(port)]
    with (home / "server.log").open("ab") as log:
        # A session of its own: Ctrl-C is for this process, which stops the server after the schedules.
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and nothing of a user's
            command, env={**os.environ, **variables}, stdout=log, stderr=log, start_new_session=True
        )
    stopping = threading.Event()
    try:
        _await(process, port, home)
        threading.Thread(target=_watch, args=(process, stopping), daemon=True).start()
        yield
    finally:
        ended = process.poll() is not None
        stopping.set()
        _stop(process)
        if ended:
            raise ServerFailed("Prefect's server ended by itself.", remedy=f"Look into {home / 'server.log'}.")


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ServerFailed(
                f"Port {port} of {HOST} is taken: another server, or another 'cdm flows serve', listens there.",
                remedy="Stop it, or name another port with --port.",
                port=port,
            ) from error


def _await(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(URLError, OSError), urlopen(f"http://{HOST}:{port}/api/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise ServerFailed("Prefect's server did not start.", remedy=f"Look into {home / 'server.log'}.")


def _watch(process: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    process.wait()
    if not stopping.is_set():
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def serve(hub_url: str | None, port: int) -> None:
    """Run server and schedules until the process is interrupted or terminated.

    Raises:
        NotFound: there is no hub.
        ScheduleRefused: a schedule cannot be understood.
        ServerFailed: Prefect's server does not run.
    """
    settings = settings_of(hub_url, create=False)
    variables = environment(settings, port)
    os.environ.update(variables)  # before Prefect is imported, and for the flows it starts
    with server(port, variables):
        asyncio.run(_run(settings, port))


async def _run(settings: Settings, port: int) -> None:
    """Run the schedules of the hub, one flow at a time, until this process is told to stop."""
    from prefect.runner import Runner

    from flows.schedules import Schedules

    runner = Runner(limit=1, pause_on_shutdown=False)
    schedules = Schedules(runner, settings, lambda wanted: _say(settings, port, wanted))
    await schedules.reconcile()
    following = asyncio.create_task(schedules.follow())
    try:
        await runner.start()
    finally:
        following.cancel()


def _say(settings: Settings, port: int, wanted: Sequence[Planned]) -> None:
    zh = settings.language == "zh"
    head = "正在按计划运行；按 Ctrl-C 停止" if zh else "Running on schedule; stop with Ctrl-C"
    where = f"Prefect: http://{HOST}:{port}"
    lines = [f"  {one.name}: {one.schedule} ({settings.timezone})" for one in wanted]
    print("\n".join([head, where, *lines]), flush=True)  # noqa: T201 - a program's own voice


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description="Prefect's server and the schedules.")
    parser.add_argument("--hub", default=None, help="Hub database: a path or an SQLAlchemy URL.")
    parser.add_argument("--port", type=int, default=4200, help="Port of Prefect's server on this machine.")
    given = parser.parse_args(arguments)
    # Being terminated is the ordinary way to end, also while the server is coming up.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        serve(given.hub, given.port)
    except CdmError as error:
        print(f"error[{error.code}]: {error.message}\n  → {error.remedy}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
