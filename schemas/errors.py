"""The root of every error the hub raises on purpose.

``CdmError`` lives in the lowest room so that each room can raise its own branch of one tree; the tree is
drawn in :mod:`cdm.errors`.
"""

from __future__ import annotations

from typing import ClassVar


class CdmError(Exception):
    """Something the user can understand and act on.

    Args:
        message: one sentence naming what is wrong, with file, sheet, row, column and value where there are any.
        remedy: one sentence saying what to do next.
        values: the values that explain the error, for machines (API problem details, quarantine rows).
    """

    code: ClassVar[str] = "error"
    """Stable identifier, never reworded."""
    status: ClassVar[int] = 500
    """HTTP status the API answers with."""
    exit_code: ClassVar[int] = 1
    """Exit status of the command line."""
    retryable: ClassVar[bool] = False
    """True where the same call may succeed later without any change by the user."""

    def __init__(self, message: str, *, remedy: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.values = values

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ModelError(CdmError):
    """The customer information model is wrong; names file, field and remedy."""

    code, status, exit_code = "model_invalid", 422, 3


class MappingError(CdmError):
    """A mapping names a column, field or entity that does not exist or cannot be used."""

    code, status, exit_code = "mapping_invalid", 422, 3
