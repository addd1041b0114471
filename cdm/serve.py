"""The web application: the API under ``/api/v1`` and the pages, on one server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from cdm.api import api
from cdm.api.guards import RequestGuard, SecurityHeaders
from cdm.pipeline.hub import Hub
from cdm.pipeline.statements import expire
from cdm.service import Service
from schemas.errors import CdmError

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = ("localhost", "127.0.0.1")
EXPIRY_SECONDS = 30.0
"""How often it is looked whether a steward's statement is over."""
log = logging.getLogger(__name__)


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
    with expiring(hub):
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, date_header=True)


@contextmanager
def expiring(hub: Hub, every: float = EXPIRY_SECONDS) -> Iterator[None]:
    """Let statements whose time is over end while the hub is served, not only in its next run.

    Args:
        hub: the open hub.
        every: seconds between two looks.
    """
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            try:
                expire(hub)
            except CdmError as error:  # a busy or unreachable database: looked at again, as every request does
                log.warning("statements whose time is over were left as they are: %s", error)
            over.wait(every)

    watcher = threading.Thread(target=watch, name="expiry", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
