"""The web application: the API under ``/api/v1`` and the pages, on one server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from cdm.api import api
from cdm.api.guards import RequestGuard, SecurityHeaders
from cdm.pipeline.hub import Hub
from cdm.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = ("localhost", "127.0.0.1")


def application(hub: Hub, *, hosts: Sequence[str] = LOCAL, pages: bool = True) -> FastAPI:
    """Return the application over an open hub.

    Args:
        hub: the open hub; it stays open as long as the application is served.
        hosts: names the server is reached by; a request that names another is refused (DNS rebinding). ``*`` for any.
        pages: whether the pages are served as well.
    """
    service = Service(hub)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/api/v1", api(service))
    if pages:
        from cdm.ui import register

        register(app, service)
    app.add_middleware(RequestGuard, most=hub.settings.max_request_megabytes * 1_000_000)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


def serve(
    hub: Hub, host: str, port: int, *, hosts: Sequence[str] = (), ready: Callable[[], None] | None = None
) -> None:
    """Serve a hub until the process is told to stop.

    Args:
        hub: the open hub.
        host: address to listen at.
        port: port to listen at.
        hosts: further names the server is reached by.
        ready: called when the application is about to be served.
    """
    import uvicorn

    names = ["*"] if "*" in hosts else [*dict.fromkeys([host, *LOCAL, *hosts])]
    app = application(hub, hosts=names)
    if ready is not None:
        ready()
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, date_header=True)
