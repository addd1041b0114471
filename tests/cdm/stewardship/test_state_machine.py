"""Any order of changes at source, decisions, runs and new models: nothing is lost, forgotten or re-numbered."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hub_invariants import Copy, check_all, state, waiting
from hub_pages import Clock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from small_company import write_csv
from sqlalchemy import create_engine, make_url, text

from cdm.errors import Conflict
from cdm.pipeline.active_model import active_model, read_model, write_model
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import Outcome, edit, merge, separate, split, undo
from cdm.stewardship.edits import Edit
from cdm.stewardship.steps import By
from cdm.store.match_models import NewMatchModel

HEADER = ("no", "姓名", "手机", "邮箱", "城市", "生日")
SOURCES = ("crm", "shop")
KEYS = 7
LI = By("li", "核实")
SAYINGS = (
    ("王小明", "13812340001", "wang@firma.cn", "杭州", "1980-01-02"),
    ("王小明", "", "wang@firma.cn", "杭州", "1980-01-02"),
    ("王晓明", "13812340001", "", "杭州", "1980-01-02"),
    ("王小明", "13812340002", "xm@firma.cn", "上海", ""),
    ("李雷", "13912340003", "lilei@firma.cn", "北京", "1985-05-06"),
    ("李蕾", "13912340003", "lilei@firma.cn", "北京", ""),
    ("李雷", "", "", "北京", "1985-05-06"),
    ("韩梅梅", "13712340004", "hanmm@firma.cn", "上海", "1985-05-07"),
    ("韩梅", "13712340004", "", "上海", ""),
    ("张伟", "13512340005", "zhangwei@firma.cn", "广州", "1990-09-09"),
    ("张伟", "13512340006", "zw@firma.cn", "广州", "1990-09-09"),
)
"""What a source may say of a customer: some are nearly alike, some plainly not."""


def learned(url: str, folder: Path, seed: int) -> bytes:
    """Return a model learned from a few hundred customers, as the store keeps it."""
    rng = random.Random(seed)
    rows = []
    for number in range(420):  # more than are examined pair by pair, so that incremental runs have keys to go by
        name = rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(("伟", "芳", "娜", "秀英", "敏", "小明", "雷"))
        phone, mail = f"13{rng.randrange(10**9):09d}", f"user{rng.randrange(10**6)}@firma.cn"
        birth = f"19{rng.randrange(60, 99)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 28):02d}"
        row = (name, phone, mail, rng.choice(("北京", "上海", "杭州", "广州")), birth)
        rows.append((str(number), *row))
        if rng.random() < 0.4:
            rows.append((f"{number}b", name, "" if rng.random() < 0.5 else phone, mail, row[3], birth))
    path = write_csv(folder / f"people{seed}.csv", HEADER, rows)
    with open_hub(url) as hub:
        add_source(hub, NewSource("people", str(path), options={"key": "no"}, entity="person"))
        ingest_source(hub, "people")
        consolidate_all(hub)
        model = active_model(hub, "person")
        assert model is not None
        return write_model(model)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Two models of the same fields that do not think alike."""
    folder = tmp_path_factory.mktemp("models")
    return [learned(f"sqlite:///{folder / f'{seed}.db'}", folder, seed) for seed in (1, 2)]


def promote(hub: Hub, document: bytes) -> None:
    """Make a model the active one."""
    models = hub.store.match_models
    entry = models.add(NewMatchModel("person", read_model(document).version, document, "test"), hub.now())
    if entry.status != "active":
        models.promote(entry, "test", hub.now())


class HubMachine(RuleBasedStateMachine):
    """A hub, two sources with a few customers, stewards, runs and models."""

    fresh: Callable[[ExitStack], tuple[Hub, Path]]
    models: list[bytes]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.hub, self.folder = self.fresh(self.stack)
        self.said: dict[str, dict[str, int]] = {
            source: {f"{source}{number}": number * step for number in range(4)}
            for source, step in zip(SOURCES, (1, 2), strict=True)
        }
        self.copy = Copy()
        self.at_start()

    def at_start(self) -> None:
        for source in SOURCES:
            self.read(source)
        consolidate_all(self.hub)

    def teardown(self) -> None:
        Copy().check(self.hub)
        self.stack.close()

    # what happens

    @rule(source=st.sampled_from(SOURCES), number=st.integers(0, KEYS - 1), saying=st.integers(0, len(SAYINGS) - 1))
    def say(self, source: str, number: int, saying: int) -> None:
        self.said[source][f"{source}{number}"] = saying
        self.read(source)

    @rule(source=st.sampled_from(SOURCES), number=st.integers(0, KEYS - 1), run=st.booleans())
    def delete(self, source: str, number: int, run: bool) -> None:
        if len(self.said[source]) > 1:
            self.said[source].pop(f"{source}{number}", None)
            self.read(source)
        if run:
            consolidate_all(self.hub)

    @rule()
    def run(self) -> None:
        consolidate_all(self.hub)
        assert not waiting(self.hub)
        before = state(self.hub), self.hub.store.events.last()
        consolidate_all(self.hub)
        assert (state(self.hub), self.hub.store.events.last()) == before

    @rule(which=st.integers(0, 1))
    def retrain(self, which: int) -> None:
        promote(self.hub, self.models[which])
        consolidate_all(self.hub)

    @rule()
    def relearn(self) -> None:
        consolidate_all(self.hub, relearn=True)

    @rule(data=st.data(), count=st.integers(2, 3))
    def merge(self, data: st.DataObject, count: int) -> None:
        ids = self.some(data, count)
        if ids:
            self.step(lambda: merge(self.hub, ids, LI))

    @rule(data=st.data())
    def separate(self, data: st.DataObject) -> None:
        ids = self.some(data, 2)
        if ids:
            self.step(lambda: separate(self.hub, ids, LI))

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        large = [one for one in self.ids() if len(self.hub.store.records.of_golden(one)) > 1]
        if large:
            one = data.draw(st.sampled_from(large))
            records = [record.id for record in self.hub.store.records.of_golden(one)]
            part = data.draw(st.lists(st.sampled_from(records), min_size=1, max_size=len(records) - 1, unique=True))
            self.step(lambda: split(self.hub, one, [part], LI))

    @rule(data=st.data(), city=st.sampled_from(("南京", "上海", "")))
    def edit(self, data: st.DataObject, city: str) -> None:
        ids = self.some(data, 1)
        if ids:
            said = Edit({"city": [city]}) if city else Edit({}, cleared=["city"])
            self.step(lambda: edit(self.hub, ids[0], said, LI))

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        binding = [*self.hub.store.decisions.binding("person"), *self.hub.store.statements.binding("person")]
        if binding:
            undo(self.hub, data.draw(st.sampled_from(binding)).id, LI)

    # what must hold

    @invariant()
    def everything_holds(self) -> None:
        check_all(self.hub, self.copy)

    # how

    def step(self, take: Callable[[], Outcome]) -> None:
        """Take a step; where nothing waits, taking it back must lead back to the very state."""
        before, still = state(self.hub), not waiting(self.hub)
        try:
            outcome = take()
        except Conflict:
            assert state(self.hub) == before
            return
        if still:
            after = state(self.hub)
            check_all(self.hub, self.copy)
            undo(self.hub, outcome.decision.id, LI)
            assert state(self.hub) == before
            check_all(self.hub, self.copy)
            take()
            assert state(self.hub)["crosswalk"] == after["crosswalk"]

    def ids(self) -> list[str]:
        return sorted(state(self.hub)["golden"])

    def some(self, data: st.DataObject, count: int) -> list[str]:
        """Draw golden records; none where there are too few."""
        ids = self.ids()
        if len(ids) < count:
            return []
        return data.draw(st.lists(st.sampled_from(ids), min_size=count, max_size=count, unique=True))

    def read(self, source: str) -> None:
        rows = [(key, *SAYINGS[saying]) for key, saying in sorted(self.said[source].items())]
        write_csv(self.folder / f"{source}.csv", HEADER, rows)
        ingest_source(self.hub, source, full=True)


@pytest.fixture
def fresh(hub_url: str, models: list[bytes], tmp_path: Path) -> Callable[[ExitStack], tuple[Hub, Path]]:
    """Make hubs with two sources and a model, each a copy of one that was made once."""
    numbers = count()
    template = tmp_path / "template"
    template.mkdir()
    rows = [("x", *SAYINGS[0])]
    with open_hub(hub_url, now=Clock()) as hub:
        for source in SOURCES:
            path = write_csv(template / f"{source}.csv", HEADER, rows)
            add_source(hub, NewSource(source, str(path), options={"key": "no"}, entity="person"))
        promote(hub, models[0])

    def make(stack: ExitStack) -> tuple[Hub, Path]:
        url = copied(hub_url, f"copy{next(numbers)}")
        return stack.enter_context(open_hub(url, now=Clock())), template

    return make


def copied(url: str, name: str) -> str:
    """Copy a hub nobody has open."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        shutil.copy(path, path.with_name(f"{name}.db"))
        return f"sqlite:///{path.with_name(name)}.db"
    target = make_url(url)
    engine = create_engine(target.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {target.database}_{name} TEMPLATE {target.database}"))
    engine.dispose()
    return target.set(database=f"{target.database}_{name}").render_as_string(hide_password=False)


def run_machine(fresh: Any, models: list[bytes], examples: int, steps: int) -> None:
    machine = type("Machine", (HubMachine,), {"fresh": staticmethod(fresh), "models": models})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_nothing_is_lost(fresh: Any, models: list[bytes]) -> None:
    run_machine(fresh, models, examples=5, steps=15)


@pytest.mark.slow
def test_whatever_happens_for_long_nothing_is_lost(fresh: Any, models: list[bytes]) -> None:
    run_machine(fresh, models, examples=50, steps=40)
