"""Push records of a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import Field

from cdm.api.asking import Asking
from cdm.api.parameters import ColumnName, SourceName, Text
from cdm.api.problems import problems
from cdm.service.push import Pushed
from cdm.service.shapes import Shape

router = APIRouter(tags=["records"])
MOST = 5_000
"""Rows of one request."""
_EXAMPLE = [{"user_id": "U9", "name": "王小明", "mobile": "13812340001"}]


class PushRequest(Shape):
    """Records as the source writes them."""

    records: Sequence[Mapping[ColumnName, Text | int | float | bool | None]] = Field(
        min_length=1,
        max_length=MOST,
        description="Column → value, columns as the source's mapping names them. Numbers that are read digit by digit "
        "(telephone numbers, keys) are sent as texts.",
        examples=[_EXAMPLE],
    )


@router.post("/records/{source}", responses=problems(404, 409))
def push(
    desk: Asking,
    source: SourceName,
    sent: PushRequest,
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=r"^[\x21-\x7e]{1,200}$",
            description="Names this sending: repeating it with the same records changes nothing and is answered alike.",
            examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
        ),
    ] = None,
) -> Pushed:
    """Send records of a source; each is told what became of it. The next run matches and merges what was accepted.

    They are cleansed and stored as any reading of the source does it; a row without a usable key goes to quarantine.
    """
    return desk.push.records(source, sent.records, idempotency_key or "")
