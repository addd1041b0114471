"""Golden records: get, list, search, look up, reveal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import Field

from cdm.api.asking import Asking
from cdm.api.parameters import AsOf, Entity, GoldenId, Key, SourceName
from cdm.api.problems import problems
from cdm.service.golden_shapes import GoldenHit, GoldenPage, GoldenView, Lookup, Revealed
from cdm.service.shapes import Shape
from cdm.store.golden_list import GoldenFilter

router = APIRouter(tags=["golden"])
_TIME = r"^(\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?Z)?)?$"
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]


class ListQuery(Shape):
    """Which golden records are listed."""

    after: str = Field("", max_length=64, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=500, description="How many at most.")
    entity: str = Field("", pattern=r"^[a-z_]{0,60}$", description="Only this entity type.", examples=["person"])
    source: str = Field("", pattern=r"^[\w.-]{0,60}$", description="Only with a record of this source.")
    records_from: int | None = Field(None, ge=1, le=1_000_000, description="Of so many source records or more.")
    quality_below: float | None = Field(None, ge=0, le=100, description="Quality score below this.")
    changed_since: str = Field("", pattern=_TIME, description="Changed then or later, UTC.", examples=["2026-05-01"])


class Reveal(Shape):
    """Which value is to be shown in clear, and why."""

    field: str = Field(min_length=1, max_length=60, examples=["national_id"])
    reason: str = Field(min_length=3, max_length=500, examples=["客户来电核实身份"])


@router.get("/golden", responses=problems(404))
def list_golden(desk: Asking, asked: Annotated[ListQuery, Query()]) -> GoldenPage:
    """List golden records in the order of their ids; every page begins behind `after`."""
    return desk.golden.list(GoldenFilter(**asked.model_dump()))


@router.get("/golden/search", responses=problems(404))
def search(
    desk: Asking,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Words.", examples=["王小明", "wxm", "0001"])],
    entity: Entity = "",
    limit: Limit = 20,
) -> Sequence[GoldenHit]:
    """Find golden records by pieces of names, initials, ends of numbers, ids; only by what the role sees in clear."""
    return desk.golden.search(q, entity, limit)


@router.get("/golden/{golden_id}", responses={304: {"description": "Not Modified"}, **problems(404, 409)})
def get(
    desk: Asking,
    response: Response,
    golden_id: GoldenId,
    as_of: AsOf = "",
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> GoldenView:
    """Return a golden record with its source records and the origin of every value; `ETag` is its version."""
    found = desk.golden.get(golden_id, as_of)
    tag = etag(found.version)
    if if_none_match is not None and not as_of and tag in if_none_match and found.id == golden_id:
        return Response(status_code=304, headers={"ETag": tag})  # type: ignore[return-value]
    response.headers["ETag"] = tag
    return found


@router.post("/golden/{golden_id}/reveal", responses=problems(404))
def reveal(desk: Asking, golden_id: GoldenId, said: Reveal) -> Revealed:
    """Show one masked value in clear, for a reason; it is audited."""
    return desk.golden.reveal(golden_id, said.field, said.reason)


@router.get("/lookup/{source}/{key:path}", responses=problems(404, 409))
def lookup(desk: Asking, source: SourceName, key: Key, as_of: AsOf = "") -> Lookup:
    """Return the golden id of a source record (crosswalk), now or then."""
    return desk.golden.lookup(source, key, as_of)


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'
