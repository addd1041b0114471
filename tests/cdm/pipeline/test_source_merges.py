"""A merge at the source binds like a steward's decision, until the source or a steward takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hub_invariants import check_all
from small_company import SHOP, SHOP_HEADER, write_csv

from cdm.pipeline.doctor import Level, examine_hub
from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all
from cdm.stewardship import merge, separate, undo
from cdm.stewardship.steps import By
from cdm.store.decisions import Decision

HEADER = ("id", "name", "phone", "merged")
ROWS = (
    ("1", "赵敏", "13612340008", ""),
    ("2", "林小燕", "13712340009", "1"),
    ("3", "马超", "13812340010", ""),
    ("4", "孙丽", "13912340011", ""),
)
Write = Callable[..., None]


@pytest.fixture
def erp(hub: Hub, add: Callable[..., None], tmp_path: Path) -> Write:
    """An ERP whose records say into which they were merged, beside a shop; rewritten and read at each call."""

    def write(*rows: tuple[str, ...], run: bool = True) -> None:
        write_csv(tmp_path / "erp.csv", HEADER, rows)
        if run:
            run_all(hub)

    write(*ROWS, run=False)
    add("erp", tmp_path / "erp.csv", key="id")
    add("shop", write_csv(tmp_path / "shop.csv", SHOP_HEADER, SHOP), key="user_id")
    spec = hub.source("erp")
    assert spec.mapping is not None
    hub.store.sources.update(replace(spec, mapping=replace(spec.mapping, same_as="merged")), hub.now())
    return write


def home(hub: Hub, key: str) -> str:
    """Return the golden id of a record of the ERP."""
    return hub.store.crosswalk.lookup("erp", key)


def said(hub: Hub) -> list[Decision]:
    return hub.store.decisions.page(by="source erp")


def test_merged_records_are_one_customer_and_running_again_changes_nothing(hub: Hub, erp: Write) -> None:
    erp(*ROWS)
    assert home(hub, "1") == home(hub, "2") != home(hub, "3")
    (decision,) = said(hub)
    assert decision.reason == "merged at the source: 2 into 1"
    erp(*ROWS)
    run_all(hub, full=True)
    assert len(said(hub)) == 1
    check_all(hub)
    assert all(one.level is not Level.ERROR for one in examine_hub(hub.settings, hub.now()))


def test_merge_at_source_after_the_first_run_is_followed(hub: Hub, erp: Write) -> None:
    before = [*ROWS[:3], ("4", "孙丽", "13912340011", "")]
    erp(*before)
    erp(*before[:3], ("4", "孙丽", "13912340011", "3"))
    assert home(hub, "3") == home(hub, "4")
    assert home(hub, "1") == home(hub, "2") != home(hub, "3")
    check_all(hub)


def test_chain_of_merges_is_one_customer(hub: Hub, erp: Write) -> None:
    erp(ROWS[0], ROWS[1], ("3", "马超", "13812340010", "2"), ROWS[3])
    assert home(hub, "1") == home(hub, "2") == home(hub, "3") != home(hub, "4")


def test_source_takes_a_merge_back(hub: Hub, erp: Write) -> None:
    erp(*ROWS)
    erp(ROWS[0], ("2", "林小燕", "13712340009", ""), *ROWS[2:])
    assert home(hub, "1") != home(hub, "2")
    (decision,) = said(hub)
    assert decision.withdrawn_by == "source erp"
    erp(*ROWS)
    assert home(hub, "1") == home(hub, "2")
    check_all(hub)


def test_source_merges_into_another_record_instead(hub: Hub, erp: Write) -> None:
    erp(*ROWS)
    erp(ROWS[0], ("2", "林小燕", "13712340009", "3"), *ROWS[2:])
    assert home(hub, "2") == home(hub, "3") != home(hub, "1")
    check_all(hub)


def test_steward_takes_a_merge_back_for_good(hub: Hub, erp: Write) -> None:
    erp(*ROWS)
    undo(hub, said(hub)[0].id, By("steward"))
    erp(ROWS[0], ("2", "林燕", "13712340009", "1"), *ROWS[2:])
    assert home(hub, "1") != home(hub, "2")
    assert len(said(hub)) == 1
    check_all(hub)


def test_steward_who_said_otherwise_is_not_overruled(hub: Hub, erp: Write) -> None:
    apart = [ROWS[0], ("2", "林小燕", "13712340009", ""), *ROWS[2:]]
    erp(*apart)
    separate(hub, [home(hub, "1"), home(hub, "2")], By("steward"))
    erp(*ROWS)
    assert home(hub, "1") != home(hub, "2")
    assert said(hub) == []
    merge(hub, [home(hub, "3"), home(hub, "4")], By("steward"))
    check_all(hub)


def test_survivor_that_is_not_there_is_no_survivor(hub: Hub, erp: Write) -> None:
    erp(ROWS[0], ("2", "林小燕", "13712340009", "99"), ("3", "马超", "13812340010", "3"), ROWS[3])
    assert len({home(hub, key) for key in "1234"}) == 4
    assert said(hub) == []


def test_loser_that_is_deleted_at_source_leaves_its_word(hub: Hub, erp: Write) -> None:
    erp(*ROWS)
    golden = home(hub, "1")
    erp(ROWS[0], *ROWS[2:])
    assert home(hub, "1") == golden
    check_all(hub)
