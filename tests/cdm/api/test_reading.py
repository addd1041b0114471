"""Reading golden records over the API."""

from __future__ import annotations

from served_company import PASSWORD, Clients

from cdm.pipeline.hub import Hub


def test_nobody_reads_without_a_secret(clients: Clients) -> None:
    answer = clients().get("/golden")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed_in" and answer.json()["remedy"]
    assert clients().get("/health").json()["status"] == "ok"
    assert clients().get("/ready").status_code == 200


def test_a_customer_is_looked_up_and_read(clients: Clients, hub: Hub) -> None:
    steward = clients("stefan")
    found = steward.get("/lookup/sales/S1").json()
    assert found == {**steward.get("/lookup/shop/U1").json(), "source": "sales", "key": "S1"}
    answer = steward.get(f"/golden/{found['golden_id']}")
    golden = answer.json()
    assert golden["name"] == "王小明" and golden["fields"]["phone"] == ["+8613812340001"]
    assert {(one["source"], one["key"]) for one in golden["records"]} == {("sales", "S1"), ("shop", "U1")}
    assert golden["provenance"]["full_name"][0]["reason"]["zh"]
    again = steward.get(f"/golden/{found['golden_id']}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert steward.get("/golden/nobody").json()["code"] == "not_found"
    assert hub.store.audit.verify().sound


def test_problems_are_told_in_the_language_the_client_wishes(clients: Clients) -> None:
    steward = clients("stefan")
    chinese = steward.get("/golden/nobody", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert chinese.headers["vary"] == "Accept-Language"
    said, english = chinese.json(), steward.get("/golden/nobody").json()
    assert (said["title"], said["detail"]) == ("没有找到", "从来没有编号为“nobody”的黄金记录。")
    assert english["detail"] == "No golden record has or had the id 'nobody'."
    assert said["code"] == english["code"] and said["type"] == english["type"]
    wrong = steward.get("/golden", params={"limit": "many"}, headers={"Accept-Language": "zh"}).json()
    assert wrong["title"] == "请求有误" and wrong["remedy"] == "请看 /api/v1/openapi.json。"


def test_a_viewer_sees_personal_values_in_part(clients: Clients) -> None:
    viewer = clients("vera")
    golden_id = viewer.get("/lookup/sales/S1").json()["golden_id"]
    golden = viewer.get(f"/golden/{golden_id}").json()
    assert golden["name"] == "王**"
    assert golden["fields"]["phone"] == ["+86138****0001"] and golden["masked"]["phone"] == "partly"
    assert golden["fields"]["address"] is None and golden["masked"]["address"] == "hidden"
    for record in golden["records"]:
        assert "文三路" not in str(record) and "13812340001" not in str(record).replace(" ", "")


def test_search_finds_only_by_what_is_seen(clients: Clients) -> None:
    for asked, steward, viewer in (("王小明", 1, 0), ("0001", 2, 0), ("蓝天", 1, 1), ("sales:S1", 1, 1)):
        assert len(clients("stefan").get("/golden/search", params={"q": asked}).json()) == steward, asked
        assert len(clients("vera").get("/golden/search", params={"q": asked}).json()) == viewer, asked


def test_pages_follow_each_other(clients: Clients) -> None:
    steward, seen, after = clients("stefan"), [], ""
    while after is not None:
        page = steward.get("/golden", params={"limit": 3, "after": after}).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 10 and seen == sorted(seen)
    only = steward.get("/golden", params={"source": "shop", "records_from": 2}).json()["items"]
    assert [one["name"] for one in only] == ["王小明"]
    assert steward.get("/golden", params={"source": "nowhere"}).status_code == 404
    assert steward.get("/golden", params={"colour": "red"}).json()["code"] == "request_invalid"


def test_the_past_is_told(clients: Clients) -> None:
    steward = clients("stefan")
    golden_id = steward.get("/lookup/erp/K1").json()["golden_id"]
    assert [one["what"] for one in steward.get(f"/golden/{golden_id}/history").json()["versions"]] == ["created"]
    lineage = steward.get(f"/golden/{golden_id}/lineage/name").json()
    assert lineage["origins"][0]["columns"] == {"name": "杭州蓝天科技有限公司"}
    timeline = steward.get(f"/golden/{golden_id}/timeline").json()
    assert len(timeline["activities"]) == 2 and timeline["figures"][0]["turnover"][0]["total"] == "12800"
    assert steward.get("/records/erp/K1").json()["stays"][0]["golden_id"] == golden_id
    then = steward.get(f"/golden/{golden_id}", params={"as_of": "2026-04-01"})
    assert then.status_code == 404


def test_the_state_of_the_hub(clients: Clients) -> None:
    viewer = clients("vera")
    board = viewer.get("/dashboard").json()
    assert (board["records"], board["golden"], board["duplicates"]) == (15, 10, 1)
    assert {one["subject"] for one in board["scores"]["scores"]} == {"sales", "shop", "erp", ""}
    assert len(board["trend"]) == 1 and board["runs"][0]["kind"] == "consolidate"
    assert [one["name"] for one in viewer.get("/sources").json()] == ["sales", "shop", "erp", "orders"]
    assert viewer.get("/runs/1").json()["stats"]["inserted"] == 5
    fields = {f["name"]: f["sight"] for f in viewer.get("/model").json()[0]["fields"]}
    assert fields["phone"] in ("partly", "clear")
    assert viewer.get("/me").json()["rights"] == ["read", "match"]


def test_sessions_and_one_time_passwords(clients: Clients, hub: Hub) -> None:
    nobody = clients()
    signed_in = nobody.post("/session", json={"name": "Vera", "password": PASSWORD})
    assert signed_in.status_code == 201
    bearer = {"Authorization": f"Bearer {signed_in.json()['secret']}"}
    assert nobody.get("/me", headers=bearer).json()["role"] == "viewer"
    assert nobody.delete("/session", headers=bearer).status_code == 204
    assert nobody.get("/me", headers=bearer).status_code == 401
    for _ in range(3):
        assert nobody.post("/session", json={"name": "x", "password": "y"}).status_code == 401
    slowed = nobody.post("/session", json={"name": "x", "password": "y"})
    assert slowed.status_code == 429 and int(slowed.headers["retry-after"]) > 0


def test_guards(clients: Clients, hub: Hub) -> None:
    answer = clients("vera").get("/me")
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in clients("vera").get("/me", headers={"Origin": "http://evil"}).headers
    large = clients().post("/session", content=b"x" * 17_000_000, headers={"Accept-Language": "zh"})
    assert large.status_code == 413 and large.json()["code"] == "too_large"
    assert (large.json()["title"], large.json()["detail"]) == ("请求太大", "请求超过了 16,000,000 字节的上限。")

    def parts():  # type: ignore[no-untyped-def]
        yield from (b"x" * 1_000_000 for _ in range(18))

    assert clients().post("/session", content=parts()).status_code == 413
    for sent in (b'{"name": "a\\u0000", "password": "b"}', b'{"name": "a\x00", "password": "b"}'):
        refused = clients().post("/session", content=sent, headers={"Content-Type": "application/json"})
        assert refused.status_code == 422 and "NUL" in refused.json()["detail"]
    assert clients().post("/session", json={"name": "a\\u0000", "password": "b"}).status_code == 401
    assert clients("vera").get("/golden/search?q=a%00").status_code == 422
    assert clients("vera").get("/lookup/shop/U%00").status_code == 422
    assert clients("vera").get("/lookup/shop/U%0A1").json()["code"] == "request_invalid"
    from fastapi.testclient import TestClient

    from cdm.serve import application

    strange = TestClient(application(hub, pages=False), base_url="http://evil.example")
    assert strange.get("/api/v1/health").status_code == 400
    assert clients("vera").get("/nowhere").json()["code"] == "not_found"
