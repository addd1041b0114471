"""What incremental runs leave behind is what one whole run would have made, under the same model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_invariants import check_rebuilt
from small_company import write_csv

from cdm.pipeline.active_model import active_model, model_in_force, write_model
from cdm.pipeline.consolidate import Consolidated, match_whole
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.increment import Increment, match_part
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all, run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import Edit, edit, merge
from cdm.stewardship.steps import By
from cdm.store.match_models import NewMatchModel
from schemas.progress import silent

HEADER = ("no", "姓名", "手机", "邮箱", "城市", "生日")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
)
CITIES = ("北京", "上海", "杭州", "成都", "广州")
Rows = dict[str, tuple[str, ...]]


@pytest.fixture(autouse=True)
def no_limit_to_churn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may touch many golden records would be matched whole, and these hubs are small."""
    monkeypatch.setenv("CDM_GATE_CHURN", "1")


def people(count: int, seed: int) -> Rows:
    """Customers, a third of them written down twice: with a typo, without a phone, with another mailbox."""
    rng = random.Random(seed)
    rows: Rows = {}
    for number in range(count):
        name = rng.choice(FAMILY) + rng.choice(GIVEN) + rng.choice(["", rng.choice(GIVEN)[0]])
        phone = f"13{rng.randrange(10**9):09d}"
        mail = f"user{rng.randrange(10**6)}@firma.cn"
        birth = f"19{rng.randrange(60, 99)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 28):02d}"
        row = (name, phone, mail, rng.choice(CITIES), birth)
        rows[f"{number:05d}"] = row
        if rng.random() < 0.35:
            rows[f"{number:05d}b"] = _again(row, rng)
    return rows


def _again(row: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    name, phone, mail, city, birth = row
    kind = rng.randrange(4)
    if kind == 0:
        return (name, "", mail, city, birth)
    if kind == 1:
        return (name, phone, f"x{mail}", rng.choice(CITIES), birth)
    if kind == 2:
        return (name, phone[:-1] + str(rng.randrange(10)), mail, city, birth)
    return row


def written(path: Path, rows: Rows) -> Path:
    return write_csv(path, HEADER, [(key, *values) for key, values in sorted(rows.items())])


def picture(hub: Hub) -> dict[frozenset[str], Any]:
    """Members → values and provenance of every golden record, and the pairs that are to be asked about."""
    keys = {row["record_id"]: row["key"] for row in hub.store.crosswalk.table("person").to_pylist()}
    members: dict[str, set[str]] = {}
    for row in hub.store.crosswalk.table("person").to_pylist():
        members.setdefault(row["golden_id"], set()).add(row["key"])
    batch = hub.store.golden.read(hub.model["person"])
    fields = batch.fields.to_pylist()
    why: dict[str, list[Any]] = {}
    for row in hub.store.golden.provenance(hub.model["person"]).to_pylist():
        why.setdefault(row["golden_id"], []).append((row["field"], keys[row["record_id"]], row["why"], row["records"]))
    return {
        frozenset(members[one]): (fields[at], sorted(why[one]))
        for at, one in enumerate(batch.index["golden_id"].to_pylist())
    }


def asked(hub: Hub) -> set[tuple[str, str]]:
    return {(one.left.key, one.right.key) for one in hub.store.candidates.list("person", limit=10_000)}


@pytest.fixture
def twin(hub: Hub, tmp_path: Path) -> Iterator[Hub]:
    """A second hub, which gets everything at once."""
    with open_hub(f"sqlite:///{tmp_path / 'twin.db'}", now=hub.now) as opened:
        yield opened


def source(hub: Hub, path: Path) -> None:
    add_source(hub, NewSource("crm", str(path), options={"key": "no"}, entity="person"))


def read(hub: Hub, path: Path, rows: Rows) -> None:
    written(path, rows)
    ingest_source(hub, "crm", full=True)


def test_pieces_make_the_same_hub_as_the_whole(hub: Hub, twin: Hub, tmp_path: Path) -> None:
    rng = random.Random(7)
    base = people(600, 1)
    path = tmp_path / "crm.csv"
    written(path, base)
    source(hub, path)
    ingest_source(hub, "crm")
    (whole,) = [one for one in _run(hub) if one.entity == "person"]
    assert isinstance(whole, Consolidated)
    now = dict(base)
    for step in range(3):
        more = {f"n{step}{key}": row for key, row in people(25, 100 + step).items()}
        changed = {key: _again(now[key], rng) for key in rng.sample(sorted(now), 20)}
        again = {f"c{step}{key}": _again(now[key], rng) for key in rng.sample(sorted(now), 15)}
        gone = rng.sample(sorted(now), 15)
        now = {key: row for key, row in {**now, **changed, **more, **again}.items() if key not in gone}
        read(hub, path, now)
        (part,) = [one for one in _run(hub) if one.entity == "person"]
        assert isinstance(part, Increment)
        assert part.arrived + part.left >= 70
    model = active_model(hub, "person")
    assert model is not None
    other = tmp_path / "twin.csv"
    written(other, now)
    source(twin, other)
    new = NewMatchModel("person", model.version, write_model(model), "test")
    twin.store.match_models.promote(twin.store.match_models.add(new, twin.now()), "test", twin.now())
    ingest_source(twin, "crm")
    _run(twin)
    assert picture(hub) == picture(twin)
    assert asked(hub) == asked(twin)
    assert hub.store.pending.last() == 0


def _run(hub: Hub) -> list[Consolidated | Increment]:
    return consolidate_all(hub)


def test_many_changes_that_move_little_stay_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDM_GATE_CHURN", "0.05")
    path, now, others = tmp_path / "crm.csv", people(600, 1), people(8, 55)
    with open_hub(f"sqlite:///{tmp_path / 'many.db'}") as hub:
        written(path, now)
        source(hub, path)
        ingest_source(hub, "crm")
        _run(hub)
        twice = [key for key in sorted(now) if key.endswith("b")]
        moved = dict(zip(twice, others.values(), strict=False))
        elsewhere = {key: (*now[key][:3], "广州", now[key][4]) for key in twice[20:90]}
        read(hub, path, {**now, **moved, **elsewhere})
        person, model = hub.model["person"], model_in_force(hub, "person")
        assert model is not None
        part = match_part(hub, person, hub.store.pending.of("person"), model, silent)
        assert part is not None
        assert part.at_most(hub).share > 0.05
        assert 0 < part.movement(hub).share < 0.05
        assert part.movement(hub) == match_whole(hub, person, silent).movement
        assert isinstance(next(one for one in _run(hub) if one.entity == "person"), Increment)


def test_nothing_changed_is_nothing_done(hub: Hub, tmp_path: Path) -> None:
    written(tmp_path / "crm.csv", people(60, 3))
    source(hub, tmp_path / "crm.csv")
    run_all(hub)
    before = hub.store.events.last()
    run_all(hub)
    assert hub.store.events.last() == before
    assert hub.store.runs.list(1)[0].stats["person"]["mode"] == "incremental"


def test_a_decision_holds_when_its_records_change(hub: Hub, tmp_path: Path) -> None:
    rows = people(60, 3)
    path = tmp_path / "crm.csv"
    written(path, rows)
    source(hub, path)
    run_all(hub)
    one, two = (hub.store.crosswalk.lookup("crm", key) for key in ("00000", "00001"))
    merge(hub, [one, two], By("li"))
    read(hub, path, {**rows, "00000": ("全新", "13800001111", "neu@firma.cn", "天津", "1950-05-05")})
    consolidate_all(hub)
    assert hub.store.crosswalk.lookup("crm", "00000") == hub.store.crosswalk.lookup("crm", "00001")


def test_a_customer_who_hung_together_with_nobody_leaves(hub: Hub, tmp_path: Path) -> None:
    rows = people(450, 5)
    path = tmp_path / "crm.csv"
    written(path, {**rows, "lone": ("欧阳不群", "13900009999", "lone@nirgends.cn", "拉萨", "1931-03-03")})
    source(hub, path)
    run_all(hub)
    gone = hub.store.crosswalk.lookup("crm", "lone")
    read(hub, path, rows)
    (part,) = [one for one in consolidate_all(hub) if one.entity == "person"]
    assert isinstance(part, Increment)
    assert (part.left, part.counts.retired) == (1, 1)
    assert hub.store.crosswalk.resolve(gone) == []


def test_a_step_between_deletion_and_run_forgets_no_link(hub: Hub, tmp_path: Path) -> None:
    """Records that say the same hang on the first of them; who hung on it is known until the run has seen it go."""
    rows = people(450, 7)
    twin = ("欧阳不群", "13900009999", "lone@nirgends.cn", "拉萨", "1931-03-03")
    path = tmp_path / "crm.csv"
    held = {"t1": twin, "t2": twin, "t3": ("欧阳不群", "", "lone@nirgends.cn", "拉萨", "1931-03-03")}
    written(path, {**rows, **held})
    source(hub, path)
    run_all(hub)
    read(hub, path, {**rows, "t2": held["t2"], "t3": held["t3"]})
    edit(hub, hub.store.crosswalk.lookup("crm", "t3"), Edit({"city": ["南京"]}), By("li"))
    (part,) = [one for one in consolidate_all(hub) if one.entity == "person"]
    assert isinstance(part, Increment)
    check_rebuilt(hub)
