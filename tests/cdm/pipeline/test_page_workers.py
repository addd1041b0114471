"""Several processes must give what one gives: the same records in the same order, the same errors, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from small_company import write_csv

from cdm.pipeline import page_workers
from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.page_reader import PageReader
from cdm.pipeline.page_workers import cleansed_pages, worker_count
from connectors.contract import Page
from connectors.errors import SourceError
from schemas.loader import builtin_model
from schemas.mapping import ColumnMapping, Mapping

HEADER = ("客户编号", "姓名", "手机", "邮箱", "地址")


@pytest.fixture(autouse=True)
def _workers_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_workers, "WORTHWHILE", 1)


@pytest.fixture
def reader() -> PageReader:
    columns = (
        ColumnMapping("id", {"person": "customer_no"}, 1.0),
        ColumnMapping("name", {"person": "full_name"}, 1.0),
        ColumnMapping("mobile", {"person": "phone"}, 1.0),
    )
    mapping = Mapping(entity="person", columns=columns, key="id")
    return PageReader(mapping, builtin_model(), "CN", date(2026, 5, 1), {})


def pages(count: int, *, fails_at: int | None = None) -> Iterator[Page]:
    """Pages of different sizes, so that later ones are done before earlier ones."""
    for number in range(count):
        if number == fails_at:
            raise SourceError("The file is cut off.", remedy="Export it again.")
        rows = 200 if number % 3 == 0 else 3
        keys = [f"{number}-{row}" for row in range(rows)]
        table = pa.table(
            {"id": keys, "name": [f"王小{row % 50}明" for row in range(rows)], "mobile": [f"138{number:08d}"] * rows}
        )
        yield Page(table, keys, {"page": number})


def taken(reader: PageReader, source: Iterator[Page], workers: int) -> list[tuple[int, pa.Table]]:
    return [(page.cursor["page"], table) for page, table in cleansed_pages(reader, source, workers)]


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_same_records_in_the_same_order(reader: PageReader, count: int) -> None:
    alone, helped = taken(reader, pages(count), 0), taken(reader, pages(count), 2)
    assert [number for number, _ in helped] == list(range(count))
    assert all(a.equals(b) for (_, a), (_, b) in zip(alone, helped, strict=True))


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_of_the_source_comes_after_the_pages_before_it(reader: PageReader, workers: int) -> None:
    seen = []
    with pytest.raises(SourceError, match="cut off"):
        for page, _ in cleansed_pages(reader, pages(9, fails_at=6), workers):
            seen.append(page.cursor["page"])
    assert seen == [0, 1, 2, 3, 4, 5]


def test_workers_that_die_are_replaced_by_the_reading_itself(reader: PageReader) -> None:
    found = []
    for number, (page, _) in enumerate(cleansed_pages(reader, pages(9), 2)):
        found.append(page.cursor["page"])
        if number == 2:
            for child in children(os.getpid()):
                os.kill(child, signal.SIGKILL)
    assert found == list(range(9))


def test_a_page_that_no_worker_can_do_raises_here(reader: PageReader) -> None:
    broken = replace(reader, mapping=replace(reader.mapping, entity="nobody"))
    with pytest.raises(Exception, match="nobody"):
        taken(broken, pages(5), 2)


def test_no_process_is_left_when_the_reading_stops(reader: PageReader) -> None:
    reading = cleansed_pages(reader, pages(9), 2)
    next(reading)
    assert len(children(os.getpid())) >= 2
    reading.close()
    assert not [pid for pid in children(os.getpid()) if "cdm.pipeline.worker" in command_of(pid)]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts processes in /proc")
def test_workers_end_with_a_reading_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "reading.py"
    program.write_text(KILLED, encoding="utf-8")
    path = os.pathsep.join([*sys.path, str(Path(__file__).parent)])
    environment = os.environ | {"PYTHONPATH": path}
    reading = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, env=environment)
    assert reading.stdout is not None
    workers = [int(pid) for pid in reading.stdout.readline().split()]
    assert len(workers) == 2
    reading.kill()
    reading.wait()
    deadline = time.monotonic() + 20
    while any("cdm.pipeline.worker" in command_of(pid) for pid in workers):
        assert time.monotonic() < deadline, "a worker outlived its reading"
        time.sleep(0.05)


KILLED = """
import os, time
from datetime import date
import test_page_workers as t
from cdm.pipeline import page_workers
from schemas.loader import builtin_model
page_workers.WORTHWHILE = 1
reader = t.reader.__wrapped__() if hasattr(t.reader, "__wrapped__") else t.reader._get_wrapped_function()()
reading = page_workers.cleansed_pages(reader, t.pages(9), 2)
next(reading)
print(*t.children(os.getpid()), flush=True)
time.sleep(60)
"""


def test_a_source_is_read_and_read_again(hub: Hub, add: object, tmp_path: Path) -> None:
    rows = [(f"C{n}", f"王{'伟芳娜敏静'[n % 5]}", f"139{n:08d}", "", "") for n in range(20)]
    write_csv(tmp_path / "sales.csv", HEADER, rows)
    add("sales", tmp_path / "sales.csv", entity="person", key="客户编号")  # type: ignore[operator]
    helped = replace(hub, settings=hub.settings.model_copy(update={"workers": 1}))
    assert ingest_source(helped, "sales").rows.inserted == 20
    assert ingest_source(helped, "sales").rows.unchanged == 20
    stored = hub.store.records.read(hub.model["person"])
    assert stored.index.column("key").to_pylist() == [f"C{n}" for n in range(20)]


def test_as_many_workers_as_wanted_else_one_per_other_core(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker_count(0) == 0
    assert worker_count(7) == 7
    for cores, workers in ((1, 0), (2, 1), (16, 3)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)), raising=False)
        assert worker_count(None) == workers


def children(parent: int) -> list[int]:
    """Return the processes a process has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(state[1]) == parent:
            found.append(int(folder.name))
    return found


def command_of(pid: int) -> str:
    """Return the command of a process, nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
