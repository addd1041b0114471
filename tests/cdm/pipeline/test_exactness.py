"""Whatever a few changed records do to the blocks they enter and leave, the hub is as a whole run would make it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hub_invariants import check_rebuilt, model_of_rebuilt
from hub_pages import Clock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_company import write_csv
from sqlalchemy import create_engine, make_url, text

from cdm.pipeline.active_model import active_model, model_in_force, write_model
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.increment import Increment
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.store.match_models import NewMatchModel
from matching import Model
from matching.plan import Plan

HEADER = ("no", "姓名", "手机", "邮箱", "城市", "生日", "身份证号")
LARGEST = 3
"""Records of a block that is still examined whole, so that a few more or less cross it."""
NAMES = ("王小明", "王晓明", "李雷", "李蕾", "张伟")
PHONES = ("", "13812340001", "13812340002", "13912340003")
MAILS = ("", "wang@firma.cn", "lilei@firma.cn", "info@firma.cn")
CITIES = ("", "北京", "杭州")
BIRTHS = ("", "1980-01-02", "1985-05-06")


def national_id(number: int) -> str:
    """Return a valid Chinese identity number (GB 11643)."""
    body = f"11010119{60 + number % 39}0101{number % 1000:03d}"
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


WHOLE = ("欧阳娜", "13700000009", "ouyang@nirgends.cn", "上海", "1971-03-03", national_id(7))
"""Somebody of whom everything is known, so that all columns of the model are there."""
SAYING = st.tuples(*(st.sampled_from(one) for one in (NAMES, PHONES, MAILS, CITIES, BIRTHS, ("",))))
KEYS = st.integers(0, 11)
BASE = st.dictionaries(KEYS, SAYING, min_size=6, max_size=12)
DELTA = st.dictionaries(KEYS, st.none() | SAYING, min_size=1, max_size=4)


def learned(folder: Path) -> Model:
    """Return a model learned from a few hundred customers, with blocks cut down to a few records."""
    rng, rows = random.Random(5), []
    for number in range(420):
        name = rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(("伟", "芳", "娜", "秀英", "敏", "小明", "雷"))
        phone, mail = f"13{rng.randrange(10**9):09d}", f"user{rng.randrange(10**6)}@firma.cn"
        birth = f"19{rng.randrange(60, 99)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 28):02d}"
        own = national_id(rng.randrange(10**6)) if rng.random() < 0.3 else ""
        row = (name, phone, mail, rng.choice(("北京", "上海", "杭州", "广州")), birth, own)
        rows.append((str(number), *row))
        if rng.random() < 0.4:
            rows.append((f"{number}b", name, "" if rng.random() < 0.5 else phone, mail, row[3], birth, ""))
    path = write_csv(folder / "people.csv", HEADER, rows)
    with open_hub(f"sqlite:///{folder / 'people.db'}") as hub:
        add_source(hub, NewSource("people", str(path), options={"key": "no"}, entity="person"))
        ingest_source(hub, "people")
        consolidate_all(hub)
        model = active_model(hub, "person")
        assert model is not None
    rules = tuple(replace(one, largest=min(one.largest, LARGEST), neighbours=0) for one in model.plan.rules)
    return replace(model, plan=Plan(rules))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return learned(tmp_path_factory.mktemp("model"))


Fresh = Callable[[ExitStack], Hub]


@pytest.fixture
def fresh(hub_url: str, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fresh:
    """Make hubs with one source and the model, each a copy of one that was made once."""
    monkeypatch.setenv("CDM_GATE_CHURN", "1")
    numbers = count()
    path = write_csv(tmp_path / "crm.csv", HEADER, [("x", *NAMES[:1], *PHONES[1:2], *MAILS[1:2], "杭州", "", "")])
    with open_hub(hub_url, now=Clock()) as hub:
        add_source(hub, NewSource("crm", str(path), options={"key": "no"}, entity="person"))
        new = NewMatchModel("person", model.version, write_model(model), "test")
        hub.store.match_models.promote(hub.store.match_models.add(new, hub.now()), "test", hub.now())

    def make(stack: ExitStack) -> Hub:
        return stack.enter_context(open_hub(copied(hub_url, f"copy{next(numbers)}"), now=Clock()))

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


def take_in(hub: Hub, folder: Path, said: dict[int, tuple[str, ...]]) -> object:
    """Let the source say so, run, and return what became of the persons."""
    write_csv(folder / "crm.csv", HEADER, [(f"k{key:02d}", *row) for key, row in sorted(said.items())])
    ingest_source(hub, "crm", full=True)
    return next(one for one in consolidate_all(hub) if one.entity == "person")


def live(fresh: Fresh, folder: Path, base: dict[int, tuple[str, ...]], deltas: list[dict[int, Any]]) -> None:
    """Take changes in one after the other and look after each whether the hub is as it should be."""
    with ExitStack() as stack:
        hub, said = fresh(stack), {99: WHOLE, **base}
        take_in(hub, folder, said)
        for delta in deltas:
            said = {key: row for key, row in {**said, **delta}.items() if row is not None}
            assert isinstance(take_in(hub, folder, said), Increment)
            check_rebuilt(hub)
            in_force = model_in_force(hub, "person")
            assert in_force is not None
            assert model_of_rebuilt(hub) == in_force.version


ROW = ("王小明", "", "wang@firma.cn", "杭州", "1980-01-02", "")


def like(number: int) -> tuple[str, ...]:
    """Return somebody of one e-mail address with others, who says something else in the rest."""
    return (NAMES[number % 5], PHONES[number % 4], "info@firma.cn", CITIES[number % 3], BIRTHS[number % 2 + 1], "")


def test_a_block_that_grows_too_large_is_no_longer_examined(fresh: Fresh, tmp_path: Path) -> None:
    base = {number: like(number) for number in range(LARGEST)}
    live(fresh, tmp_path, base, [{7: like(4)}, {8: like(9), 9: like(13)}, {0: None, 7: None, 8: None}, {9: None}])


def test_who_says_the_same_in_crowded_blocks_is_found(fresh: Fresh, tmp_path: Path) -> None:
    crowd = {at: (ROW[0], PHONES[at % 4], ROW[2], CITIES[at % 3], *ROW[4:]) for at in range(12)}
    live(fresh, tmp_path, crowd, [{20: crowd[3], 21: crowd[3]}, {3: None}, {22: crowd[5], 5: like(1)}])


@pytest.mark.slow
def test_changes_leave_what_a_whole_run_would_make(fresh: Fresh, tmp_path: Path) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(base=BASE, deltas=st.lists(DELTA, min_size=1, max_size=3))
    def whatever_changes(base: dict[int, tuple[str, ...]], deltas: list[dict[int, Any]]) -> None:
        live(fresh, tmp_path, base, deltas)

    whatever_changes()
