"""Errors as problem details (RFC 9457): a stable code, what is wrong, and what to do."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from cdm.errors import CdmError
from cdm.language import Language, language_of_header
from cdm.security import NotSignedIn, TooManyAttempts
from cdm.service.shapes import Problem
from cdm.wording import sentence, title_of, told

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("cdm.api")
_UNSENT = re.compile(r"[\x00\n]")
"""What an address may not hold; it is not sent back."""
_PLAIN = (str, int, float, bool, type(None), list, tuple, dict)
"""What an error's explaining values may be made of to be told."""


def handle_problems(app: FastAPI) -> None:
    """Let an application answer every error as a problem."""
    app.add_exception_handler(CdmError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_defect)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route's OpenAPI says of the errors it may answer with; 401, 403 and 422 are always among them."""
    told = sorted({401, 403, 422, 503, *statuses})
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in told}


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a problem as a response."""
    told_by = {"Vary": "Accept-Language", **(headers or {})}
    return JSONResponse(problem.model_dump(mode="json"), problem.status, told_by, MEDIA_TYPE)


def problem_of(error: CdmError, instance: str = "", language: Language = "en") -> Problem:
    """Return an error of the hub as a problem, told in a language."""
    said = told(error, language)
    return Problem(
        type=f"urn:cdm:problem:{error.code}",
        title=said.title,
        status=error.status,
        detail=said.message,
        code=error.code,
        remedy=said.remedy,
        retryable=error.retryable,
        values={name: value for name, value in error.values.items() if isinstance(value, _PLAIN)},
        instance=instance,
    )


def _of_ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CdmError)
    headers: dict[str, str] = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.values["retry_after"])
    elif error.retryable:
        headers["Retry-After"] = "5"
    return answer(problem_of(error, request.url.path, _language(request)), headers)


def _of_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    language = _language(request)
    places = [{"where": _where(one["loc"]), "what": sentence(one["msg"], language)} for one in error.errors()]
    listing = "; ".join(f"{one['where']}: {one['what']}" for one in places)
    return answer(_plain(request, 422, "request_invalid", listing, errors=places))


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_")
    return answer(_plain(request, error.status_code, code, str(error.detail or phrase)), error.headers)


def _of_defect(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail, remedy = "The hub has met a defect of its own; nothing was written.", "Report it with the server's log."
    return answer(plain_problem(request, 500, "unexpected", detail, remedy))


def _plain(request: Request, status: int, code: str, detail: str, **values: Any) -> Problem:
    return plain_problem(request, status, code, detail, "See /api/v1/openapi.json.", **values)


def plain_problem(request: HTTPConnection, status: int, code: str, detail: str, remedy: str, **values: Any) -> Problem:
    """Return as a problem what no error of the hub stands for, told in the language the client wishes.

    Args:
        request: what was asked.
        status: of HTTP.
        code: has a title in ``cdm/wording/titles.yaml``.
        detail, remedy: sentences in English.
        values: what explains it.
    """
    language = _language(request)
    return Problem(
        type=f"urn:cdm:problem:{code}",
        title=title_of(code, language),
        status=status,
        detail=sentence(detail, language),
        code=code,
        remedy=sentence(remedy, language),
        values=values,
        instance=_UNSENT.sub("�", request.scope["path"]),
    )


def _language(request: HTTPConnection) -> Language:
    return language_of_header(request.headers.get("accept-language", ""))


def _where(place: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in place)
