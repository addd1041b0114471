"""Search before create."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import Field

from cdm.api.asking import Asking
from cdm.api.parameters import ColumnName, Text
from cdm.api.problems import problems
from cdm.service.matching import MatchAnswer
from cdm.service.shapes import Shape

router = APIRouter(tags=["match"])


class MatchRequest(Shape):
    """A half-filled customer."""

    fields: Mapping[ColumnName, Text] = Field(
        min_length=1,
        max_length=60,
        description="Field → value; a field may be named by any header the model knows (姓名, name, mobile …).",
        examples=[{"name": "王小明", "phone": "13812340001"}],
    )
    entity: str = Field("", pattern=r"^[a-z_]{0,60}$", description="Entity type; judged from the fields else.")
    limit: int = Field(10, ge=1, le=50, description="Golden records at most.")


@router.post("/match", responses=problems())
def match(desk: Asking, asked: MatchRequest) -> MatchAnswer:
    """Return the golden records a half-filled customer may already be, with the reasons; nothing is written."""
    return desk.match.find(asked.fields, asked.entity, asked.limit)
