"""History, as-of and difference, after runs, changed sources, merges and their withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv

from cdm.errors import NotFound
from cdm.pipeline.golden import golden_set, golden_view
from cdm.pipeline.history import (
    NoMoment,
    difference,
    golden_id_then,
    golden_view_then,
    history_of,
    moment_of,
)
from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all
from cdm.stewardship import merge, undo
from cdm.stewardship.steps import By
from cdm.store.history import Moment

LI = By("li", "电话核实")


def exported(hub: Hub, moment: Moment | None = None) -> list[list[dict[str, Any]]]:
    """What an export holds, but for the quality, which is not kept."""
    chosen = golden_set(hub, hub.model["person"], moment)
    golden = [{n: v for n, v in row.items() if n != "quality" and v is not None} for row in chosen.golden.to_pylist()]
    return [golden, chosen.crosswalk.to_pylist(), chosen.provenance.to_pylist()]


@dataclass
class Past:
    """A hub with a past: what was exported after each run, and the ids it is about."""

    hub: Hub
    exports: dict[int, Any]
    one: str
    two: str
    times: list[str]
    decision: int = 0


@pytest.fixture
def past(hub: Hub, add: Callable[..., None], tmp_path: Path) -> Past:
    """Run, merge, change and remove at source, run, undo, run."""
    sales = write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    add("sales", sales, key="客户编号")
    add("shop", write_csv(tmp_path / "shop.csv", SHOP_HEADER, SHOP), key="user_id")
    exports: dict[int, Any] = {}
    times: list[str] = []

    def keep(number: int) -> None:
        exports[number] = exported(hub)
        times.append(hub.now().isoformat())

    run_all(hub)
    keep(hub.store.runs.list(1)[0].id)
    one, two = (hub.store.crosswalk.lookup("sales", key) for key in ("S1", "S2"))
    merged = merge(hub, [one, two], LI)
    keep(merged.run_id)
    rows = [row for row in SALES if row[0] != "S5"]
    rows[1] = ("S2", "李雷", "13912340002", "lilei@neu.cn", "北京市海淀区中关村大街1号")
    write_csv(sales, SALES_HEADER, rows)
    run_all(hub, full=True)
    keep(hub.store.runs.list(1)[0].id)
    keep(undo(hub, merged.decision.id, By("wang", "误并")).run_id)
    return Past(hub, exports, one, two, times, merged.decision.id)


def test_as_of_every_run_and_time_is_what_was_exported_then(past: Past) -> None:
    assert len(past.exports) == 4
    for (run, known), time in zip(past.exports.items(), past.times, strict=True):
        assert exported(past.hub, moment_of(past.hub, str(run))) == known
        assert exported(past.hub, moment_of(past.hub, time)) == known
    assert exported(past.hub, moment_of(past.hub, "2099-01-01")) == exported(past.hub)
    assert exported(past.hub, moment_of(past.hub, "2020-01-01")) == [[], [], []]


def test_a_golden_record_is_shown_as_it_was(past: Past) -> None:
    hub, (first, merged, _, last) = past.hub, past.exports
    then = golden_view_then(hub, past.two, moment_of(hub, str(merged)))
    assert then.golden.id == past.one, "its records were in the other one then"
    assert [record.key for record in then.records] == ["S1", "S2", "U1"]
    assert sorted(then.golden.fields["email"]) == ["lilei@firma.cn", "wang@firma.cn"]
    assert then.records[1].fields["email"] == ["lilei@firma.cn"]
    for run in (first, last):
        assert golden_view_then(hub, past.two, moment_of(hub, str(run))).golden.id == past.two
    now, then = golden_view(hub, past.two), golden_view_then(hub, past.two, moment_of(hub, "2099-01-01"))
    assert (now.golden, now.records) == (then.golden, then.records)
    with pytest.raises(NotFound, match="did not exist yet"):
        golden_view_then(hub, past.two, moment_of(hub, "2020-01-01"))


def test_a_source_record_had_its_golden_id(past: Past) -> None:
    hub, (first, merged, ran, last) = past.hub, past.exports
    ids = [golden_id_then(hub, "sales", "S2", moment_of(hub, str(run))) for run in (first, merged, ran, last)]
    assert ids == [past.two, past.one, past.one, past.two]
    with pytest.raises(NotFound, match="belonged to no golden record"):
        golden_id_then(hub, "sales", "S5", moment_of(hub, str(last)))
    stays = history_of(hub, "sales:S2").stays
    assert [(one.golden_id, one.since_run_id, one.until_run_id) for one in stays] == [
        (past.two, stays[0].since_run_id, merged),
        (past.one, merged, last),
        (past.two, last, None),
    ]


def test_history_says_who_what_when_and_why(past: Past) -> None:
    versions = history_of(past.hub, past.one).versions
    assert [(one.what, one.who, one.why) for one in versions] == [
        ("created", "cdm", "consolidate"),
        ("updated", "li", "电话核实"),
        ("updated", "cdm", versions[2].why),
        ("split", "wang", "误并"),
    ]
    assert versions[0].came == ["sales:S1", "shop:U1"]
    assert versions[1].came == versions[3].left == ["sales:S2"]
    assert versions[1].decision_id == versions[3].decision_id == past.decision
    assert versions[2].changed == ["email"]
    record = history_of(past.hub, "sales:S2").versions
    assert [(one.what, one.changed) for one in record] == [("seen", sorted(record[0].changed)), ("changed", ["email"])]
    assert [one.what for one in history_of(past.hub, "sales:S5").versions] == ["seen", "deleted"]


def test_difference_between_two_versions(past: Past) -> None:
    found = difference(past.hub, past.one, 1, 2)
    assert found.fields["phone"] == (["+8613812340001"], ["+8613812340001", "+8613912340002"])
    assert (found.came, found.left) == (["sales:S2"], [])
    back = difference(past.hub, past.one, 2, 1)
    assert back.left == ["sales:S2"]
    assert back.fields["phone"] == found.fields["phone"][::-1]
    record = difference(past.hub, "sales:S2", 1, 2)
    assert record.fields == {"email": (["lilei@firma.cn"], ["lilei@neu.cn"])}
    with pytest.raises(NotFound, match="has no version 9"):
        difference(past.hub, past.one, 1, 9)


def test_words_that_name_no_moment_are_refused(past: Past) -> None:
    with pytest.raises(NoMoment, match="neither a time nor the number of a run"):
        moment_of(past.hub, "gestern")
    with pytest.raises(NotFound, match="no run 999"):
        moment_of(past.hub, "999")
