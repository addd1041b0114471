"""What a database's refusal means, in our words and without the password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlalchemy.engine import URL

from connectors.errors import (
    QueryFailed,
    SourceDenied,
    SourceError,
    SourceNotFound,
    SourceUnavailable,
    SourceUnreadable,
)

_DENIED = re.compile(
    r"password authentication failed|no password supplied|pg_hba|role .* does not exist|access denied|login failed"
    r"|permission denied|invalid username|ORA-01017|not authorized",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(r"database .* does not exist|unknown database|cannot open database", re.IGNORECASE)
_DAMAGED = re.compile(r"not a database|malformed|could not decode|encrypted", re.IGNORECASE)
_DOWN = re.compile(
    r"connect|unable to open|locked|busy|timed? ?out|closed|gone away|lost|terminat|shutting down|starting up|refused"
    r"|network|resolve|too many clients|out of memory|ORA-12",
    re.IGNORECASE,
)
_DOWN_STATES = ("08", "53", "57")
"""SQLSTATE classes: connection exception, insufficient resources, operator intervention (ISO/IEC 9075, PostgreSQL)."""


@contextmanager
def database_errors(url: URL) -> Iterator[None]:
    """Translate every database error raised inside into a :class:`SourceError` naming the database."""
    try:
        yield
    except exc.DBAPIError as error:
        raise translate(error, url) from None
    except exc.SQLAlchemyError as error:
        raise QueryFailed(
            f"The database '{place(url)}' cannot be asked: {_first_line(str(error), url)}.",
            remedy="Check table, query, key and updated_at.",
        ) from None


def translate(error: exc.DBAPIError, url: URL) -> SourceError:
    """Return the error of ours that a driver's error means."""
    text = _first_line(str(error.orig), url)
    where = place(url)
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith("28") or state == "42501" or _DENIED.search(text):
        return SourceDenied(
            f"The database '{where}' refuses access: {text}.",
            remedy="Check user, password and the right to read this table.",
        )
    if state == "3D000" or _NOT_FOUND.search(text):
        return SourceNotFound(f"The database '{where}' does not exist: {text}.", remedy="Check the database's name.")
    if _DAMAGED.search(text):
        return SourceUnreadable(f"The database '{where}' cannot be read: {text}.", remedy="Check or restore the file.")
    if error.connection_invalidated or state.startswith(_DOWN_STATES) or (_connection_trouble(error) and not state):
        return SourceUnavailable(
            f"The database '{where}' does not answer: {text}.",
            remedy="Check that it runs and can be reached from here; the read goes on where it stopped.",
        )
    return QueryFailed(
        f"The database '{where}' refused the statement: {text}.", remedy="Check table, query and columns."
    )


def _connection_trouble(error: exc.DBAPIError) -> bool:
    return isinstance(error, (exc.OperationalError, exc.InterfaceError)) and bool(_DOWN.search(str(error.orig)))


def place(url: URL) -> str:
    """Return ``host:port/database`` (or the path of a database file): what to call the database in a message."""
    if url.get_backend_name() == "sqlite" or url.host is None:
        return url.database or url.get_backend_name()
    port = f":{url.port}" if url.port else ""
    return f"{url.host}{port}/{url.database or ''}"


def _first_line(text: str, url: URL) -> str:
    line = " ".join(text.partition("\n")[0].split()).rstrip(".")
    return line.replace(str(url.password), "***") if url.password else line
