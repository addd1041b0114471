"""Records that programs send."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from cdm.pipeline.push import Row
from cdm.security import Right
from cdm.service.context import Context
from cdm.service.shapes import Shape


class PushedRow(Shape):
    """What became of one row."""

    row: int = Field(description="Its place in the request, from 1.")
    key: str | None
    status: str = Field(description="`created`, `updated`, `unchanged`, or `quarantined` with the reason.")
    code: str
    reason: str


class Pushed(Shape):
    """What became of a request; the next run matches and merges what was accepted."""

    run_id: int
    source: str
    accepted: int
    quarantined: int
    rows: Sequence[PushedRow]


class PushDesk:
    """What a principal may send.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def records(self, source: str, rows: Sequence[Row], key: str = "") -> Pushed:
        """Take in records of a source; with a ``key``, repeating the request changes nothing and is answered alike.

        Raises:
            Forbidden: no right to push.
            NotFound: there is no such source.
            PushRefused, KeyReused, SourceError: see :class:`cdm.pipeline.push.Pushing`.
        """
        self._context.require(Right.PUSH)
        return Pushed(**self._context.pushing(source, rows, self._context.principal.name, key))
