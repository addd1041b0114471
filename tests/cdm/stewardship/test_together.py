"""Many stewards, an ingest and runs at once: nothing is lost, nobody sees more than a conflict."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from hub_invariants import check_all, state
from small_company import write_csv

from cdm.errors import Conflict, NotFound
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import merge, separate, split, undo
from cdm.stewardship.steps import By

HEADER = ("no", "姓名", "手机", "邮箱", "城市", "生日")
STEWARDS = 8


@dataclass
class Told:
    """What was acknowledged and what was not."""

    made: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    runs: int = 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Measure how long a steward waits for one step, refused or not."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.waits.append(time.perf_counter() - began)


def people(count: int, seed: int) -> list[tuple[str, ...]]:
    """Customers, some of them twice."""
    rng = random.Random(seed)
    rows: list[tuple[str, ...]] = []
    for number in range(count):
        name = rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(("伟", "芳", "娜", "秀英", "敏", "小明", "雷"))
        birth = f"19{rng.randrange(60, 99)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 28):02d}"
        phone, mail = f"13{rng.randrange(10**9):09d}", f"user{rng.randrange(10**6)}@firma.cn"
        rows.append((f"{number}", name, phone, mail, "上海", birth))
        if rng.random() < 0.3:
            rows.append((f"{number}b", name, phone, "", "杭州", birth))
    return rows


def steward(url: str, number: int, end: float, told: Told) -> None:
    """Merge, separate, split and take back until the time is over, all on the same few customers."""
    rng, by = random.Random(number), By(f"steward {number}")
    with open_hub(url) as hub:
        while time.monotonic() < end:
            try:
                _one(hub, rng, by, told)
            except (Conflict, NotFound) as conflict:
                told.conflicts.append(conflict.code)


def _one(hub: Hub, rng: random.Random, by: By, told: Told) -> None:
    ids = sorted(state(hub)["golden"])[:40]
    what = rng.randrange(4)
    mine = [one for one in hub.store.decisions.binding("person") if one.made_by == by.name]
    if what == 0 and mine:
        gone = rng.choice(mine).id
        with told.waiting():
            undo(hub, gone, by)
        told.undone.append(gone)
    elif what == 1:
        one = rng.choice(ids)
        records = [record.id for record in hub.store.records.of_golden(one)]
        if len(records) > 1:
            with told.waiting():
                done = split(hub, one, [records[:1]], by)
            told.made.append(done.decision.id)
    else:
        step = separate if what == 2 else merge
        chosen = rng.sample(ids, 2)
        with told.waiting():
            done = step(hub, chosen, by)
        told.made.append(done.decision.id)


def night(url: str, path: Path, end: float, told: Told) -> None:
    """Read changed customers and run, again and again."""
    rng = random.Random(99)
    rows = people(420, 1)
    with open_hub(url) as hub:
        while time.monotonic() < end:
            changed = [(*row[:4], rng.choice(("上海", "北京")), row[5]) for row in rows]
            write_csv(path, HEADER, rng.sample(changed, len(changed) - 5))
            ingest_source(hub, "crm", full=True)
            consolidate_all(hub)
            told.runs += 1


def together(url: str, path: Path, seconds: float) -> Told:
    """Let everybody work at once; afterwards nothing is lost."""
    write_csv(path, HEADER, people(420, 1))
    with open_hub(url) as hub:
        add_source(hub, NewSource("crm", str(path), options={"key": "no"}, entity="person"))
        ingest_source(hub, "crm")
        consolidate_all(hub)
    told, end = Told(), time.monotonic() + seconds

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - whatever a thread ends with is what the test is about
                told.errors.append(error)

        return run

    works = [guarded(partial(steward, url, number, end, told)) for number in range(STEWARDS)]
    threads = [threading.Thread(target=work) for work in [*works, guarded(partial(night, url, path, end, told))]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not told.errors, told.errors
    with open_hub(url) as hub:
        held = {one.id: one.binding for one in hub.store.decisions.page(entity="person", limit=100_000)}
        assert sorted(held) == sorted(told.made), "an acknowledged decision is missing, or one nobody knows of is there"
        assert {one for one, binding in held.items() if not binding} == set(told.undone)
        consolidate_all(hub)
        check_all(hub)
    return told


def report(told: Told) -> str:
    """Return the figures in one line."""
    waits = sorted(told.waits)
    p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
    steps = f"{len(told.made)} made, {len(told.undone)} undone, {len(told.conflicts)} conflicts, {told.runs} runs"
    return f"{steps}, step p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {waits[-1] * 1000:.0f} ms"


@pytest.mark.slow
def test_eight_stewards_and_a_job_for_a_minute(hub_url: str, tmp_path: Path) -> None:
    told = together(hub_url, tmp_path / "crm.csv", 60)
    print(report(told))
    assert told.made
    assert told.undone
    assert told.runs
