"""A run goes live only after it passed its checks; until then the old state is served, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_company import write_csv, write_erp
from sqlalchemy import select

from cdm.errors import Conflict, RunHeld
from cdm.pipeline.gates import Gate, breaches_of
from cdm.pipeline.held import reject_run, release_run
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.ingest import CHANGES, WHOLE, ingest_source
from cdm.pipeline.run import consolidate_all, run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.pipeline.summary import held_runs
from cdm.store.runs import FINISHED, HELD, REJECTED, RELEASED, REPLACED
from cdm.store.tables import (
    candidate,
    crosswalk,
    event,
    golden,
    golden_redirect,
    golden_version,
    ingest_cursor,
    source_record,
    source_record_version,
)

HEADER = ("客户编号", "姓名", "手机", "邮箱", "城市")
SERVED = (golden, golden_version, golden_redirect, crosswalk, event, candidate)
KEPT = (source_record, source_record_version, ingest_cursor)
Rows = list[tuple[str, ...]]
Edit = Callable[[Rows], Rows]


@pytest.fixture(autouse=True)
def small_hubs_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty customers are few, and enough to see what happens to them."""
    monkeypatch.setenv("CDM_GATE_MINIMUM", "10")


def customers(count: int = 20) -> Rows:
    """Customers who have nothing in common."""
    family, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊洋勇艳杰娟涛明超霞平刚桂"
    return [
        (f"S{n:02d}", f"{family[n % 20]}{given[(n * 7) % 20]}{given[(n * 3 + 1) % 20]}", f"138{n * 7919:08d}",
         f"c{n}x{n * 31}@firma.cn", "北京上海杭州成都广州"[n % 5 * 2 : n % 5 * 2 + 2])
        for n in range(count)
    ]  # fmt: skip


def served(hub: Hub, tables: Any = SERVED) -> dict[str, list[str]]:
    """Everything downstream systems and stewards are told, as it stands in the database."""
    with hub.store._database.read() as connection:
        return {one.name: sorted(repr(tuple(row)) for row in connection.execute(select(one))) for one in tables}


@pytest.fixture
def sales(hub: Hub, tmp_path: Path) -> Callable[[Rows], Path]:
    """A sheet of customers that was read and merged once; call it to write another one."""
    path = write_csv(tmp_path / "sales.csv", HEADER, customers())
    add_source(hub, NewSource("sales", str(path), options={"key": "客户编号"}, entity="person"))
    run_all(hub)
    return lambda rows: write_csv(path, HEADER, rows)


def without_mail(rows: Rows) -> Rows:
    return [(*row[:3], "", row[4]) if at % 2 else row for at, row in enumerate(rows)]


def without_keys(rows: Rows) -> Rows:
    return [("", *row[1:]) if at % 5 == 0 else row for at, row in enumerate(rows)]


BAD: dict[str, tuple[Edit, list[Gate]]] = {
    "nothing at all": (lambda rows: [], [Gate.ROW_DROP]),
    "cut off": (lambda rows: rows[:11], [Gate.ROW_DROP]),
    "other keys": (lambda rows: [(f"X{row[0]}", *row[1:]) for row in rows], [Gate.ROW_DROP]),
    "a column came empty": (without_mail, [Gate.NULL_JUMP]),
    "keys came empty": (without_keys, [Gate.QUARANTINE_JUMP]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_reading_is_held_and_the_old_state_stays(hub: Hub, sales: Any, name: str) -> None:
    edit, gates = BAD[name]
    before, kept = served(hub), served(hub, KEPT)
    sales(edit(customers()))
    done = ingest_source(hub, "sales")
    assert [one.gate for one in done.held] == gates
    consolidate_all(hub)
    assert served(hub) == before
    assert served(hub, KEPT) == kept, "what the source said before is what it says"
    (run,) = held_runs(hub)
    assert (run.id, run.status, run.source) == (done.run_id, HELD, "sales")
    assert list(breaches_of(run.stats)) == list(done.held)
    assert "sales" in done.text("zh")
    assert f"run {run.id} is held" in done.text("en")


def test_a_source_that_changed_as_sources_do_goes_live(hub: Hub, sales: Any) -> None:
    rows = customers(22)
    rows[3] = (*rows[3][:3], "", rows[3][4])
    sales(rows[1:])
    done = ingest_source(hub, "sales")
    assert not done.held
    assert (done.rows.inserted, done.rows.updated, done.deleted) == (2, 1, 1)
    assert not list(hub.store.staging.pages(done.run_id)), "nothing stays behind"


def test_a_released_reading_goes_live_as_it_was_read(hub: Hub, sales: Any) -> None:
    sales(customers()[:11])
    held = ingest_source(hub, "sales")
    sales(customers())  # whatever the source says meanwhile
    with pytest.raises(RunHeld, match=r"45\.0%"):
        release_run(hub, held.run_id, "li", "nine shops were sold")
    assert hub.store.records.live_count("sales") == 11
    assert hub.store.runs.get(held.run_id).status == FINISHED
    (merge,) = held_runs(hub)  # nine of twenty customers would go: that is asked about as well
    assert [one.gate for one in breaches_of(merge.stats)] == [Gate.CHURN]
    release_run(hub, merge.id, "li")
    assert len(hub.store.crosswalk.live_ids("person")) == 11
    assert hub.store.runs.get(merge.id).status == RELEASED
    said = [entry for entry in reversed(hub.store.audit.list(limit=1000)) if entry.action == "run released"]
    assert [(one.actor, one.subject) for one in said] == [("li", f"run {held.run_id}"), ("li", f"run {merge.id}")]
    with pytest.raises(Conflict, match="not held"):
        release_run(hub, held.run_id, "li")


def test_a_rejected_reading_is_forgotten(hub: Hub, sales: Any) -> None:
    before, kept = served(hub), served(hub, KEPT)
    sales([])
    held = ingest_source(hub, "sales")
    assert reject_run(hub, held.run_id, "li", "the export broke").source == "sales"
    assert hub.store.runs.get(held.run_id).status == REJECTED
    with pytest.raises(Conflict, match="not held"):
        release_run(hub, held.run_id, "li")
    sales(customers())
    assert ingest_source(hub, "sales").rows.unchanged == 20
    consolidate_all(hub)
    assert served(hub) == before
    assert served(hub, (source_record_version,)) == {"source_record_version": kept["source_record_version"]}


def test_the_next_good_reading_takes_the_place_of_one_that_is_held(hub: Hub, sales: Any) -> None:
    sales(customers()[:5])
    first = ingest_source(hub, "sales")
    sales([])
    second = ingest_source(hub, "sales")
    assert hub.store.runs.get(first.run_id).status == REPLACED
    assert [one.id for one in held_runs(hub)] == [second.run_id]
    sales(customers())
    good = ingest_source(hub, "sales")
    assert (good.held, good.rows.unchanged) == ((), 20)
    assert hub.store.runs.get(second.run_id).status == REPLACED
    assert held_runs(hub) == []


def test_other_sources_do_not_wait_for_one_that_is_held(hub: Hub, sales: Any, tmp_path: Path) -> None:
    shop = write_csv(tmp_path / "shop.csv", HEADER, [("U1", "陈静", "13412340006", "chenjing@firma.cn", "南京")])
    add_source(hub, NewSource("shop", str(shop), options={"key": "客户编号"}, entity="person"))
    sales([])
    summary = run_all(hub)
    assert len(summary.held) == 1
    assert hub.store.crosswalk.lookup("shop", "U1")
    assert len(hub.store.crosswalk.live_ids("person")) == 21


def test_what_only_changed_is_held_and_read_again(hub: Hub, tmp_path: Path) -> None:
    firms = [(f"K{n:02d}", f"第{n}蓝天{n * 7}贸易有限公司", f"010-66{n:06d}", f"i{n}@f{n}.cn", "2026-01-01 10:00:00")
             for n in range(20)]  # fmt: skip
    erp = tmp_path / "erp.db"
    options = {"table": "customer", "updated_at": "changed"}
    add_source(hub, NewSource("erp", write_erp(erp, firms), options=options))
    run_all(hub)
    before, kept = served(hub), served(hub, KEPT)
    spoilt = [(*row[:2], "", "", "2026-02-01 10:00:00") for row in firms]
    write_erp(erp, spoilt)
    held = ingest_source(hub, "erp")
    assert {one.subject for one in held.held} >= {"erp.organization.phone", "erp.organization.email"}
    consolidate_all(hub)
    assert (served(hub), served(hub, KEPT)) == (before, kept)
    write_erp(erp, [(*row[:4], "2026-02-02 10:00:00") for row in firms])
    assert hub.store.runs.get(held.run_id).kind == CHANGES
    assert ingest_source(hub, "erp").rows.updated == 20, "read again from where the last good reading ended"
    assert hub.store.runs.get(held.run_id).status == REPLACED


def test_a_reading_that_fails_leaves_nothing_behind(hub: Hub, sales: Any, tmp_path: Path) -> None:
    from connectors.errors import SourceError

    kept = served(hub, KEPT)
    (tmp_path / "sales.csv").unlink()
    with pytest.raises(SourceError):
        ingest_source(hub, "sales")
    assert served(hub, KEPT) == kept


def alike(rows: Rows) -> Rows:
    """Every second customer turns into the one before: a feed that lost its identities."""
    return [(row[0], *rows[at - at % 2][1:]) for at, row in enumerate(rows)]


def test_a_merge_storm_is_held_released_and_judged_anew(hub: Hub, sales: Any) -> None:
    before = served(hub)
    model = hub.store.match_models.active("person")
    sales(alike(customers()))
    assert not ingest_source(hub, "sales").held, "as a reading it looks like any other"
    with pytest.raises(RunHeld) as held:
        consolidate_all(hub)
    assert served(hub) == before
    assert hub.store.match_models.active("person") == model
    assert held.value.exit_code == 10
    first = held_runs(hub)[0]
    with pytest.raises(RunHeld):
        consolidate_all(hub)
    (second,) = held_runs(hub)
    assert (hub.store.runs.get(first.id).status, second.id > first.id) == (REPLACED, True)
    reject_run(hub, second.id, "li")
    assert served(hub) == before
    with pytest.raises(RunHeld):
        consolidate_all(hub)
    (third,) = held_runs(hub)
    release_run(hub, third.id, "li", "the shop was cleaned up")
    assert len(hub.store.crosswalk.live_ids("person")) == 10
    assert held_runs(hub) == []
    consolidate_all(hub)


def test_more_than_was_released_is_held_again(hub: Hub, sales: Any) -> None:
    rows = customers()
    sales([*alike(rows[:8]), *rows[8:]])
    ingest_source(hub, "sales")
    with pytest.raises(RunHeld):
        consolidate_all(hub)
    (held,) = held_runs(hub)
    sales(alike(rows))
    ingest_source(hub, "sales")
    with pytest.raises(RunHeld):
        release_run(hub, held.id, "li")
    assert len(hub.store.crosswalk.live_ids("person")) == 20
    assert len(held_runs(hub)) == 1


def test_the_source_is_good_again_and_the_storm_is_over(hub: Hub, sales: Any) -> None:
    before = served(hub)
    sales(alike(customers()))
    ingest_source(hub, "sales")
    with pytest.raises(RunHeld):
        consolidate_all(hub)
    sales(customers())
    run_all(hub)
    now = served(hub)
    assert [now[name] for name in ("golden_redirect", "crosswalk")] == [
        before[name] for name in ("golden_redirect", "crosswalk")
    ]
    assert held_runs(hub) == []


def read_pages(hub: Hub, pages: int) -> None:
    """Read a source and be interrupted after some pages."""

    def stop(stage: str, done: int, total: int | None = None) -> None:
        if done >= pages * 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest_source(hub, "sales", stop)


def test_an_interrupted_staged_reading_goes_on_behind_its_last_page(hub: Hub, sales: Any) -> None:
    kept = served(hub, KEPT)
    rows = customers(23)
    sales(rows)
    read_pages(hub, 2)
    assert served(hub, KEPT) == kept
    done = ingest_source(hub, "sales")
    assert (done.resumed, done.rows.inserted, done.rows.unchanged, done.deleted) == (True, 3, 20, 0)
    assert len(hub.store.runs.list(kind=WHOLE, source_name="sales")) == 2


def test_one_interrupted_while_it_goes_live_goes_on(hub: Hub, sales: Any) -> None:
    rows = [(*row[:2], f"139{at * 7919:08d}", *row[3:]) for at, row in enumerate(customers())]
    sales(rows)

    def stop(stage: str, done: int, total: int | None = None) -> None:
        if stage.startswith("go live") and done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest_source(hub, "sales", stop)
    sales([])  # what was judged is what goes live
    done = ingest_source(hub, "sales")
    assert (done.resumed, done.held, done.rows.updated) == (True, (), 14)
    assert hub.store.records.live_count("sales") == 20
    assert {record["version"] for record in versions(hub)} == {2}


def versions(hub: Hub) -> list[dict[str, Any]]:
    return hub.store.records.read(hub.model["person"]).index.to_pylist()


def test_limits_are_settings(hub_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "sales.csv", HEADER, customers())
    monkeypatch.setenv("CDM_GATE_MINIMUM", "1000")
    with open_hub(hub_url) as hub:
        add_source(hub, NewSource("sales", str(path), options={"key": "客户编号"}, entity="person"))
        run_all(hub)
        write_csv(path, HEADER, alike(customers())[:10])
        summary = run_all(hub)
        assert summary.held == []
        assert summary.golden_count == 5
        write_csv(path, HEADER, [])
        assert len(run_all(hub).held) == 1, "nothing at all is never taken at its word"
