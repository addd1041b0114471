"""A company's nights through the whole pipeline, for the kill test: every round its systems changed, all is run, and
then a steward merges two customers and takes the merge of the night before back.

Run as ``run_child.py URL FOLDER LAST_ROUND``. What a system says is decided by the number of the round, so that a run
that was cut off must end where one ended that was left alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from small_company import write_csv, write_erp

from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import merge, undo
from cdm.stewardship.steps import By

os.environ["CDM_PAGE_SIZE"] = "10"
PEOPLE, FIRMS, MERGES = 36, 12, 4
Say = Callable[[str], None]


def write_systems(folder: Path, number: int) -> None:
    """Write what the systems say in a round: some changed, some gone, some new."""
    people = [
        (
            f"S{n}",
            f"{'王李张刘陈杨'[n % 6]}{'伟芳娜敏静丽强磊'[n % 8]}{'华军明'[n % 3]}",
            f"138{n * 7919 % 10**8:08d}",
            f"c{n}@firma.cn",
            "",
        )
        for n in range(PEOPLE)
        if (n + number) % 11
    ]
    people = [
        (*row[:3], f"neu{number}@firma.cn" if (int(row[0][1:]) + number) % 7 == 0 else row[3], row[4]) for row in people
    ]
    people.insert(5, ("", f"无号{number % 2}", "", "", ""))
    write_csv(folder / "new.csv", ("客户编号", "姓名", "手机", "邮箱", "地址"), people)
    (folder / "new.csv").replace(folder / "sales.csv")
    shop = [(f"U{row[0]}", row[1], row[2], row[3], "") for row in people[::3] if row[0]]
    write_csv(folder / "new.csv", ("user_id", "name", "mobile", "email", "address"), shop)
    (folder / "new.csv").replace(folder / "shop.csv")
    firms = [
        (f"K{n}", f"第{n}蓝天{n}贸易有限公司", f"010-6666{n:04d}", "", "") for n in range(FIRMS) if (n + number) % 5
    ]
    orders = [(f"O{n}", f"K{n % FIRMS}", "2026-02-01", "服务器", str(100 + n + number)) for n in range(FIRMS * 2)]
    write_erp(folder / "new.db", firms, orders)
    (folder / "new.db").replace(folder / "erp.db")


def register(hub: Hub, folder: Path) -> None:
    """Register the sources that are not known yet."""
    erp = f"sqlite:///{folder / 'erp.db'}"
    wanted = [
        NewSource("sales", str(folder / "sales.csv"), options={"key": "客户编号"}, entity="person"),
        NewSource("shop", str(folder / "shop.csv"), options={"key": "user_id"}, entity="person"),
        NewSource("erp", erp, options={"table": "customer"}, entity="organization"),
        NewSource("orders", erp, options={"table": "sales_order"}, customers="erp"),
    ]
    known = {spec.name for spec in hub.sources()}
    for request in wanted:
        if request.name not in known:
            add_source(hub, request)


def decide(hub: Hub, number: int, say: Say) -> None:
    """Merge some customers, and take back the merges of the round before; what was done before a kill stays done."""
    known = {one.reason: one for one in hub.store.decisions.page(entity="person", limit=10_000)}
    here = [n for n in range(PEOPLE) if (n + number) % 11]
    for place in range(0, 2 * MERGES, 2):
        reason = f"round {number}, {place}"
        ids = {hub.store.crosswalk.lookup("sales", f"S{here[place + far]}") for far in (number % 5, number % 5 + 9)}
        if reason not in known and len(ids) == 2:
            say(f"{number} a merge")
            merge(hub, sorted(ids), By("li", reason))
        before = known.get(f"round {number - 1}, {place}")
        if before and before.binding:
            say(f"{number} an undo")
            undo(hub, before.id, By("li"))


def day(number: int) -> datetime:
    """The time at which a round takes place."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


def nights(folder: Path, last: int) -> Iterator[int]:
    """Yield the rounds up to ``last``, going on where the last process was cut off; the systems say theirs already."""
    marker = folder / "round"
    number = int(marker.read_text()) if marker.exists() else 1
    while number <= last:
        if not (folder / f"ready{number}").exists():
            write_systems(folder, number)
            (folder / f"ready{number}").touch()
        yield number
        number += 1
        (folder / "next").write_text(str(number))
        (folder / "next").replace(marker)


def rounds(url: str, folder: Path, last: int, say: Say) -> None:
    """Do rounds up to ``last``."""
    for number in nights(folder, last):
        with open_hub(url, now=partial(day, number)) as hub:
            register(hub, folder)
            run_all(hub, lambda stage, done, total=None: say(f"{number} {stage}"))  # noqa: B023 - called in this round
            decide(hub, number, say)


if __name__ == "__main__":
    rounds(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), lambda line: print(line, flush=True))
