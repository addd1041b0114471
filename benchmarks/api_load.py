"""How much the API bears: ``python benchmarks/api_load.py [RECORDS] [--folder FOLDER]``.

Makes a hub of generated persons (``benchmarks/persons.py``; 150,000 records make about 100,000 golden ones), serves it
with ``cdm serve`` on loopback as a process of its own, and asks it from one or more clients at once, each on a
connection it keeps: get and look up golden records, match half-filled customers, follow the feed, push records. Prints
requests per second, median and p99 of every kind, and the processor time the server took for one. With ``--folder`` the
hub is kept there and used again.

The clients share the machine's cores with the server.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Ask = Callable[[httpx.Client, random.Random], int]
"""Sends one request and returns how many records it was about."""
KINDS = {"get": 4, "lookup": 4, "match": 2, "feed": 2, "push": 2}
"""Kind of request → clients that ask at once."""
FEED_PAGE, PUSH_ROWS = 500, 100
PATIENCE = 120


def make_hub(folder: Path, records: int) -> str:
    """Return the URL of a hub of that many persons, made where there is none yet."""
    source, url = folder / "persons.parquet", f"sqlite:///{folder / 'hub.db'}"
    if not (folder / "hub.db").exists():
        subprocess.run([sys.executable, "-m", "benchmarks.persons", str(records), str(source)], check=True, cwd=ROOT)
        job = [sys.executable, "-m", "benchmarks.hub_jobs", "whole", str(source), url]
        subprocess.run(job, check=True, cwd=ROOT)
    return url


def token_of(url: str) -> str:
    """Return a token that may do everything and sees personal values."""
    from cdm.pipeline.hub import open_hub
    from cdm.security import Scope
    from cdm.security.tokens import Tokens

    with open_hub(url) as hub:
        scopes = [scope for scope in Scope if scope is not Scope.SENSITIVE]
        print(f"{sum(live for live, _ in hub.store.golden.count().values()):,} golden records")
        return Tokens(hub.store, hub.now).create("load", scopes, "benchmark").secret


@contextmanager
def served(url: str) -> Iterator[tuple[str, int]]:
    """Serve the hub; yields the API's address and the number of the server's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cdm", "--hub", url, "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)})
    address = f"http://127.0.0.1:{port}/api/v1"
    try:
        _wait(address)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{address}/ready", timeout=5).close()
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def kinds_of(rows: Sequence[dict[str, str]], ids: Sequence[str], events: int) -> dict[str, Ask]:
    """Return how each kind of request is asked."""

    def get(client: httpx.Client, rng: random.Random) -> int:
        return _ok(client.get(f"/golden/{rng.choice(ids)}"))

    def lookup(client: httpx.Client, rng: random.Random) -> int:
        return _ok(client.get(f"/lookup/crm/{rng.choice(rows)['id']}"))

    def match(client: httpx.Client, rng: random.Random) -> int:
        row = rng.choice(rows)
        filled = [name for name, value in row.items() if value and name != "id"]
        fields = {name: row[name] for name in rng.sample(filled, min(len(filled), 4))}
        return _ok(client.post("/match", json={"fields": fields, "entity": "person"}))

    def feed(client: httpx.Client, rng: random.Random) -> int:
        since = rng.randrange(max(1, events - FEED_PAGE))
        return _ok(client.get("/changes", params={"since": since, "limit": FEED_PAGE}), FEED_PAGE)

    def push(client: httpx.Client, rng: random.Random) -> int:
        sent = [{**row, "id": f"new-{rng.getrandbits(48)}"} for row in rng.sample(list(rows[:10_000]), PUSH_ROWS)]
        key = {"Idempotency-Key": str(rng.getrandbits(64))}
        return _ok(client.post("/records/crm", json={"records": sent}, headers=key), PUSH_ROWS)

    return {"get": get, "lookup": lookup, "match": match, "feed": feed, "push": push}


def _ok(answer: httpx.Response, records: int = 1) -> int:
    answer.raise_for_status()
    return records


def ask_together(address: str, token: str, ask: Ask, clients: int, seconds: float) -> tuple[list[float], int, float]:
    """Ask from several clients for a while; returns milliseconds per request, records, and seconds it took."""
    times: list[float] = []
    records: list[int] = []
    failures: list[BaseException] = []
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        rng = random.Random(number)
        headers = {"Authorization": f"Bearer {token}"}
        try:
            with httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as connection:
                ask(connection, rng)
                while time.perf_counter() < end:
                    begin = time.perf_counter()
                    records.append(ask(connection, rng))
                    times.append((time.perf_counter() - begin) * 1e3)
        except httpx.HTTPError as error:
            failures.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times, sum(records), time.perf_counter() - begin


def processor(process: int) -> float:
    """Return the processor seconds a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(address: str, process: int, token: str, folder: Path, seconds: float) -> None:
    """Ask every kind of request and print what it took."""
    rows: list[dict[str, str]] = pq.read_table(folder / "persons.parquet").to_pylist()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client:
        page: dict[str, Any] = client.get("/golden", params={"limit": 500}).json()
        ids = [one["id"] for one in page["items"]]
        while page["next"] and len(ids) < 10_000:
            page = client.get("/golden", params={"limit": 500, "after": page["next"]}).json()
            ids += [one["id"] for one in page["items"]]
        events = client.get("/changes", params={"limit": 1}).json()["last"]
    print("| request | clients | requests/s | records/s | median | p99 | server's processor |\n" + "|---" * 7 + "|")
    for kind, ask in kinds_of(rows, ids, events).items():
        before = processor(process)
        times, records, took = ask_together(address, token, ask, KINDS[kind], seconds)
        each = (processor(process) - before) / (len(times) + KINDS[kind]) * 1e3
        median, p99 = np.percentile(times, (50, 99))
        rate = f"{len(times) / took:,.0f} | {records / took:,.0f}"
        print(f"| {kind} | {KINDS[kind]} | {rate} | {median:.1f} ms | {p99:.1f} ms | {each:.1f} ms |", flush=True)


def main() -> None:
    """Make the hub, serve it, ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="?", default=150_000)
    parser.add_argument("--folder", type=Path, help="where the hub is kept; a temporary one else")
    parser.add_argument("--seconds", type=float, default=15, help="how long each kind of request is asked")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        url = make_hub(folder, said.records)
        token = token_of(url)
        with served(url) as (address, process):
            measure(address, process, token, folder, said.seconds)


if __name__ == "__main__":
    main()
