"""What can go wrong while a source is read.

::

    SourceError                 source_error        exit 4
    ├─ UnknownConnector         connector_unknown   exit 2
    ├─ OptionsInvalid           source_options      exit 2
    ├─ DriverMissing            driver_missing
    ├─ SourceNotFound           source_not_found
    ├─ SourceDenied             source_denied
    ├─ SourceEmpty              source_empty
    ├─ SourceUnreadable         source_unreadable
    │  ├─ SourceEncrypted       source_encrypted
    │  ├─ SourceTooLarge        source_too_large
    │  ├─ WrongContent          source_content
    │  └─ WrongEncoding         source_encoding
    ├─ HeaderMissing            header_missing
    ├─ PartMissing              source_part_missing   (sheet, table)
    ├─ ColumnMissing            column_missing
    ├─ QueryFailed              query_failed
    └─ SourceUnavailable        source_unavailable  exit 5, retryable
"""

# ruff: noqa: N818 - the names say what is wrong, as the standard library's do where they are good

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from schemas.errors import CdmError


class SourceError(CdmError):
    """A source could not be read."""

    code, status, exit_code = "source_error", 422, 4


class UnknownConnector(SourceError):
    """No connector of this name is built in or installed, or none fits the location."""

    code, exit_code = "connector_unknown", 2


class OptionsInvalid(SourceError):
    """An option is unknown, has an impossible value, or the location cannot be understood."""

    code, exit_code = "source_options", 2


class DriverMissing(SourceError):
    """The database driver named by the URL is not installed."""

    code = "driver_missing"


class SourceNotFound(SourceError):
    """The file or database does not exist."""

    code, status = "source_not_found", 404


class SourceDenied(SourceError):
    """The file or database refuses access with these credentials."""

    code, status = "source_denied", 403


class SourceEmpty(SourceError):
    """The source holds nothing at all, not even a header."""

    code = "source_empty"


class SourceUnreadable(SourceError):
    """The content is damaged or not what it claims to be."""

    code = "source_unreadable"


class SourceEncrypted(SourceUnreadable):
    """The workbook is protected by a password."""

    code = "source_encrypted"


class SourceTooLarge(SourceUnreadable):
    """The content exceeds a safety limit, e.g. a zip bomb."""

    code = "source_too_large"


class WrongContent(SourceUnreadable):
    """The content is of another kind than this connector reads."""

    code = "source_content"


class WrongEncoding(SourceUnreadable):
    """The text is not in the encoding that was asked for."""

    code = "source_encoding"


class HeaderMissing(SourceError):
    """No row looks like a header."""

    code = "header_missing"


class PartMissing(SourceError):
    """The sheet or table that was asked for does not exist."""

    code, status = "source_part_missing", 404


class ColumnMissing(SourceError):
    """A column that was asked for does not exist."""

    code = "column_missing"


class QueryFailed(SourceError):
    """The database refused the statement."""

    code = "query_failed"


class SourceUnavailable(SourceError):
    """The source does not answer now; the same call may succeed later."""

    code, status, exit_code, retryable = "source_unavailable", 503, 5, True


def did_you_mean(wanted: str, known: Iterable[str], limit: int = 30) -> str:
    """Return a remedy naming the nearest of ``known`` to ``wanted``, then all of them (at most ``limit``)."""
    names = list(known)
    lowered = {name.casefold(): name for name in names}
    near = get_close_matches(wanted.casefold(), lowered, n=1, cutoff=0.6)
    listed = ", ".join(names[:limit]) + (", …" if len(names) > limit else "")
    there = f"There are: {listed}." if names else "There are none."
    return f"Did you mean '{lowered[near[0]]}'? {there}" if near else there
