"""The API as an application of its own, with its OpenAPI document."""

from __future__ import annotations

from fastapi import FastAPI

from cdm import __version__
from cdm.api.document import complete_document
from cdm.api.problems import handle_problems
from cdm.api.routes import ROUTERS
from cdm.service import Service

DESCRIPTION = """Golden customer records for programs: read them, follow their changes, find a customer before creating
one, push records, decide. 面向下游系统的客户主数据接口。

Every request but `/health`, `/ready` and `POST /session` carries `Authorization: Bearer` with an API token
(`cdm token create`) or the secret of a session. Values of personal-data classes that the role does not see are masked
(`138****0000`) or null, and `masked` names them; they are not found by search either. Errors are
`application/problem+json` (RFC 9457) with a stable `code` and a `remedy`.
"""

TAGS = [
    {"name": "session", "description": "Sign in and out; who am I."},
    {"name": "golden", "description": "Golden records, their past and where their values come from."},
    {"name": "match", "description": "Search before create."},
    {"name": "records", "description": "Push records of a source."},
    {"name": "decisions", "description": "Merge, keep apart, split, edit, undo."},
    {"name": "review", "description": "Candidates waiting for a steward."},
    {"name": "changes", "description": "The change feed."},
    {"name": "state", "description": "Quality, runs, sources, model, health."},
]


def api(service: Service) -> FastAPI:
    """Return the API over a service."""
    app = FastAPI(
        title="Customer master-data hub",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,  # the pages of Swagger and ReDoc come from other people's servers
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.service = service
    for router in ROUTERS:
        app.include_router(router)
    handle_problems(app)
    complete_document(app)
    return app
