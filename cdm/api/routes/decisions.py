"""Merge, keep apart, split, edit, undo; each step names the versions that were seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from pydantic import AwareDatetime, Field, StringConstraints

from cdm.api.asking import Asking
from cdm.api.parameters import ColumnName, Entity, GoldenId, Text, Why
from cdm.api.problems import problems
from cdm.errors import CdmError
from cdm.service import Desk
from cdm.service.decisions import DecisionView, StepOutcome
from cdm.service.shapes import RecordRef, Shape

router = APIRouter(tags=["decisions"])
Id = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
VersionNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
IfMatch = Annotated[
    str | None, Header(max_length=200, description="`ETag` of the golden record that was seen.", examples=['"3"'])
]
_ETAG = re.compile(r'"(\d{1,9})"')


class VersionMissing(CdmError):  # noqa: N818 - says what is the matter
    """It is not said which version was seen (RFC 6585)."""

    code, status, exit_code = "version_missing", 428, 2


class Together(Shape):
    """Golden records in the versions that were seen."""

    golden: Mapping[Id, VersionNumber] = Field(
        min_length=2,
        max_length=50,
        description="Golden id → version that was seen.",
        examples=[{"0196a1c2-7b3e-7c10-9d55-0f5b1e2a3c4d": 1, "0196a1c2-7b3e-7c10-9d55-0f5b1e2a3c4e": 2}],
    )
    reason: Why = ""


class Split(Shape):
    """Which source records become golden records of their own."""

    parts: Sequence[Sequence[RecordRef]] = Field(min_length=1, max_length=50, description="Each part becomes one.")
    version: VersionNumber | None = Field(None, description="Version that was seen; or send If-Match.")
    reason: Why = ""


class EditValues(Shape):
    """What is stated of a golden record."""

    values: Mapping[ColumnName, Text | Sequence[Text]] = Field(
        default_factory=dict, max_length=60, examples=[{"phone": ["13812340001"], "city": "杭州"}]
    )
    cleared: Sequence[ColumnName] = Field(default=(), max_length=60, description="Fields that have no value.")
    until: AwareDatetime | None = Field(None, description="When the statement ends by itself.")
    version: VersionNumber | None = Field(None, description="Version that was seen; or send If-Match.")
    reason: Why = ""


class Reason(Shape):
    """Why something is taken back."""

    reason: Why = ""


@router.get("/decisions", responses=problems())
def decisions(
    desk: Asking,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**31, description="Only those before this number.")] = None,
    entity: Entity = "",
) -> Sequence[DecisionView]:
    """List what stewards decided and stated, the newest first, withdrawn ones too."""
    return desk.decisions.page(limit, before, entity)


@router.post("/golden/merge", responses=problems(404, 409))
def merge(desk: Asking, said: Together) -> StepOutcome:
    """Say that golden records are one customer, and merge them."""
    return desk.decisions.merge(said.golden, said.reason)


@router.post("/golden/separate", responses=problems(404, 409))
def separate(desk: Asking, said: Together) -> StepOutcome:
    """Say that golden records are different customers; nobody is asked again."""
    return desk.decisions.separate(said.golden, said.reason)


@router.post("/golden/{golden_id}/split", responses=problems(404, 409, 412, 428))
def split(desk: Asking, golden_id: GoldenId, said: Split, if_match: IfMatch = None) -> StepOutcome:
    """Take a golden record apart; records named in no part stay together."""
    version = _seen(desk, golden_id, said.version, if_match)
    return desk.decisions.split(golden_id, version, said.parts, said.reason)


@router.post("/golden/{golden_id}/edit", responses=problems(404, 409, 412, 428))
def edit(desk: Asking, golden_id: GoldenId, said: EditValues, if_match: IfMatch = None) -> StepOutcome:
    """State golden values; they outrank every source until taken back."""
    version = _seen(desk, golden_id, said.version, if_match)
    values = {name: [value] if isinstance(value, str) else value for name, value in said.values.items()}
    until: datetime | None = said.until
    return desk.decisions.edit(golden_id, version, values, cleared=said.cleared, until=until, reason=said.reason)


@router.post("/decisions/{number}/undo", responses=problems(404, 409))
def undo(desk: Asking, number: Annotated[int, Path(ge=1, le=2**31)], said: Reason | None = None) -> StepOutcome:
    """Withdraw a decision or a statement, as if it had not been."""
    return desk.decisions.undo(number, said.reason if said else "")


def _seen(desk: Desk, golden_id: str, version: int | None, if_match: str | None) -> int:
    """Return the version that was seen; with ``If-Match`` another present one is answered with 412."""
    tag = _ETAG.search(if_match or "")
    if tag is not None:
        desk.decisions.must_be(golden_id, int(tag[1]))
        return int(tag[1])
    if version is None:
        raise VersionMissing(
            "It is not said which version of the golden record was seen.",
            remedy="Send its ETag as If-Match, or its version in the body.",
        )
    return version
