"""The hub keeps its matching model, learns anew for a reason only, and is taught by stewards."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from many_people import answer, write_people

from cdm.errors import Conflict, NotFound
from cdm.pipeline.active_model import Why, choose_model, keep_model
from cdm.pipeline.consolidate import Consolidated
from cdm.pipeline.evaluation.request import EvaluateError
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.modelling import ask, compare, export_model, import_model, teach, train
from cdm.pipeline.modelling.population import model_of_entry, populations
from cdm.pipeline.modelling.teaching import NothingToLearnError
from cdm.pipeline.run import consolidate_all, run_all
from cdm.store import MatchModelEntry, NewMatchModel
from matching import MatchModelError, Model
from schemas.errors import ModelError
from schemas.progress import silent


@pytest.fixture(autouse=True)
def no_limit_to_churn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another model moves customers, and that is what is looked at here."""
    monkeypatch.setenv("CDM_GATE_CHURN", "1")


@pytest.fixture
def people(hub: Hub, add: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub with two sources of persons that has run once."""
    crm, shop = write_people(tmp_path, 120)
    add("crm", crm, key="customer_no", entity="person")
    add("shop", shop, key="customer_no", entity="person")
    run_all(hub)
    return hub


one_store = pytest.mark.parametrize("hub_url", ["sqlite"], indirect=True)
"""For what no store has a part in."""


def active(hub: Hub) -> MatchModelEntry:
    found = hub.store.match_models.active("person")
    assert found is not None
    return found


def learned(hub: Hub, **how: bool) -> Why | None:
    """Consolidate and say why a model was learned."""
    done = next(one for one in consolidate_all(hub, **how) if one.entity == "person")
    return done.learned if isinstance(done, Consolidated) else None


def test_the_first_run_learns_and_later_runs_apply(people: Hub) -> None:
    first = active(people)
    assert (first.created_by, first.learned_from["why"], first.figures["rows"]) == ("run", "first", 160)
    assert learned(people) is None
    assert active(people) == first
    runs = people.store.runs.list(2, kind="consolidate")
    assert [one.stats["person"]["model"] for one in runs] == [first.version] * 2


@one_store
def test_a_model_is_learned_anew_for_a_reason_only(people: Hub, add: Any, tmp_path: Path) -> None:
    first = active(people)
    assert learned(people, relearn=True) is Why.ASKED
    assert active(people).version == first.version, "the same records teach the same"
    write_people(tmp_path, 250)
    summary = run_all(people)
    assert any("doubled" in note.en for note in summary.notes)
    assert active(people).replaced == first.version
    rows = [[*row, f"P{at}@mail.de"] for at, row in enumerate(csv.reader((tmp_path / "crm.csv").open()))]
    rows[0][-1] = "email"
    with (tmp_path / "mail.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    add("mail", tmp_path / "mail.csv", key="customer_no", entity="person")
    assert any("other fields" in note.en for note in run_all(people).notes)


def test_what_is_promoted_during_a_run_is_not_undone_by_it(people: Hub) -> None:
    one, entry = populations(people)[0], active(people)
    columns = model_of_entry(people, entry).fields
    choice = choose_model(people, "person", columns, len(one.names), relearn=True)
    other = people.store.match_models.add(NewMatchModel("person", "ffff0000", b"x", "li"), people.now())
    people.store.match_models.promote(other, "li", people.now())
    result = one.match(None, silent)
    fresh = result.model if result.model.version != entry.version else one.match(None, silent).model
    keep_model(people, "person", fresh, result.report, choice)
    assert active(people).version == "ffff0000"


@one_store
def test_a_model_of_another_release_is_replaced(people: Hub) -> None:
    old = people.store.match_models.add(NewMatchModel("person", "ffff0000", b"what?", "li"), people.now())
    people.store.match_models.promote(old, "li", people.now())
    assert learned(people) is Why.UNREADABLE
    assert active(people).version != "ffff0000"


def test_stewards_teach_a_candidate_that_is_compared_promoted_and_rolled_back(people: Hub, tmp_path: Path) -> None:
    first = active(people)
    sheet, filled = tmp_path / "questions.csv", tmp_path / "answers.csv"
    assert ask(people, sheet, silent, count=60, language="en") == 60
    answer(sheet, filled)
    (taught,) = teach(people, filled, "li", silent)
    assert taught.entry is not None, taught.lesson.losses
    assert (taught.entry.status, taught.entry.parent, taught.entry.created_by) == ("candidate", first.version, "li")
    assert active(people) == first, "nothing changes until it is promoted"
    change = compare(people, first, taught.entry, silent)
    assert change.records == 160
    assert change.moved == sum(len(one.records) + one.more for one in change.examples)
    people.store.match_models.promote(taught.entry, "li", people.now())
    assert learned(people) is None
    assert active(people).version == taught.entry.version
    assert change.customers[1] == len({*people.store.crosswalk.current("person")["golden_id"].to_pylist()})
    asked = {tuple(row[1:3]) for row in csv.reader(sheet.open(encoding="utf-8-sig"))}
    ask(people, tmp_path / "more.csv", silent, count=30, language="zh")
    again = {tuple(row[1:3]) for row in csv.reader((tmp_path / "more.csv").open(encoding="utf-8-sig"))}
    assert asked & again == {("left", "right")}, "nothing is asked twice"
    people.store.match_models.rollback("person", "li", people.now())
    consolidate_all(people)
    assert change.customers[0] == len({*people.store.crosswalk.current("person")["golden_id"].to_pylist()})


@one_store
def test_what_was_learned_before_is_learned_again_and_a_newer_verdict_replaces_it(people: Hub, tmp_path: Path) -> None:
    sheet, filled = tmp_path / "questions.csv", tmp_path / "answers.csv"
    ask(people, sheet, silent, count=100, language="en")
    answer(sheet, filled, wrong=99)
    (taught,) = teach(people, filled, "li", silent)
    assert taught.entry is not None, taught.lesson.losses
    people.store.match_models.promote(taught.entry, "li", people.now())
    mended = answer(sheet, filled)
    (again,) = teach(people, filled, "li", silent)
    assert again.lesson.same + again.lesson.different == mended
    assert not again.contradictions


@one_store
def test_contradictions_name_their_records(people: Hub, tmp_path: Path) -> None:
    pairs = [("crm:K0000", "shop:S0000", "same"), ("shop:S0000", "crm:K0003", "same")]
    path = tmp_path / "said.csv"
    path.write_text("\n".join(map(",".join, [("left", "right", "verdict"), *pairs, ("crm:K0000", "crm:K0003", "否")])))
    (taught,) = teach(people, path, "li", silent)
    (chain,) = taught.contradictions
    assert [f"{one.source}:{one.key}" for one in chain] == ["crm:K0000", "shop:S0000", "crm:K0003"]
    assert taught.entry is None


@one_store
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("crm:K0000,crm:K9999,same", "row 2: there is no record 'crm:K9999'"),
        ("crm:K0000,shop:S0000,perhaps", "row 2: 'perhaps' is no verdict"),
    ],
)
def test_a_wrong_sheet_is_refused_with_row_and_value(people: Hub, tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "said.csv"
    path.write_text(f"left,right,verdict\n{line}\n")
    with pytest.raises(EvaluateError, match=told):
        teach(people, path, "li", silent)
    path.write_text("left,verdict\ncrm:K0000,same\n")
    with pytest.raises(EvaluateError, match="no column 'right'"):
        teach(people, path, "li", silent)


@one_store
def test_without_verdicts_there_is_nothing_to_learn(people: Hub) -> None:
    with pytest.raises(NothingToLearnError, match="No pair"):
        teach(people, None, "li", silent)


@one_store
def test_a_model_moves_from_hub_to_hub_as_a_file(people: Hub, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    export_model(people, active(people), path)
    assert Model.load(path).version == active(people).version
    assert import_model(people, path, "person", "li").version == active(people).version
    with open_hub(f"sqlite:///{tmp_path / 'other.db'}", now=people.now) as empty:
        brought = import_model(empty, path, "person", "li")
        assert (brought.version, brought.status, brought.figures) == (active(people).version, "candidate", {})
        with pytest.raises(ModelError, match="persn"):
            import_model(empty, path, "persn", "li")
        with pytest.raises(NotFound, match="behaviour"):
            import_model(empty, path, "behaviour", "li")
    path.write_text("{}")
    with pytest.raises(MatchModelError, match="no matching model"):
        import_model(people, path, "person", "li")


@one_store
def test_versions_of_two_entity_types_cannot_be_compared(people: Hub) -> None:
    other = people.store.match_models.add(NewMatchModel("organization", "eeee0000", b"x", "li"), people.now())
    with pytest.raises(Conflict, match="organization"):
        compare(people, active(people), other, silent)


@one_store
def test_training_keeps_a_candidate(people: Hub) -> None:
    (made,) = train(people, "person", "li", silent)
    assert made.version == active(people).version, "the same records teach the same"
    with pytest.raises(NotFound, match="no records"):
        train(people, "organization", "li", silent)
