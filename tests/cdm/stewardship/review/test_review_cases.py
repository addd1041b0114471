"""A steward at the queue: cases, what merging would give, decisions, conflicts, taking back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import review_hub

from cdm.errors import Conflict, NotFound
from cdm.pipeline.explanation import explain_in_hub
from cdm.pipeline.hub import Hub, open_hub
from cdm.report.explanation import PairExplanation
from cdm.stewardship import edit, merge
from cdm.stewardship.edits import Edit
from cdm.stewardship.review import (
    Case,
    CaseChanged,
    Choice,
    Ruling,
    case_of,
    doings_of,
    last_doing,
    outlook,
    rule,
    take_back_doing,
)
from cdm.stewardship.review.case import SHOWN, strongest
from cdm.stewardship.review.ruling import RulingRefused
from cdm.stewardship.steps import By
from cdm.store.review_cases import Edge
from cdm.store.review_queue import Wanted

ANN, BOB = By("ann", "同一电话"), By("bob")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_hub.make(tmp_path_factory.mktemp("company"))


@pytest.fixture
def hub(made: Path, tmp_path: Path) -> Iterator[Hub]:
    with open_hub(str(review_hub.copy(made, tmp_path)), now=review_hub.Clock()) as opened:
        yield opened


def first(hub: Hub, size: int = 2) -> Case:
    """The first case of the queue with that many golden records, or more from three on."""
    queue = hub.store.review.page(Wanted(), hub.now(), limit=500)
    fits = (one for one in queue if len(one.golden) == size or (size > 2 and len(one.golden) > size))
    return case_of(hub, next(fits).id)


def said(case: Case, choice: Choice, golden_ids: list[str] | None = None, **more: object) -> Ruling:
    ids = [one.golden.id for one in case.golden] if golden_ids is None else golden_ids
    return Ruling(case.queued.id, choice, ids, case.versions, case.seen, **more)  # type: ignore[arg-type]


def ids(case: Case) -> list[str]:
    return [one.golden.id for one in case.golden]


def test_a_case_shows_what_decides_it(hub: Hub) -> None:
    case = first(hub)
    assert len(case.golden) == 2
    assert case.left_out == 0
    assert [len(one.records) for one in case.golden] == sorted((len(one.records) for one in case.golden), reverse=True)
    pair = case.pairs[0]
    assert {pair.one, pair.other} == set(ids(case))
    assert pair.probability == case.queued.probability
    assert {one["field"] for one in pair.explanation["fields"]} >= {"phone", "email"}
    named = case.golden[0].records[0]
    (column,) = (named.columns.get("full_name") or named.columns["name"]).values()
    assert column in named.record.raw.values()


def test_any_record_of_a_case_leads_to_it(hub: Hub) -> None:
    case = first(hub)
    for golden in case.golden:
        for one in golden.records:
            assert case_of(hub, one.record.id).queued.id == case.queued.id


def test_a_record_nobody_asks_about_leads_nowhere(hub: Hub) -> None:
    case = first(hub)
    rule(hub, said(case, Choice.DIFFERENT), ANN)
    with pytest.raises(NotFound, match="Nothing is left"):
        case_of(hub, case.queued.id)


def test_of_large_cases_the_strongest_are_shown() -> None:
    names = [f"g{number}" for number in range(12)]
    edges = [Edge(n, n + 1, names[n], names[n + 1], 0.9 - n / 20) for n in range(11)]
    assert strongest(names, edges) == names[:SHOWN]
    assert strongest(names[:SHOWN], edges) == names[:SHOWN]


def test_the_outlook_is_what_merging_gives(hub: Hub) -> None:
    case = first(hub)
    events = hub.store.events.last()
    found = outlook(hub, ids(case), expected=case.versions)
    assert hub.store.events.last() == events, "looking writes nothing"
    done = rule(hub, said(case, Choice.SAME), ANN)
    golden = hub.store.golden.get(found.golden_id)
    assert list(done.golden_ids) == [found.golden_id]
    assert dict(golden.fields) == dict(found.fields)
    assert golden.members == found.records
    for name, winners in found.winners.items():
        assert [(w.record_id, w.why) for w in winners] == [(p.record_id, p.why) for p in golden.provenance[name]]
    assert set(found.retired) == set(ids(case)) - {found.golden_id}
    assert golden.score is not None
    assert golden.score["total"] == pytest.approx(found.score, abs=0.05)


def test_merging_settles_the_case_and_taking_back_restores_it(hub: Hub) -> None:
    case = first(hub)
    done = rule(hub, said(case, Choice.SAME), ANN)
    assert not done.left
    assert last_doing(hub, "ann").number == done.number
    take_back_doing(hub, done.number, ANN)
    again = case_of(hub, case.queued.id)
    assert ids(again) == ids(case)
    with pytest.raises(NotFound, match="nothing to take back"):
        last_doing(hub, "ann")
    assert [one.taken_back for one in doings_of(hub, "ann")] == [True]


def test_the_evidence_stays_with_the_decision(hub: Hub) -> None:
    case = first(hub)
    left, right = case.pairs[0].left, case.pairs[0].right
    rule(hub, said(case, Choice.SAME), ANN)
    explained = explain_in_hub(hub, [f"{left.source}:{left.key}", f"{right.source}:{right.key}"])
    assert isinstance(explained, PairExplanation)
    assert explained.then is not None
    assert explained.then.when.en.startswith("when it was decided")
    assert explained.then.pair.probability == case.pairs[0].probability


def test_part_of_a_case_is_merged_and_the_rest_stays(hub: Hub) -> None:
    case = first(hub, size=3)
    pair = case.pairs[0]
    done = rule(hub, said(case, Choice.SAME, [pair.one, pair.other]), ANN)
    home = set(done.golden_ids)
    assert len(home) == 1
    rest = set(ids(case)) - {pair.one, pair.other}
    assert all(hub.store.golden.get(one).retired_at is None for one in rest)


def test_the_slower_of_two_stewards_hears_what_happened_and_nothing_is_lost(hub: Hub) -> None:
    mine, theirs = first(hub), first(hub)
    done = rule(hub, said(theirs, Choice.SAME), ANN)
    for choice in (Choice.SAME, Choice.DIFFERENT):
        with pytest.raises(CaseChanged, match="ann was quicker") as told:
            rule(hub, said(mine, choice), BOB)
        happening = next(one for one in told.value.happenings if one.what == "merged")
        assert (happening.who, happening.why, happening.decision_id) == ("ann", "同一电话", done.number)
        assert list(happening.now) == list(done.golden_ids)
    assert [one.made_by for one in hub.store.decisions.page()] == ["ann"]


def test_keeping_apart_is_noticed_by_the_slower_one_too(hub: Hub) -> None:
    mine, theirs = first(hub), first(hub)
    rule(hub, said(theirs, Choice.DIFFERENT), ANN)
    with pytest.raises(CaseChanged, match="ann was quicker") as told:
        rule(hub, said(mine, Choice.SAME), BOB)
    assert [(one.what, one.who) for one in told.value.happenings] == [("different", "ann")]


def test_an_edit_meanwhile_is_noticed(hub: Hub) -> None:
    case = first(hub)
    one = case.golden[0].golden
    edit(hub, one.id, Edit({"email": ["new@firma.cn"]}), ANN)
    with pytest.raises(CaseChanged) as told:
        rule(hub, said(case, Choice.SAME), BOB)
    assert [(h.golden_id, h.what, h.who) for h in told.value.happenings] == [(one.id, "updated", "ann")]


def test_earlier_decisions_that_say_otherwise_are_named_by_the_outlook(hub: Hub) -> None:
    case = first(hub, size=3)
    a, b = case.pairs[0].one, case.pairs[0].other
    rule(hub, said(case, Choice.DIFFERENT, [a, b]), ANN)
    found = outlook(hub, [a, b])
    assert [one.made_by for one in found.against] == ["ann"]
    with pytest.raises(Conflict, match="Earlier decisions say otherwise"):
        merge(hub, [a, b], BOB)


def test_a_case_is_put_off_and_comes_back(hub: Hub) -> None:
    case = first(hub)
    until = hub.now() + timedelta(days=3)
    done = rule(hub, said(case, Choice.LATER, until=until), ANN)
    waiting = hub.store.review.page(Wanted(), hub.now(), limit=500)
    assert case.queued.id not in {one.id for one in waiting}
    assert case_of(hub, case.queued.id).queued.deferred_by == "ann"
    assert case.queued.id in {one.id for one in hub.store.review.page(Wanted(), until, limit=500)}
    take_back_doing(hub, done.number, ANN)
    assert case_of(hub, case.queued.id).queued.deferred_by is None


def test_what_makes_no_sense_is_refused(hub: Hub) -> None:
    case = first(hub)
    with pytest.raises(RulingRefused, match="two golden records or more"):
        rule(hub, said(case, Choice.SAME, ids(case)[:1]), ANN)
    for until in (None, hub.now() - timedelta(days=1)):
        with pytest.raises(RulingRefused, match="no time to come"):
            rule(hub, said(case, Choice.LATER, until=until), ANN)
    stranger = Ruling(case.queued.id, Choice.SAME, [*ids(case), ids(first(hub, size=3))[0]], case.versions, case.seen)
    with pytest.raises(CaseChanged):
        rule(hub, stranger, ANN)
    assert hub.store.decisions.page() == []
