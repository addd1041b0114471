"""Who asks: the bearer secret of a request → the desk at which they are served."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cdm.service import Desk, Service

_BEARER = HTTPBearer(auto_error=False, description="An API token (`cdm token create`) or the secret of a session.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def service_of(request: Request) -> Service:
    """Return the service the application was made with."""
    service: Service = request.app.state.service
    return service


def _desk(request: Request, bearer: Bearer) -> Desk:
    service = service_of(request)
    return service.desk(service.principal(bearer.credentials if bearer else ""))


Asking = Annotated[Desk, Depends(_desk)]
"""The desk of whoever asks; a request without a good secret is answered with 401."""
TheService = Annotated[Service, Depends(service_of)]
