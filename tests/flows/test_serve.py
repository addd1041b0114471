"""``cdm flows serve`` on a machine: the schedule fires, the run is on record, a signal ends it and leaves nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from small_company import SALES, SALES_HEADER, write_csv

from cdm.pipeline.hub import open_hub
from cdm.pipeline.schedule import ScheduleRefused, parse_schedule, schedule_source
from cdm.pipeline.sources import NewSource, add_source

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(what: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 420) -> bool:
    """Wait until something is the case; it takes long on a busy machine to start a server and a flow."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if what():
            return True
        time.sleep(0.5)
    return what()


@pytest.mark.parametrize("words", ["0 2 * * *", "*/15 8-18 * * 1-5", "15m", "2h", "1d"])
def test_schedules(words: str) -> None:
    found = parse_schedule(words)
    assert (found.cron is None) != (found.every is None)


@pytest.mark.parametrize("words", ["", "nightly", "0 2 * *", "61 * * * *", "0m", "5s", "0 2 * * * *"])
def test_what_is_no_schedule_is_refused(words: str) -> None:
    with pytest.raises(ScheduleRefused, match="no schedule"):
        parse_schedule(words)


def test_a_source_keeps_its_schedule(hub_url: str, tmp_path: Path) -> None:
    from flows.deployments import deployments, planned

    sales = write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    with open_hub(hub_url) as hub:
        add_source(hub, NewSource("sales", str(sales)))
        schedule_source(hub, "sales", " 0  *  * * * ")
        assert hub.source("sales").schedule == "0 * * * *"
        wanted = planned(hub)
        assert [(one.name, one.sources) for one in wanted] == [("nightly", None), ("source sales", ["sales"])]
        served = deployments(wanted, hub.settings.timezone)
        assert [one.parameters for one in served] == [{"sources": None}, {"sources": ["sales"]}]
        assert {one.entrypoint for one in served} == {"flows.nightly.nightly"}
        schedule_source(hub, "sales", "")
        assert len(planned(hub)) == 1


@pytest.mark.slow
def test_a_schedule_that_changes_while_it_is_served_takes_effect(prefect_server: None, tmp_path: Path) -> None:
    from prefect import get_client
    from prefect.runner import Runner

    from cdm.pipeline.hub import settings_of
    from flows import schedules

    url = f"sqlite:///{tmp_path / 'hub.db'}"
    sales = write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    with open_hub(url) as hub:
        for name in ("sales", "shop"):
            add_source(hub, NewSource(name, str(sales)))
        schedule_source(hub, "sales", "0 * * * *")
    told: list[dict[str, str]] = []

    def schedule(name: str, text: str) -> None:
        with open_hub(url) as hub:
            schedule_source(hub, name, text)

    async def served() -> dict[str, tuple[str | None, float | None]]:
        async with get_client() as client:
            found = await client.read_deployments()
        plans = {one.name: one.schedules[0].schedule for one in found}
        every = {name: getattr(plan, "interval", None) for name, plan in plans.items()}
        return {
            name: (getattr(plan, "cron", None), None if every[name] is None else every[name].total_seconds())
            for name, plan in plans.items()
        }

    async def change() -> None:
        runner = Runner(limit=1, pause_on_shutdown=False)
        kept = schedules.Schedules(
            runner, settings_of(url), lambda wanted: told.append({one.name: one.schedule for one in wanted})
        )
        await kept.reconcile()
        assert await served() == {"nightly": ("0 2 * * *", None), "source sales": ("0 * * * *", None)}
        schedule("sales", "15m")
        schedule("shop", "30 6 * * 1")
        await kept.reconcile()
        expected = {"nightly": ("0 2 * * *", None), "source sales": (None, 900.0), "source shop": ("30 6 * * 1", None)}
        assert await served() == expected
        await kept.reconcile()
        schedule("sales", "")
        # A program that begins anew forgets what was planned when it ended.
        again = schedules.Schedules(runner, settings_of(url), lambda wanted: None)
        await again.reconcile()
        assert set(await served()) == {"nightly", "source shop"}

    asyncio.run(change())
    assert [set(one) for one in told] == [
        {"nightly", "source sales"},
        {"nightly", "source sales", "source shop"},
    ], "told once at first and once of each change"


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve(tmp_path: Path, ending: signal.Signals) -> None:
    url, port = f"sqlite:///{tmp_path / 'hub.db'}", free_port()
    sales = write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    with open_hub(url) as hub:
        add_source(hub, NewSource("sales", str(sales)))
        schedule_source(hub, "sales", "* * * * *")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CDM_LANGUAGE": "en", "CDM_HUB_URL": url}
    command = [sys.executable, "-m", "cdm", "flows", "serve", "--port", str(port)]
    with (tmp_path / "out.txt").open("w") as out:
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=out,
            stderr=out,
            text=True,
            cwd=tmp_path,
            # A shell that runs the tests in the background has its children ignore it.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread is running yet
        )

    def merged() -> bool:
        with open_hub(url) as hub:
            done = [run for run in hub.store.runs.list(kind="consolidate") if run.status == "finished"]
            return bool(done) and all(run.flow_run for run in done)

    try:
        fired = eventually(merged, process)
        assert fired, (tmp_path / "out.txt").read_text()[-3000:]
        taken = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert (taken.returncode, "flow_server_failed" in taken.stderr) == (1, True)
    finally:
        process.send_signal(ending)
        code = process.wait(120)
    assert code == 0
    assert "Running on schedule" in (tmp_path / "out.txt").read_text()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server is gone"
    assert (tmp_path / "prefect" / "prefect.db").exists(), "its state is beside the hub"
    with open_hub(url) as hub:
        assert hub.store.golden.count()["person"] == (5, 0)
