"""The OpenAPI document holds: whatever it allows is answered as it says, for every role, and never with a 500."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from served_company import Clients

from cdm.pipeline.hub import Hub

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ALL = list(HealthCheck)
PATIENCE = 300
"""Seconds an answer may take on a busy machine."""
WRONG = (None, -1, 1e300, "", "x" * 20_000, [], {}, True)
CHINESE = re.compile(r"[\u3400-\u9fff]")
ROLES = ("vera", "stefan", "anna", "bare", "shop", "")


@pytest.fixture(scope="module")
def real(hub: Hub) -> dict[str, Any]:
    """Things that exist, by the parameter that names them."""
    golden = [row["golden_id"] for row in hub.store.crosswalk.table("person").to_pylist()]
    cases = {"case_id": 1, "run_id": 1, "number": 1}
    return {"golden_id": golden[0], "source": "sales", "key": "S1", "field": "phone", **cases}


def operations(clients: Clients) -> Iterator[Any]:
    loaded = schemathesis.openapi.from_asgi("/api/v1/openapi.json", clients.app)
    for found in loaded.get_all_operations():
        yield found.ok()


def check(clients: Clients, real: dict[str, Any], role: str, examples: int) -> int:
    """Call every operation as a role; returns how many answers were checked."""
    headers = {"Accept-Language": "zh-CN"} | ({"Authorization": f"Bearer {clients.secrets[role]}"} if role else {})
    called = 0
    for operation in operations(clients):

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=ALL,
        )
        @given(case=operation.as_strategy(), exists=st.booleans())
        def answered(case: Case, exists: bool) -> None:
            nonlocal called
            if exists and isinstance(case.path_parameters, dict):
                case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
            assert not in_english(case.call_and_validate(headers=headers, checks=CHECKS, timeout=PATIENCE))
            called += 1

        answered()
    return called


def in_english(answer: Response | httpx.Response) -> set[str]:
    """Return what a problem says although Chinese was wished for."""
    if answer.status_code < 400:
        return set()
    said = answer.json()
    texts = {said["title"], said["detail"], said["remedy"], *(one["what"] for one in said["values"].get("errors", ()))}
    return {text for text in texts if text and not CHINESE.search(text)}


def wrong_requests(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield requests to an operation that it cannot take, as the arguments of a client."""
    asked = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    yield from ({"params": dict.fromkeys(asked, value)} for value in ("?" * 1_000, "-1", ""))
    for content in operation.get("requestBody", {"content": {}})["content"].values():
        names = document["components"]["schemas"].get(content["schema"].get("$ref", "").rpartition("/")[2], {})
        yield {"content": b"{"}
        for sent in ({}, [], "?", *(dict.fromkeys(names.get("properties", ()), value) for value in WRONG)):
            yield {"json": sent}


def test_what_is_wrong_with_a_request_is_told_in_chinese(clients: Clients) -> None:
    client, language = clients("anna"), {"Accept-Language": "zh-CN"}
    document = client.get("/openapi.json").json()
    refused, english = set(), set()
    for path, methods in document["paths"].items():
        there = re.sub(r"\{\w+\}", "1", path)
        for method, operation in methods.items():
            for request in wrong_requests(document, operation):
                answer = client.request(method, there, headers=language, **request)
                english |= in_english(answer)
                if answer.status_code == 422:
                    refused.add(f"{method} {path}")
        english |= in_english(client.request("patch", there, headers=language))
    assert not english
    assert len(refused) > 20, refused
    nowhere = client.get("/nowhere", headers=language)
    assert nowhere.status_code == 404
    assert not in_english(nowhere)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_answered_as_the_document_says(
    clients: Clients, real: dict[str, Any], role: str, request: pytest.FixtureRequest
) -> None:
    if "postgresql" in request.node.name and role != "shop":
        pytest.skip("the slow suite asks every role on both stores")
    assert check(clients, real, role, 2) > 50


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_answered_as_the_document_says_at_length(
    clients: Clients, real: dict[str, Any], role: str
) -> None:
    assert check(clients, real, role, 20) > 300


def test_the_document_tells_programs_what_they_need(clients: Clients) -> None:
    document = clients().get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["tags"] and operation["description"], place
            if place not in ("get /health", "get /ready", "post /session", "post /session/password"):
                assert operation["security"] and {"401", "403"} <= set(operation["responses"]), place
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], f"{place} {status}"
    assert "http://" not in str(document) and "https://" not in str(document)
