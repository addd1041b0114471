"""What a web server's refusal means, in our words and without credentials."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from connectors.errors import (
    QueryFailed,
    SourceDenied,
    SourceError,
    SourceNotFound,
    SourceUnavailable,
    SourceUnreadable,
)

LONGEST = 200
"""Characters of a server's own words that a message repeats."""
_TAGS = re.compile(r"<title>.*?</title>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@contextmanager
def transport_errors(name: str) -> Iterator[None]:
    """Translate what happens on the way to a server and back into a :class:`SourceError` naming the server."""
    from requests.exceptions import ConnectionError as Broken
    from requests.exceptions import RequestException, SSLError, Timeout

    try:
        yield
    except SSLError:
        raise SourceDenied(
            f"The certificate of {name} is not trusted.",
            remedy="Check the host's name; add your company's certificate authority to REQUESTS_CA_BUNDLE.",
        ) from None
    except Timeout:
        raise _unavailable(f"{name} takes too long to answer.") from None
    except Broken as error:
        raise _unavailable(f"{name} cannot be reached ({_reason(error)}).") from None
    except RequestException as error:
        raise _unavailable(f"The connection to {name} broke ({type(error).__name__}).") from None


def refusal(name: str, status: int, text: str, content_type: str) -> SourceError:
    """Return the error of ours that an answer without success means.

    Args:
        name: what messages call the server.
        status: HTTP status.
        text: body of the answer.
        content_type: its type.
    """
    said = _said(text, content_type)
    if status in (401, 403):
        return SourceDenied(
            f"{name} refuses access ({status}{said}).", remedy="Check user or key, and the right to read these records."
        )
    if status == 404:
        return SourceNotFound(f"{name} does not know this address ({status}{said}).", remedy="Check the location.")
    if status in (408, 425, 429) or status >= 500:
        return _unavailable(f"{name} does not answer now ({status}{said}).")
    if 300 <= status < 400:
        return SourceUnreadable(
            f"{name} points to another address ({status}).",
            remedy="Give that address itself; credentials are not carried to another server.",
        )
    return QueryFailed(f"{name} refuses the question ({status}{said}).", remedy="Check the location and the options.")


def _unavailable(message: str) -> SourceUnavailable:
    return SourceUnavailable(
        message, remedy="Check that it runs and can be reached from here; the read goes on where it stopped."
    )


def _reason(error: Exception) -> str:
    text = str(error)
    for word, meaning in (("refused", "connection refused"), ("resol", "unknown host"), ("IncompleteRead", "cut off")):
        if word in text:
            return meaning
    return type(error).__name__


def _said(text: str, content_type: str) -> str:
    """Return what a server says about its refusal, in one short line: a GraphQL message or the text of a page."""
    if "json" in content_type:
        try:
            errors = json.loads(text)["errors"]
            text = "; ".join(str(error["message"]) for error in errors)
        except (ValueError, KeyError, TypeError):
            pass
    line = " ".join(unescape(_TAGS.sub(" ", text)).split())
    return f": {line[:LONGEST]}" if line else ""
