"""Search before create: which customers a half-filled one may already be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from cdm.pipeline.explanation.views import pair_view
from cdm.pipeline.search import Hit, SearchError, Similar
from cdm.pipeline.search.asked import kind_asked
from cdm.report.figures import RecordRef as Ref
from cdm.security import Right, Sight
from cdm.service.context import Context
from cdm.service.masks import sensitive
from cdm.service.shapes import Fields, RecordRef, Shape
from schemas.header import squash
from schemas.model import EntityType


class MatchHit(Fields):
    """A golden record the customer may be."""

    golden_id: str
    name: str
    probability: float = Field(description="That the customer is the same, 0–1.")
    record: RecordRef = Field(description="The source record that is most alike.")
    explanation: Mapping[str, Any] = Field(
        description="How the probability came about, field by field; `words` says it in Chinese and English."
    )


class MatchAnswer(Shape):
    """What was found, and how far was looked."""

    entity: str
    given: Fields = Field(description="The customer as it was understood.")
    ignored: Sequence[str] = Field(description="What was given but not used: fields the role does not see in clear.")
    hits: Sequence[MatchHit]
    model: str = Field(description="Version of the matching model.")
    compared: int
    left_out: int


class MatchDesk:
    """What a principal may ask before creating a customer.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._mask = context, context.mask

    def find(self, given: Mapping[str, str], entity: str = "", limit: int = 10) -> MatchAnswer:
        """Return the golden records a half-filled customer may be, the likeliest first.

        Only fields the principal sees in clear are used: an answer to others would tell them.

        Args:
            given: field → value; a field may be named by any header the model knows.
            entity: its entity type; judged where empty.
            limit: golden records at most.

        Raises:
            Forbidden: no right to match.
            SearchError: nothing usable is given, or a field is not known.
            SearchNotReadyError: the hub was never matched, or is being matched anew.
        """
        self._context.require(Right.MATCH)
        kind = kind_asked(self._context.hub, given, entity)
        used = {name: value for name, value in given.items() if self._clear(kind, name)}
        ignored = sorted(name for name, value in given.items() if value.strip() and name not in used)
        if not any(value.strip() for value in used.values()):
            raise SearchError(
                f"None of what is given may be searched by with this role: {', '.join(ignored)}.",
                remedy="Give fields the role sees in clear, or use a token with the scope 'personal'.",
                ignored=ignored,
            )
        found = self._context.finder(used, kind.name, limit=limit)
        self._note(kind, found)
        return MatchAnswer(
            entity=kind.name,
            given=self._mask.fields(kind, found.asked.values),
            ignored=ignored,
            hits=[self._hit(kind, one) for one in found.hits],
            model=found.model,
            compared=found.compared,
            left_out=found.left_out,
        )

    def _clear(self, kind: EntityType, name: str) -> bool:
        return self._mask.sight(kind, kind.by_header.get(squash(name), name)) is Sight.CLEAR

    def _hit(self, kind: EntityType, one: Hit) -> MatchHit:
        seen = self._mask.fields(kind, one.fields)
        key = self._mask.key(one.record.source, kind.name, one.record.key)
        view = pair_view(kind, one.explanation, Ref("", ""), Ref(one.record.source, key), mask=self._mask.text)
        return MatchHit(
            golden_id=one.golden_id,
            name=self._mask.name(kind, one.fields),
            probability=one.probability,
            record=RecordRef(source=one.record.source, key=key),
            explanation=view.document,
            fields=seen.fields,
            masked=seen.masked,
        )

    def _note(self, kind: EntityType, found: Similar) -> None:
        read = {one.golden_id: sensitive(kind, one.fields) for one in found.hits}
        self._context.readings.note(self._context.principal, read)
