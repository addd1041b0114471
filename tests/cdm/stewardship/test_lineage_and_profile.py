"""Where values come from, and what the activities of a customer come to — also after merge and undo."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv, write_erp, write_workbook

from cdm.errors import NotFound
from cdm.pipeline.golden import golden_view
from cdm.pipeline.hub import Hub
from cdm.pipeline.lineage import lineage_of
from cdm.pipeline.profile import ActivitySummary
from cdm.pipeline.run import run_all
from cdm.stewardship import merge, undo
from cdm.stewardship.steps import By


@pytest.fixture
def company(hub: Hub, add: Callable[..., None], tmp_path: Path) -> Hub:
    """A hub with two sources of persons, and companies with their orders."""
    add("sales", write_workbook(tmp_path / "sales.xlsx", SALES_HEADER, SALES), key="客户编号")
    add("shop", write_csv(tmp_path / "shop.csv", SHOP_HEADER, SHOP), key="user_id")
    erp = write_erp(tmp_path / "erp.db")
    add("erp", erp, table="customer")
    add("orders", erp, table="sales_order", customers="erp")
    run_all(hub)
    return hub


def test_a_value_is_traced_to_its_cell(company: Hub) -> None:
    one = company.store.crosswalk.lookup("shop", "U1")
    found = lineage_of(company, one, "phone")
    assert found.value == ["+8613812340001"]
    (origin,) = found.origins
    known = {
        "sales": ("S1", "sales.xlsx#客户!2", {"手机": "13812340001"}),
        "shop": ("U1", "shop.csv!2", {"mobile": "+86 138 1234 0001"}),
    }
    assert (origin.key, origin.place, origin.columns) == known[origin.source]
    assert origin.cleansed == ["+8613812340001"]
    assert (origin.why, origin.records) == ("agreed", 2)


def test_a_part_is_traced_to_the_column_of_the_whole_and_rivals_are_named(company: Hub) -> None:
    one = company.store.crosswalk.lookup("sales", "S1")
    (family,) = lineage_of(company, one, "family_name").origins
    assert family.derived_from == "full_name"
    assert list(family.columns.values()) == ["王小明"]
    assert family.cleansed == "王"
    merged = merge(company, [one, company.store.crosswalk.lookup("sales", "S2")], By("li"))
    name = lineage_of(company, merged.golden_ids[0], "full_name")
    assert {(r.key, r.value) for r in name.others} | {(o.key, o.value) for o in name.origins} >= {("S2", "李雷")}
    assert all(other.value != name.value for other in name.others)


def test_a_field_without_a_value_has_no_lineage(company: Hub) -> None:
    with pytest.raises(NotFound, match="no value of 'fax'"):
        lineage_of(company, company.store.crosswalk.lookup("sales", "S1"), "fax")


def summary(hub: Hub, key: str) -> list[ActivitySummary]:
    return list(golden_view(hub, hub.store.crosswalk.lookup("erp", key)).summary)


def test_figures_follow_the_records_through_merge_and_undo(company: Hub) -> None:
    (before,) = summary(company, "K1")
    assert (before.entity, before.count) == ("transaction", 2)
    assert (before.first or "")[:10] == "2026-02-01"
    assert (before.last or "")[:10] == "2026-03-01"
    assert before.recency_days == 61
    (money,) = before.turnover
    assert (money.count, money.total, money.average) == (2, Decimal("12800.00"), Decimal("6400.00"))
    lone = summary(company, "K2")
    ids = [company.store.crosswalk.lookup("erp", key) for key in ("K1", "K2")]
    outcome = merge(company, ids, By("li"))
    (both,) = summary(company, "K2")
    assert (both.count, (both.last or "")[:10]) == (3, "2026-03-05")
    assert both.turnover[0].total == Decimal("17800.00")
    view = golden_view(company, outcome.golden_ids[0])
    assert [one.key for one in view.activities] == ["O3", "O2", "O1"]
    undo(company, outcome.decision.id, By("li"))
    assert (summary(company, "K1"), summary(company, "K2")) == ([before], lone)
    assert summary(company, "K3") == []
