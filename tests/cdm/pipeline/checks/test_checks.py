"""Checks of a hub: what is kept with the run, what is usual, and that they agree with the hub's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv

from cdm.errors import NotFound
from cdm.pipeline.assess import assess
from cdm.pipeline.checks import Scope, check_all, docs_folder
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import run_all
from cdm.pipeline.scores import findings_of
from cdm.pipeline.sources import NewSource, add_source
from cdm.store.checks import Checked
from quality.expectations import Kind
from quality.score import field_scores

START = datetime(2026, 5, 1, tzinfo=UTC)
DIRTY = (
    ("S6", "", "1391234", "x@", "北京"),
    ("S7", "张伟", "139****0002", "lilei@firma.cn", ""),
    ("S7", "赵六", "13912340099", "", ""),
)


def clock() -> datetime:
    clock.time += timedelta(seconds=1)  # type: ignore[attr-defined]
    return clock.time  # type: ignore[attr-defined, no-any-return]


clock.time = START  # type: ignore[attr-defined]


@pytest.fixture
def hub(hub_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CDM_HOME", str(tmp_path / "home"))
    write_csv(tmp_path / "sales.csv", SALES_HEADER, (*SALES, *DIRTY))
    write_csv(tmp_path / "shop.csv", SHOP_HEADER, SHOP)
    with open_hub(hub_url, now=clock) as opened:
        add_source(opened, NewSource("sales.1-x", str(tmp_path / "sales.csv"), options={"key": "客户编号"}))
        add_source(opened, NewSource("shop", str(tmp_path / "shop.csv"), options={"key": "user_id"}))
        run_all(opened)
        yield opened


def names(found: Sequence[Checked]) -> list[tuple[str | None, str]]:
    return [(one.source, one.entity) for one in found]


def test_what_is_found_is_kept_with_the_run(hub: Hub, tmp_path: Path) -> None:
    found = check_all(hub)
    assert names(found) == [("sales.1-x", "person"), ("shop", "person"), (None, "person")]
    (run,) = hub.store.runs.list(kind="check")
    assert (run.status, run.stats["checks"]) == ("finished", len(found))
    assert hub.store.checks.of_run(run.id) == hub.store.checks.latest() == found
    sales = next(one for one in found if one.source == "sales.1-x")
    keys = next(one for one in sales.results if one.kind is Kind.KEY)
    assert keys.unexpected == 2  # one of the two rows is in quarantine
    named = [one for one in sales.results if one.field == "full_name" and one.kind is Kind.PRESENT]
    assert [hub.store.records.names([int(x) for x in one.examples]) for one in named] == [
        {int(named[0].examples[0]): "sales.1-x:S6"}
    ]
    pages = [path.read_text(encoding="utf-8") for path in docs_folder(hub).rglob("*.html")]
    assert pages
    assert not any(value in page for page in pages for value in ("张伟", "13912340099", "lilei"))


def test_a_run_checked_twice_is_kept_once_and_later_runs_stand_first(hub: Hub) -> None:
    run = hub.store.runs.begin("nightly", hub.now())
    first, again = check_all(hub, run.id), check_all(hub, run.id)
    assert len(hub.store.checks.of_run(run.id)) == len(first) == len(again)
    only = check_all(hub, scope=Scope(["shop"], golden=False))
    assert names(only) == [("shop", "person")]
    latest = {(one.source, one.entity): one.run_id for one in hub.store.checks.latest()}
    assert latest["shop", "person"] == only[0].run_id != run.id == latest[None, "person"]
    with pytest.raises(NotFound):
        check_all(hub, scope=Scope(["nobody"]))
    (newest, *_) = hub.store.runs.list(kind="check")
    assert newest.status == "failed"


def test_a_fall_stays_critical_until_it_is_mended(hub: Hub, tmp_path: Path) -> None:
    scope = Scope(["shop"], golden=False)
    assert check_all(hub, scope=scope)[0].success

    def told(rows: Sequence[Sequence[str]]) -> list[tuple[str, Kind]]:
        write_csv(tmp_path / "shop.csv", SHOP_HEADER, rows)
        ingest_source(hub, "shop", full=True)
        (one,) = check_all(hub, scope=scope)
        return [(result.field, result.kind) for result in one.results if not result.success]

    without = [(*row[:3], "", row[4]) for row in SHOP]
    for _ in range(2):
        assert told(without) == [("email", Kind.PRESENT)]
    assert told(SHOP) == []
    assert told(SHOP[:2]) == [("", Kind.ROWS)]
    assert told(SHOP) == []


def test_checks_agree_with_the_figures_of_the_hub(hub: Hub) -> None:
    agrees(hub)


@pytest.mark.slow
def test_checks_agree_with_the_figures_of_the_demo(tmp_path: Path) -> None:
    from cdm.demo.run import run_demo
    from schemas.progress import silent

    run_demo(tmp_path / "demo", 2000, 7, "en", silent)
    with open_hub(str(tmp_path / "demo" / "hub.db")) as hub:
        agrees(hub)


def agrees(hub: Hub) -> None:
    """What checks and scores both measure of sources and golden records is the same."""
    checked = {(one.source, one.entity): one for one in check_all(hub)}
    compared = 0
    for one in assess(hub):
        golden = checked[None, one.entity.name]
        for figures in one.fields:
            name = next(f.name for f in one.entity.fields.values() if f.label == figures.field)
            for source, share in figures.filled.items():
                compared += _same(checked[source, one.entity.name], name, Kind.PRESENT, share)
            if figures.golden is not None:
                compared += _same(golden, name, Kind.PRESENT, figures.golden)
        batch = hub.store.records.read(one.entity)
        for (source, entity), check in checked.items():
            if source is not None and entity == one.entity.name:
                own = np.flatnonzero(pc.equal(batch.index.column("source"), source).to_numpy())
                compared += _as_scored(check, one.entity, batch, own)
        compared += _golden_validity(hub, one.entity.name, golden)
    assert compared > 25


def _same(check: Checked, name: str, kind: Kind, share: float | None) -> int:
    found = [one for one in check.results if (one.field, one.kind) == (name, kind)]
    if not found:
        assert not share  # neither mapped nor filled
        return 0
    assert found[0].observed == pytest.approx(share)
    return 1


def _as_scored(check: Checked, entity, batch, own) -> int:
    places = {int(row): at for at, row in enumerate(own)}
    findings = findings_of(batch)
    kept = [{**row, "row": places[row["row"]]} for row in findings.to_pylist() if row["row"] in places]
    table = batch.fields.take(own)
    compared = 0
    for score in field_scores(table, type(findings).from_pylist(kept, schema=findings.schema), entity).to_pylist():
        results = {one.kind: one for one in check.results if one.field == score["field"]}
        if results:
            valid, sound = results[Kind.VALID], results[Kind.SOUND]
            assert valid.unexpected == score["errors"]
            assert sound.unexpected == score["errors"] + score["warnings"]
            assert 100 * (results[Kind.PRESENT].observed or 0) == pytest.approx(score["completeness"])
            if Kind.DISTINCT in results:
                assert 100 * (results[Kind.DISTINCT].observed or 0) == pytest.approx(score["uniqueness"])
            compared += 1
    return compared


def _golden_validity(hub: Hub, entity: str, check: Checked) -> int:
    """The mean validity of golden records, from what the checks count of each field, is the score the hub keeps."""
    import orjson

    golden = hub.store.golden.read(hub.model[entity])
    reasons = [orjson.loads(text)["reasons"] for text in golden.score.to_pylist()]
    for one in check.results:
        if one.kind is Kind.VALID:
            assert one.unexpected == sum(f"invalid:{one.field}" in why for why in reasons)
        if one.kind is Kind.SOUND:
            assert one.unexpected == sum(
                bool({f"invalid:{one.field}", f"doubtful:{one.field}"} & {*w}) for w in reasons
            )
    return 1
