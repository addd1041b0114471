"""Stewards' steps on a hub: merge, separate, split, undo — and what a later run makes of them."""

from __future__ import annotations

from typing import Any

import pytest

from cdm.errors import Conflict, NotFound
from cdm.pipeline.hub import Hub
from cdm.pipeline.run import consolidate_all
from cdm.stewardship import Outcome, merge, separate, split, undo
from cdm.stewardship.steps import By

LI = By("li", "电话核实")


def golden(hub: Hub, source: str, key: str) -> str:
    return hub.store.crosswalk.lookup(source, key)


def picture(hub: Hub) -> dict[str, Any]:
    """Everything a downstream system sees: golden id → members and values."""
    person = hub.model["person"]
    batch = hub.store.golden.read(person)
    members = hub.store.crosswalk.table("person").to_pylist()
    fields = dict(zip(batch.index["golden_id"].to_pylist(), batch.fields.to_pylist(), strict=True))
    return {
        one: ([(m["source"], m["key"]) for m in members if m["golden_id"] == one], values)
        for one, values in fields.items()
    }


def test_the_run_merged_what_is_plain(company: Hub) -> None:
    assert golden(company, "sales", "S1") == golden(company, "shop", "U1")


def test_merge_joins_and_undo_gives_everything_back(company: Hub) -> None:
    before = picture(company)
    one, two = golden(company, "sales", "S1"), golden(company, "sales", "S2")
    outcome = merge(company, [one, two], LI)
    assert golden(company, "sales", "S2") == one == outcome.golden_ids[0]
    assert company.store.crosswalk.resolve(two) == [one]
    assert len(company.store.records.of_golden(one)) == 3
    undo(company, outcome.decision.id, By("wang", "irrtum"))
    assert picture(company) == before
    kinds = [(event.kind.value, event.golden_id) for event in company.store.events.since(7)]
    assert kinds == [("updated", one), ("merged", two), ("restored", two), ("split", one)]
    assert [entry.action for entry in company.store.audit.list(limit=2)] == ["undo", "merge"]
    assert company.store.audit.verify().sound


def test_a_later_run_keeps_to_decisions(company: Hub) -> None:
    merge(company, [golden(company, "sales", "S2"), golden(company, "sales", "S3")], LI)
    split_off(company)
    after = picture(company)
    consolidate_all(company)
    assert picture(company) == after


def split_off(company: Hub) -> Outcome:
    shop = company.store.records.get("shop", "U1")
    return split(company, golden(company, "shop", "U1"), [[shop.id]], LI)


def test_split_takes_a_record_out_and_undo_puts_it_back(company: Hub) -> None:
    before = picture(company)
    outcome = split_off(company)
    assert golden(company, "sales", "S1") != golden(company, "shop", "U1")
    assert set(outcome.golden_ids) == {golden(company, "sales", "S1"), golden(company, "shop", "U1")}
    undo(company, outcome.decision.id, LI)
    assert picture(company) == before


def test_decisions_that_contradict_are_refused_and_named(company: Hub) -> None:
    one, two = golden(company, "sales", "S1"), golden(company, "sales", "S2")
    apart = separate(company, [one, two], LI)
    with pytest.raises(Conflict, match=f"{apart.decision.id} \\(different, li"):
        merge(company, [one, two], By("wang"))
    undo(company, apart.decision.id, By("wang"))
    merge(company, [one, two], By("wang"))


def test_a_chain_of_merges_cannot_go_round_a_separation(company: Hub) -> None:
    ids = [golden(company, "sales", key) for key in ("S2", "S3", "S4")]
    apart = separate(company, [ids[0], ids[2]], LI)
    merge(company, ids[:2], LI)
    with pytest.raises(Conflict, match=str(apart.decision.id)):
        merge(company, [golden(company, "sales", "S3"), ids[2]], LI)


def test_the_slower_steward_is_told(company: Hub) -> None:
    one, two, three = (golden(company, "sales", key) for key in ("S2", "S3", "S4"))
    seen = {one: 1, two: 1, three: 1}
    merge(company, [one, two], LI, expected=seen)
    kept, gone = (one, two) if company.store.golden.get(one).retired_at is None else (two, one)
    with pytest.raises(Conflict, match=r"has changed since you saw it \(version 1, now 2\)"):
        merge(company, [kept, three], By("wang"), expected=seen)
    with pytest.raises(Conflict, match=f"is no more; its records went to {kept}"):
        merge(company, [gone, three], By("wang"), expected=seen)


def test_wrong_steps_are_refused(company: Hub) -> None:
    one = golden(company, "sales", "S1")
    with pytest.raises(Conflict, match="cannot be merged"):
        merge(company, [one, one], LI)
    with pytest.raises(NotFound, match="No golden record"):
        merge(company, [one, "nonsense"], LI)
    stranger = company.store.records.get("sales", "S2").id
    with pytest.raises(NotFound, match=f"no source record {stranger}"):
        split(company, one, [[stranger]], LI)
    everything = [record.id for record in company.store.records.of_golden(one)]
    with pytest.raises(Conflict, match="two parts or more"):
        split(company, one, [everything], LI)
    outcome = merge(company, [one, golden(company, "sales", "S2")], LI)
    undo(company, outcome.decision.id, LI)
    with pytest.raises(Conflict, match="withdrawn already by li"):
        undo(company, outcome.decision.id, LI)
