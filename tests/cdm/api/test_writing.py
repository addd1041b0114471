"""Match, push, decide and follow over the API."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from served_company import Clients

from cdm.pipeline.hub import Hub
from cdm.pipeline.run import consolidate_all

ROWS = [
    {"user_id": "U90", "name": "周杰", "mobile": "13812349090", "email": "zhoujie@firma.cn", "note": "常客"},
    {"user_id": "", "name": "无键"},
    {"user_id": "U90", "name": "周杰", "mobile": "13812349091"},
]


def golden(client: TestClient, source: str, key: str) -> tuple[str, int]:
    found = client.get(f"/lookup/{source}/{key}").json()
    return found["golden_id"], found["version"]


def test_search_before_create(clients: Clients) -> None:
    asked = {"fields": {"姓名": "王小明", "phone": "13812340001"}}
    found = clients("shop").post("/match", json=asked).json()
    assert found["entity"] == "person" and found["hits"][0]["probability"] > 0.9
    assert found["hits"][0]["name"] == "王小明" and found["hits"][0]["explanation"]["words"]["zh"]
    assert clients("shop").post("/match", json={"fields": {"colour": "red"}}).json()["code"] == "search_request"
    blind = clients("bare").post("/match", json=asked)
    assert blind.status_code == 422 and blind.json()["values"]["ignored"] == ["phone", "姓名"]
    company = clients("bare").post("/match", json={"fields": {"name": "杭州蓝天科技", "phone": "0571-88880001"}}).json()
    assert company["ignored"] == ["phone"] and company["hits"][0]["name"] == "杭州蓝天科技有限公司"
    assert "88880001" not in str(company)


def test_push_tells_what_became_of_each_row_and_repeats_its_answer(clients: Clients, hub: Hub) -> None:
    program, sent, key = clients("shop"), {"records": ROWS}, {"Idempotency-Key": "first"}
    answer = program.post("/records/shop", json=sent, headers=key)
    assert answer.status_code == 200
    said = answer.json()
    assert [(one["key"], one["status"], one["code"]) for one in said["rows"]] == [
        ("U90", "quarantined", "key_repeated"),
        (None, "quarantined", "key_blank"),
        ("U90", "created", ""),
    ]
    assert program.post("/records/shop", json=sent, headers=key).json() == said
    reused = program.post("/records/shop", json={"records": ROWS[:1]}, headers=key)
    assert reused.status_code == 422 and reused.json()["code"] == "idempotency_key_reused"
    assert clients("bare").post("/records/shop", json={"records": ROWS[2:]}, headers=key).status_code == 200
    again = program.post("/records/shop", json={"records": ROWS[2:]}).json()
    assert [one["status"] for one in again["rows"]] == ["unchanged"]
    assert program.post("/records/nowhere", json=sent).status_code == 404
    assert clients("stefan").post("/records/shop", json=sent).json()["code"] == "forbidden"
    assert program.get("/lookup/shop/U90").status_code == 404  # not matched yet
    consolidate_all(hub)
    found = clients("stefan").get(f"/golden/{golden(program, 'shop', 'U90')[0]}").json()
    assert found["name"] == "周杰" and found["records"][0]["raw"]["mobile"] == "13812349091"
    assert not [one for one in clients("vera").get("/runs").json() if one["kind"] == "push"]
    changes = program.get("/changes", params={"since": 0}).json()
    assert found["id"] in {one["golden_id"] for one in changes["changes"]}


def test_a_program_follows_the_feed(clients: Clients) -> None:
    program, seen, since = clients("shop"), [], 0
    while True:
        page = program.get("/changes", params={"since": since, "limit": 4}).json()
        seen += page["changes"]
        since = page["next"]
        if since == page["last"]:
            break
    assert [one["seq"] for one in seen] == list(range(1, since + 1))
    assert program.get("/changes", params={"since": since}).json() == {"changes": [], "next": since, "last": since}
    only = program.get("/changes", params={"entity": "organization"}).json()
    assert {one["entity"] for one in only["changes"]} == {"organization"} and only["next"] == only["last"]
    masked = clients("bare").get("/changes").json()
    assert "13912340002" not in str(masked) and "李雷" not in str(masked)
    assert clients("vera").get("/changes").status_code == 403


def test_merge_and_undo_on_the_versions_that_were_seen(clients: Clients) -> None:
    steward = clients("stefan")
    (one, v1), (two, v2) = golden(steward, "sales", "S2"), golden(steward, "sales", "S3")
    stale = steward.post("/golden/merge", json={"golden": {one: v1 + 5, two: v2}})
    assert stale.status_code == 409
    present = {state["id"]: state["version"] for state in stale.json()["values"]["present"]}
    assert present == {one: v1, two: v2}
    merged = steward.post("/golden/merge", json={"golden": {one: v1, two: v2}, "reason": "电话核实"})
    assert merged.status_code == 200 and list(merged.json()["golden"]) == [golden(steward, "sales", "S3")[0]]
    gone = steward.post("/golden/merge", json={"golden": {one: v1, two: v2}}).json()
    assert gone["code"] == "conflict" and any(state["retired"] for state in gone["values"]["present"])
    number = merged.json()["decision"]["id"]
    assert steward.get("/decisions").json()[0]["parts"] == [["sales:S2", "sales:S3"]]
    assert steward.post(f"/decisions/{number}/undo").status_code == 200
    assert steward.post(f"/decisions/{number}/undo", json={"reason": "again"}).status_code == 409
    assert golden(steward, "sales", "S2")[0] == one and golden(steward, "sales", "S3")[0] == two
    assert steward.post("/decisions/999/undo").status_code == 404
    assert clients("vera").post("/golden/merge", json={"golden": {one: 1, two: 1}}).status_code == 403


def test_split_and_edit_need_the_version(clients: Clients) -> None:
    steward = clients("stefan")
    one, version = golden(steward, "shop", "U1")
    body: dict[str, Any] = {"parts": [[{"source": "shop", "key": "U1"}]]}
    assert steward.post(f"/golden/{one}/split", json=body).json()["code"] == "version_missing"
    old = steward.post(f"/golden/{one}/split", json=body, headers={"If-Match": '"77"'})
    assert old.status_code == 412 and old.json()["values"]["present"][0]["version"] == version
    done = steward.post(f"/golden/{one}/split", json=body, headers={"If-Match": f'"{version}"'})
    assert done.status_code == 200 and golden(steward, "shop", "U1")[0] != golden(steward, "sales", "S1")[0]
    assert steward.post(f"/decisions/{done.json()['decision']['id']}/undo").status_code == 200
    one, version = golden(steward, "sales", "S5")
    wrong = steward.post(f"/golden/{one}/edit", json={"values": {"phone": "not a phone"}, "version": version})
    assert wrong.json()["code"] == "value_invalid"
    edited = steward.post(f"/golden/{one}/edit", json={"values": {"phone": "13812345555"}, "version": version}).json()
    assert edited["decision"]["values"] == {"phone": ["+8613812345555"]}
    view = steward.get(f"/golden/{one}").json()
    assert view["provenance"]["phone"][0]["stated_by"] == "stefan"
    assert steward.post(f"/decisions/{edited['decision']['id']}/undo").status_code == 200


def test_one_hidden_value_is_shown_for_a_reason_and_audited(clients: Clients, hub: Hub) -> None:
    steward = clients("stefan")
    one, _ = golden(steward, "sales", "S1")
    shown = steward.post(f"/golden/{one}/reveal", json={"field": "phone", "reason": "客户来电"})
    assert shown.json()["value"] == ["+8613812340001"]
    entry = next(one for one in hub.store.audit.list() if one.action == "revealed")
    assert (entry.actor, entry.detail["reason"]) == ("stefan", "客户来电")
    assert steward.post(f"/golden/{one}/reveal", json={"field": "phone", "reason": "   "}).status_code == 422
    assert steward.post(f"/golden/{one}/reveal", json={"field": "lei", "reason": "why not"}).status_code == 404
    assert clients("vera").post(f"/golden/{one}/reveal", json={"field": "phone", "reason": "..."}).status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 201, "一"])
def test_strange_idempotency_keys_are_refused(clients: Clients, key: str) -> None:
    answer = clients("shop").post(
        "/records/shop", json={"records": ROWS[2:]}, headers={"Idempotency-Key": key.encode()}
    )
    assert answer.status_code == 422
