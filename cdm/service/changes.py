"""The change feed, masked for whoever follows it."""

from __future__ import annotations

from pydantic import Field

from cdm.security import Right
from cdm.service.context import Context
from cdm.service.masks import sensitive
from cdm.service.shapes import Fields, RecordRef, Shape
from cdm.store.events import GONE, Event


class ChangeView(Fields):
    """One change of one golden record, and what it looked like afterwards."""

    seq: int
    at: str
    run_id: int
    entity: str
    golden_id: str
    kind: str = Field(description="`created`, `updated`, `split`, `merged`, `retired` or `restored`.")
    gone: bool = Field(description="A copy holds the golden record no more after this.")
    version: int
    related: list[str]
    decision_id: int | None
    members: list[RecordRef]
    changed: list[str]


class ChangePage(Shape):
    """Changes in their order; ask for those since ``next`` for more."""

    changes: list[ChangeView]
    next: int = Field(description="Number to ask from the next time.")
    last: int = Field(description="Number of the newest change there is.")


class ChangesDesk:
    """What a principal may follow.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._mask = context, context.mask

    def since(self, seq: int = 0, limit: int = 500, entity: str = "") -> ChangePage:
        """Return the changes after a number; raises ``Forbidden``."""
        self._context.require(Right.FEED)
        events = self._context.hub.store.events
        last = events.last()
        found = list(events.since(seq, limit=limit, entity=entity or None))
        read = {one.golden_id: sensitive(self._context.entity(one.entity), one.fields) for one in found}
        self._context.readings.note(self._context.principal, read)
        end = found[-1].seq if found else seq
        # Of one entity type the numbers have gaps: where nothing more came, all up to the newest was seen.
        upto = max(end, last) if len(found) < limit else end
        return ChangePage(changes=[self._change(one) for one in found], next=upto, last=max(last, end))

    def _change(self, one: Event) -> ChangeView:
        kind = self._context.entity(one.entity)
        seen = self._mask.fields(kind, one.fields)
        return ChangeView(
            seq=one.seq,
            at=one.at,
            run_id=one.run_id,
            entity=one.entity,
            golden_id=one.golden_id,
            kind=one.kind.value,
            gone=one.kind in GONE,
            version=one.version,
            related=list(one.related),
            decision_id=one.decision_id,
            members=[RecordRef(source=s, key=self._mask.key(s, one.entity, key)) for s, key in one.members],
            changed=list(one.changed),
            fields=seen.fields,
            masked=seen.masked,
        )
