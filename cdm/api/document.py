"""The OpenAPI document: errors are problem details, and nothing is said of what FastAPI would answer by itself."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from cdm.api.problems import MEDIA_TYPE

_OWN = ("HTTPValidationError", "ValidationError")
"""Shapes of FastAPI's own errors, which are never answered."""
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def complete_document(app: FastAPI) -> None:
    """Let an application's OpenAPI document say that every error is a problem."""
    plain = app.openapi

    def completed() -> dict[str, Any]:
        fresh = app.openapi_schema is None
        document = plain()
        if fresh:
            _complete(document)
        return document

    app.openapi = completed  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    answer["content"] = _PROBLEM
    for name in _OWN:
        document["components"]["schemas"].pop(name, None)
