"""The review over the API: queue, case, decision, conflict, taking back, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import review_hub
from fastapi.testclient import TestClient
from served_company import Clients

from cdm.pipeline.hub import open_hub


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_hub.make(tmp_path_factory.mktemp("company"))


@pytest.fixture
def reviewers(made: Path, tmp_path: Path) -> Iterator[Clients]:
    with open_hub(str(review_hub.copy(made, tmp_path)), now=review_hub.Clock()) as hub:
        yield Clients(hub)


def items(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/cases", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def case(client: TestClient) -> dict[str, Any]:
    """The first case of two golden records."""
    number = next(one["id"] for one in items(client, limit=500) if one["golden"] == 2)
    found: dict[str, Any] = client.get(f"/cases/{number}").json()
    return found


def said(found: dict[str, Any], choice: str, **more: Any) -> dict[str, Any]:
    versions = {one["id"]: one["version"] for one in found["golden"]}
    return {"choice": choice, "golden_ids": list(versions), "expected": versions, "seen": found["seen"], **more}


def test_a_case_is_read_decided_and_taken_back(reviewers: Clients) -> None:
    steward = reviewers("stefan")
    before = steward.get("/cases/progress").json()
    found = case(steward)
    assert {row["state"] for row in found["rows"]} <= {"same", "differs", "clashes", "silent"}
    assert all(len(row["cells"]) == len(found["golden"]) for row in found["rows"])
    assert found["pairs"][0]["sentences"][0]["zh"]
    ids = [one["id"] for one in found["golden"]]
    outlook = steward.get("/cases/outlook", params={"golden_id": ids}).json()
    done = steward.post(f"/cases/{found['id']}/decision", json=said(found, "same", reason="电话核实")).json()
    assert done["golden_ids"] == [outlook["golden_id"]]
    assert not done["left"]
    golden = steward.get(f"/golden/{done['golden_ids'][0]}").json()
    for row in outlook["rows"]:
        value = golden["fields"][row["field"]]
        assert [one["text"] for one in row["values"]] == (value if isinstance(value, list) else [value])
    after = steward.get("/cases/progress").json()
    assert (after["left"], after["mine"]) == (before["left"] - 1, 1)
    assert steward.get(f"/cases/{found['id']}").status_code == 404
    back = steward.post("/cases/undo", json={}).json()
    assert (back["number"], back["choice"]) == (done["number"], "same")
    assert steward.get("/cases/progress").json() == before
    assert steward.post("/cases/undo", json={}).json()["code"] == "not_found"


def test_the_slower_steward_is_told_what_happened(reviewers: Clients) -> None:
    stefan, anna = reviewers("stefan"), reviewers("anna")
    found = case(stefan)
    assert anna.post(f"/cases/{found['id']}/decision", json=said(found, "different")).status_code == 200
    answer = stefan.post(f"/cases/{found['id']}/decision", json=said(found, "same"))
    assert (answer.status_code, answer.json()["code"]) == (409, "case_changed")
    (happening,) = answer.json()["values"]["happenings"]
    assert (happening["who"], happening["what"]) == ("anna", "different")
    taken = stefan.post("/cases/undo", json={"number": happening["decision_id"]})
    assert (taken.status_code, taken.json()["code"]) == (404, "not_found"), "it was anna's"


def test_a_case_is_put_off(reviewers: Clients) -> None:
    steward = reviewers("stefan")
    found = case(steward)
    until = datetime(2026, 6, 1, tzinfo=UTC)
    asked = said(found, "later", until=until.isoformat(), reason="等客户回电")
    assert steward.post(f"/cases/{found['id']}/decision", json=asked).status_code == 200
    assert found["id"] not in {one["id"] for one in items(steward, limit=500)}
    (off,) = items(steward, deferred=True)
    assert (off["id"], off["deferred_by"], off["deferred_reason"]) == (found["id"], "stefan", "等客户回电")
    early = said(found, "later", until=(until - timedelta(days=90)).isoformat())
    answer = steward.post(f"/cases/{found['id']}/decision", json=early)
    assert (answer.status_code, answer.json()["code"]) == (422, "ruling_refused")
    assert [one["choice"] for one in steward.get("/cases/doings").json()] == ["later"]


def test_pages_and_filters_of_the_queue(reviewers: Clients) -> None:
    steward = reviewers("stefan")
    whole = [one["id"] for one in items(steward, limit=500)]
    assert len(whole) > 4
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        asked = {"limit": 3} | ({"after": after} if after else {})
        page = steward.get("/cases", params=asked).json()
        seen, after = seen + [one["id"] for one in page["items"]], page["next"]
    assert seen == whole
    offered = steward.get("/cases/filters").json()
    by_kind = [one["id"] for kind in offered["entities"] for one in items(steward, entity=kind["name"], limit=500)]
    assert sorted(by_kind) == sorted(whole)
    by_reason = [one["id"] for kind in offered["reasons"] for one in items(steward, reason=kind["name"], limit=500)]
    assert sorted(by_reason) == sorted(whole)
    assert items(steward, days=1) == []
    assert steward.get("/cases", params={"likely_to": 2}).status_code == 422


def test_who_may_review_and_what_is_seen(reviewers: Clients) -> None:
    steward = reviewers("stefan")
    found = case(steward)
    assert reviewers("vera").get("/cases").json()["code"] == "forbidden"
    assert reviewers("vera").post("/cases/undo", json={}).status_code == 403
    bare = reviewers("bare").get(f"/cases/{found['id']}").json()
    clear = {
        cell["text"] for row in found["rows"] for c in row["cells"] for cell in c["standard"] if row["masked"] == ""
    }
    hidden = {row["field"] for row in bare["rows"] if row["masked"]}
    personal = {
        value["text"]
        for row in found["rows"]
        if row["field"] in hidden
        for cell in row["cells"]
        for value in cell["standard"]
        if len(value["text"]) > 3
    }
    assert personal & clear, "the steward sees them"
    told = json.dumps(bare, ensure_ascii=False)
    assert not [text for text in personal if text in told]
