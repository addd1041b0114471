"""Ask the hub what changed: one page of the change feed after the other, over HTTP."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

AT_A_TIME = 500
PATIENCE = 60
"""Seconds after which a request is given up."""
_LATER = frozenset({408, 429, 500, 502, 503, 504})
"""Answers that may be others a little later."""


class RefusedError(Exception):
    """The hub refuses for good: the token is wrong or may not read the feed."""


class Feed:
    """The change feed of one hub.

    Args:
        url: of the hub, e.g. ``http://127.0.0.1:8765``.
        token: an API token with the scope ``feed``, and ``personal`` or ``sensitive`` for values in clear.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url.rstrip("/"), token

    def pages(self, since: int) -> Iterator[dict[str, Any]]:
        """Yield the pages after event number ``since`` until there is nothing more.

        A page has ``changes``, in their order, and ``next``: the number to ask from the next time.
        """
        while True:
            page = self._patiently(since)
            yield page
            since = page["next"]
            if since >= page["last"]:
                return

    def _patiently(self, since: int) -> dict[str, Any]:
        """Ask until there is an answer: a hub that is restarted or busy is no reason to give up."""
        wait = 1.0
        while True:
            try:
                return self._ask(since)
            except urllib.error.HTTPError as error:
                if error.code not in _LATER:
                    raise RefusedError(_problem(error)) from error
                wait = float(error.headers.get("Retry-After") or wait)
            except OSError:  # no connection, or it broke
                pass
            time.sleep(wait)
            wait = min(wait * 2, PATIENCE)

    def _ask(self, since: int) -> dict[str, Any]:
        query = urllib.parse.urlencode({"since": since, "limit": AT_A_TIME})
        request = urllib.request.Request(f"{self._url}/api/v1/changes?{query}")
        request.add_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            page: dict[str, Any] = json.load(answer)
            return page


def _problem(error: urllib.error.HTTPError) -> str:
    """Return what the hub says is wrong (RFC 9457) and what to do."""
    try:
        problem = json.load(error)
        return f"{problem['detail']} {problem.get('remedy', '')}".strip()
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"
