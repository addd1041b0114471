"""A steward's edits: they outrank sources, survive runs, follow merge and undo, end by themselves, and are refused."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, write_csv

from cdm.errors import Conflict
from cdm.pipeline.active_model import active_model
from cdm.pipeline.golden import golden_set
from cdm.pipeline.history import history_of
from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.lineage import lineage_of
from cdm.pipeline.reconsider import settle_all
from cdm.pipeline.run import consolidate_all, run_all
from cdm.pipeline.statements import expire
from cdm.serve import expiring
from cdm.stewardship import Edit, edit, merge, split, undo
from cdm.stewardship.edits import ValueRefused
from cdm.stewardship.steps import By
from schemas.errors import ModelError

LI = By("li", "电话核实")


def golden(hub: Hub, source: str, key: str) -> str:
    return hub.store.crosswalk.lookup(source, key)


def values(hub: Hub, golden_id: str) -> dict[str, Any]:
    return dict(hub.store.golden.get(golden_id).fields)


def state(hub: Hub) -> list[list[dict[str, Any]]]:
    chosen = golden_set(hub, hub.model["person"])
    golden = [{n: v for n, v in row.items() if v is not None} for row in chosen.golden.to_pylist()]
    return [golden, chosen.crosswalk.to_pylist(), chosen.provenance.to_pylist()]


def test_a_stated_value_outranks_sources_until_it_is_undone(company: Hub) -> None:
    one, before = golden(company, "sales", "S1"), state(company)
    done = edit(company, one, Edit({"email": ["Wang.Neu@Firma.cn"], "full_name": ["欧阳小明"]}, ["phone"]), LI)
    now = values(company, one)
    assert now["email"] == ["wang.neu@firma.cn"], "cleansed like every value"
    assert (now["full_name"], now["family_name"], now["given_name"]) == ("欧阳小明", "欧阳", "小明")
    assert "phone" not in now
    (entry,) = company.store.golden.get(one).provenance["email"]
    assert (entry.why, entry.stated_by, entry.stated_reason) == ("stated", "li", "电话核实")
    (origin,) = lineage_of(company, one, "email").origins
    assert (origin.stated_by, origin.value) == ("li", "wang.neu@firma.cn")
    last = history_of(company, one).versions[-1]
    assert (last.who, last.why, last.decision_id) == ("li", "电话核实", done.decision.id)
    assert {"email", "full_name", "family_name", "phone"} <= set(last.changed)
    edited = state(company)
    consolidate_all(company, relearn=True)
    assert state(company) == edited, "a whole run keeps to it"
    undo(company, done.decision.id, By("wang", "falsch"))
    assert state(company) == before
    with pytest.raises(Conflict, match="withdrawn already by wang"):
        undo(company, done.decision.id, LI)
    said = [(entry.actor, entry.action) for entry in company.store.audit.list() if "statement" in entry.subject]
    assert said == [("wang", "undo"), ("li", "edit")]
    assert company.store.audit.verify().sound


def test_the_newest_statement_is_heard_and_undo_uncovers_the_one_before(company: Hub) -> None:
    one = golden(company, "sales", "S2")
    edit(company, one, Edit({"email": ["a@firma.cn"]}), LI)
    second = edit(company, one, Edit({"email": ["b@firma.cn"]}), LI)
    assert values(company, one)["email"] == ["b@firma.cn"]
    undo(company, second.decision.id, LI)
    assert values(company, one)["email"] == ["a@firma.cn"]


def test_statements_follow_merge_and_come_back_with_undo(company: Hub) -> None:
    one, two = golden(company, "sales", "S1"), golden(company, "sales", "S2")
    edit(company, one, Edit({"email": ["eins@firma.cn"]}), LI)
    other = edit(company, two, Edit({"email": ["zwei@firma.cn"], "gender": ["女"]}), LI)
    before = state(company)
    merged = merge(company, [one, two], LI)
    now = values(company, one)
    assert now["email"] == ["eins@firma.cn"], "its own comes first"
    assert now["gender"] == values(company, two)["gender"], "the retired one's is heard after it"
    both = state(company)
    consolidate_all(company, relearn=True)
    assert state(company) == both
    undo(company, merged.decision.id, LI)
    assert state(company) == before, "everything is given back"
    merge(company, [one, two], LI)
    undo(company, other.decision.id, LI)
    assert "gender" not in values(company, one), "a retired one's statement is taken back from its successor"


def test_a_statement_stays_with_its_golden_record_when_it_is_split(company: Hub) -> None:
    one = golden(company, "sales", "S1")
    edit(company, one, Edit({"gender": ["男"]}), LI)
    before = state(company)
    done = split(company, one, [[company.store.records.get("shop", "U1").id]], LI)
    (other,) = set(done.golden_ids) - {one}
    assert ("gender" in values(company, one), "gender" in values(company, other)) == (True, False)
    undo(company, done.decision.id, LI)
    assert state(company) == before


def test_a_statement_ends_by_itself(company: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    one, before = golden(company, "sales", "S3"), state(company)
    edit(company, one, Edit({"email": ["neu@firma.cn"]}, until=datetime(2026, 6, 1, tzinfo=UTC)), LI)
    consolidate_all(company)
    assert values(company, one)["email"] == ["neu@firma.cn"]
    company.now.time = datetime(2026, 6, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    consolidate_all(company)
    assert state(company) == before
    said = [(entry.actor, entry.action) for entry in company.store.audit.list() if "statement" in entry.subject]
    assert said == [("cdm", "expire"), ("li", "edit")]
    assert not company.store.statements.due(company.now())


def test_a_statement_ends_while_the_hub_is_served(company: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    one, before = golden(company, "sales", "S3"), state(company)
    edit(company, one, Edit({"email": ["neu@firma.cn"]}, until=datetime(2026, 6, 1, tzinfo=UTC)), LI)
    ended = threading.Event()

    def expire_and_tell(hub: Hub) -> None:
        if expire(hub):
            ended.set()

    monkeypatch.setattr("cdm.serve.expire", expire_and_tell)
    with expiring(company, every=0.01):
        assert values(company, one)["email"] == ["neu@firma.cn"]
        company.now.time = datetime(2026, 6, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]
        assert ended.wait(120)
    assert state(company) == before
    assert expire(company) == 0


def test_a_statement_that_ends_twice_at_once_ends_once(company: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    one, before = golden(company, "sales", "S3"), state(company)
    edit(company, one, Edit({"email": ["neu@firma.cn"]}, until=datetime(2026, 6, 1, tzinfo=UTC)), LI)
    company.now.time = datetime(2026, 6, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    seen = company.store.statements.due(company.now())
    assert expire(company) == 1
    monkeypatch.setattr(company.store.statements, "due", lambda now: seen)
    assert expire(company) == 0, "what the other saw as due is over by now"
    assert state(company) == before


def test_what_is_not_valid_is_refused_by_name(company: Hub) -> None:
    one, before = golden(company, "sales", "S1"), state(company)
    with pytest.raises(ValueRefused, match=r"'nicht gültig' is no valid value of E.?mail.* \(email\)") as refused:
        edit(company, one, Edit({"email": ["nicht gültig"]}), LI)
    assert "clear the field" in refused.value.remedy
    with pytest.raises(ValueRefused, match="says nothing"):
        edit(company, one, Edit({"email": ["无"]}), LI)
    with pytest.raises(ValueRefused, match=r"Full name \(full_name\) is required"):
        edit(company, one, Edit({}, ["full_name"]), LI)
    with pytest.raises(ValueRefused, match="Nothing is stated"):
        edit(company, one, Edit({}), LI)
    with pytest.raises(ValueRefused, match="is over already"):
        edit(company, one, Edit({"email": ["a@b.cn"]}, until=datetime(2020, 1, 1, tzinfo=UTC)), LI)
    with pytest.raises(ModelError, match="no field 'emial'"):
        edit(company, one, Edit({"emial": ["a@b.cn"]}), LI)
    with pytest.raises(Conflict, match="has changed since you saw it"):
        edit(company, one, Edit({"email": ["a@b.cn"]}), LI, expected={one: 7})
    assert state(company) == before


def test_a_statement_about_what_is_gone_can_end_and_comes_back_with_the_record(company: Hub, tmp_path: Path) -> None:
    one = golden(company, "sales", "S3")
    first = edit(company, one, Edit({"email": ["neu@firma.cn"]}), LI)
    edit(company, one, Edit({"gender": ["女"]}, until=datetime(2026, 6, 1, tzinfo=UTC)), LI)
    write_csv(tmp_path / "sales.csv", SALES_HEADER, [row for row in SALES if row[0] != "S3"])
    run_all(company, full=True)
    assert company.store.crosswalk.resolve(one) == []
    company.now.time = datetime(2026, 6, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    consolidate_all(company)
    assert not company.store.statements.due(company.now())
    write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    run_all(company, full=True)
    assert golden(company, "sales", "S3") == one
    assert values(company, one)["email"] == ["neu@firma.cn"]
    assert "gender" not in values(company, one)
    write_csv(tmp_path / "sales.csv", SALES_HEADER, [row for row in SALES if row[0] != "S3"])
    run_all(company, full=True)
    undo(company, first.decision.id, LI)
    assert not company.store.statements.binding("person")


def test_records_gone_from_every_golden_record_are_settled_once_more(company: Hub, tmp_path: Path) -> None:
    """What was stated about the golden record they had is still told of them, so both readings must find it."""
    one = golden(company, "sales", "S3")
    edit(company, one, Edit({"email": ["neu@firma.cn"]}), LI)
    record = company.store.records.get("sales", "S3").id
    write_csv(tmp_path / "sales.csv", SALES_HEADER, [row for row in SALES if row[0] != "S3"])
    for _ in range(2):
        ingest_source(company, "sales", full=True)
        consolidate_all(company)
    model = active_model(company, "person")
    assert model is not None
    settle_all(company, "person", [record], model)
    assert company.store.golden.get(one).retired_at is not None
