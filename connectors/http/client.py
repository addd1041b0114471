"""The client of one server: dlt's ``RESTClient`` with our bounds, and every failure in our words.

dlt brings authentication and retries: answers 429 and 5xx and broken connections are asked for again with growing
pauses, or after the pause the server names in ``Retry-After``. Redirects are refused: they would carry the
credentials to another server.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from connectors.errors import SourceUnavailable, WrongContent
from connectors.http.failures import refusal, transport_errors
from connectors.http.server import Server

if TYPE_CHECKING:
    from dlt.sources.helpers.rest_client.client import RESTClient

CONNECT_SECONDS = 10
"""How long to wait for a server to accept the connection."""
ANSWER_SECONDS = 120
"""How long a server may be silent within an answer."""
LONGEST_PAUSE = 300
"""Most seconds between two attempts, whatever the server asks for."""


@dataclass(frozen=True)
class Api:
    """One server's API; ``name`` is what messages call it, e.g. ``Tryton at erp.example.com:8000``."""

    name: str
    client: RESTClient

    def ask(self, path: str, *, method: str = "GET", **request: Any) -> Any:
        """Return the JSON document of an answer.

        Args:
            path: below the server's address.
            method: HTTP method.
            request: ``params``, ``json`` and ``headers`` of the request.

        Raises:
            SourceDenied, SourceNotFound, QueryFailed: the server refuses, and would again.
            SourceUnavailable: it does not answer, not even after some attempts, or its answer was cut off.
            SourceTooLarge, WrongContent: the answer is more than we take, or no JSON.
        """
        with transport_errors(self.name):
            answer = self.client.request(path, method=method, allow_redirects=False, **request)  # type: ignore[arg-type]
        if answer.status_code not in (200, 206):
            raise refusal(self.name, answer.status_code, answer.text, answer.headers.get("Content-Type", ""))
        return self._document(answer.content, answer.headers)

    def _document(self, content: bytes, headers: Mapping[str, str]) -> Any:
        try:
            return json.loads(content)
        except ValueError:
            pass
        if "json" in headers.get("Content-Type", ""):
            raise SourceUnavailable(
                f"The answer of {self.name} was cut off.", remedy="Try again; look at what stands between if it lasts."
            )
        raise WrongContent(
            f"{self.name} answers with something else than JSON ({headers.get('Content-Type', 'no type')}).",
            remedy="Check the address: perhaps a sign-in page or a proxy answers.",
        )


def open_api(name: str, server: Server, *, attempts: int, headers: Mapping[str, str] | None = None) -> Api:
    """Return the API of a server; nothing is asked yet. Its client still lacks ``auth``.

    Args:
        name: the system's name, e.g. ``Tryton``.
        server: where it is.
        attempts: how often a request is tried at most.
        headers: further headers of every request.
    """
    from dlt.common.configuration.specs import RuntimeConfiguration
    from dlt.sources.helpers.requests.retry import Client
    from dlt.sources.helpers.rest_client.client import RESTClient

    from connectors.http.transport import BoundedAdapter

    session = Client(
        request_timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        raise_for_status=False,
        request_max_attempts=max(1, attempts),
        request_max_retry_delay=LONGEST_PAUSE,
    ).session
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter())
    session.headers["User-Agent"] = "cdm-hub"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # who asks is told by ``auth`` alone
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings repeat whole addresses
    client = RESTClient(server.address, headers=dict(headers or {}), session=session, config=RuntimeConfiguration())
    return Api(f"{name} at {server.address.partition('://')[2]}", client)
