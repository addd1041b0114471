"""Golden records for whoever asks: get, list, search, look up, reveal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdm.errors import CdmError, NotFound
from cdm.pipeline.golden import GoldenView as Found
from cdm.pipeline.golden import golden_view, in_model_order, parties
from cdm.pipeline.history import golden_id_then, golden_view_then, moment_of
from cdm.pipeline.search import search
from cdm.security import Right
from cdm.service.context import Context
from cdm.service.findable import findable
from cdm.service.golden_shapes import GoldenHit, GoldenItem, GoldenPage, GoldenView, Lookup, Revealed, ValueOrigin
from cdm.service.masks import sensitive
from cdm.service.shapes import Words
from cdm.store import Provenance
from cdm.store.audit import Act
from cdm.store.golden_list import GoldenFilter
from cdm.store.golden_list import GoldenItem as StoredItem
from cdm.survivorship import REASONS
from schemas.model import EntityType, Label


class RevealRefused(CdmError):  # noqa: N818 - says what is the matter
    """A value is not shown without a reason."""

    code, status, exit_code = "reveal_refused", 422, 2


class GoldenDesk:
    """What a principal may see of golden records.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._hub, self._mask = context, context.hub, context.mask

    def get(self, golden_id: str, as_of: str = "") -> GoldenView:
        """Return a golden record; a retired id leads to its successor.

        Args:
            golden_id: its id.
            as_of: a day, a time or a run's number: as it was then; now where empty.

        Raises:
            Forbidden: no right to read.
            NotFound: there is none, or it was split into several.
            NoMoment: ``as_of`` is neither a time nor a run.
        """
        self._context.require(Right.READ)
        hub = self._hub
        if as_of:
            return self._view(golden_view_then(hub, golden_id, moment_of(hub, as_of)))
        return self._view(golden_view(hub, golden_id, activities=False))

    def list(self, wanted: GoldenFilter) -> GoldenPage:
        """Return one page in the order of the ids.

        Raises:
            Forbidden: no right to read.
            NotFound: no such source, or no golden records of that entity type.
        """
        self._context.require(Right.READ)
        parties(self._hub, wanted.entity)
        found = self._hub.store.golden.list(wanted)
        items = [self._item(one) for one in found]
        self._note({one.id: (one.entity, one.fields) for one in found})
        return GoldenPage(items=items, next=found[-1].id if len(found) == wanted.limit else None)

    def search(self, text: str, entity: str = "", limit: int = 20) -> Sequence[GoldenHit]:
        """Return the golden records some words name, found only by what the principal sees in clear.

        Raises:
            Forbidden: no right to read.
            SearchError: nothing is asked for.
        """
        self._context.require(Right.READ)
        found = findable(self._context, text, search(self._hub, text, entity, limit=limit * 5 + 50))[:limit]
        self._note({one.golden_id: (one.entity, one.fields) for one in found})
        hits = []
        for one in found:
            kind = self._context.entity(one.entity)
            seen = self._mask.fields(kind, one.fields)
            hits.append(
                GoldenHit(
                    id=one.golden_id,
                    entity=one.entity,
                    name=self._mask.name(kind, one.fields),
                    share=one.share,
                    fields=seen.fields,
                    masked=seen.masked,
                )
            )
        return hits

    def lookup(self, source: str, key: str, as_of: str = "") -> Lookup:
        """Return the golden id of a source record, now or at another moment.

        Raises:
            Forbidden: no right to read, or the source's keys are not seen in clear.
            NotFound: there is no such source or record, or it belongs to no golden record.
        """
        self._context.require(Right.READ)
        self._mask.must_see_keys(source)
        if as_of:
            found = golden_id_then(self._hub, source, key, moment_of(self._hub, as_of))
            return Lookup(source=source, key=key, golden_id=found, version=None)
        found = self._hub.store.crosswalk.lookup(source, key)
        return Lookup(source=source, key=key, golden_id=found, version=self._hub.store.golden.version(found))

    def reveal(self, golden_id: str, field: str, reason: str) -> Revealed:
        """Return one value in clear to somebody who else sees it in part or not at all; it is audited.

        Raises:
            Forbidden: no right to reveal.
            RevealRefused: no reason is given.
            NotFound: there is no such golden record, or it has no such value.
        """
        self._context.require(Right.REVEAL)
        if len(reason.strip()) < 3:
            raise RevealRefused("A reason is needed to see this value.", remedy="Say why you need it.", field=field)
        golden = golden_view(self._hub, golden_id, activities=False).golden
        if field not in golden.fields:
            raise NotFound(f"The golden record {golden.id} has no value of '{field}'.", field=field)
        act = Act(self._context.principal.name, "revealed", golden.id, {"field": field, "reason": reason.strip()})
        self._hub.store.audit.add(act, self._hub.now())
        return Revealed(golden_id=golden.id, field=field, value=golden.fields[field])

    def _view(self, found: Found) -> GoldenView:
        golden, kind = found.golden, self._context.entity(found.golden.entity)
        read = {golden.id: (golden.entity, golden.fields)}
        self._note(read | {f"{r.source}:{r.key}": (r.entity, r.fields) for r in found.records})
        ordered = dict(in_model_order(kind, golden.fields))
        seen = self._mask.fields(kind, ordered)
        return GoldenView(
            asked=found.asked,
            id=golden.id,
            entity=golden.entity,
            label=Words.of(kind.label),
            name=self._mask.name(kind, golden.fields),
            version=golden.version,
            fields=seen.fields,
            masked=seen.masked,
            records=[self._mask.record(one) for one in found.records],
            provenance={name: [self._origin(kind, one) for one in golden.provenance.get(name, ())] for name in ordered},
            score=golden.score,
            quality=golden.score.get("total") if golden.score else None,
            changed_at=golden.changed_at,
            retired_at=golden.retired_at,
        )

    def _item(self, one: StoredItem) -> GoldenItem:
        kind = self._context.entity(one.entity)
        seen = self._mask.fields(kind, one.fields)
        return GoldenItem(
            id=one.id,
            entity=one.entity,
            name=self._mask.name(kind, one.fields),
            version=one.version,
            records=one.members,
            quality=one.score_total,
            changed_at=one.changed_at,
            fields=seen.fields,
            masked=seen.masked,
        )

    def _origin(self, kind: EntityType, one: Provenance) -> ValueOrigin:
        return ValueOrigin(
            source=one.source,
            key=self._mask.key(one.source, kind.name, one.key),
            place=self._mask.place(one.source, kind.name, one.origin),
            updated_at=one.updated_at,
            why=one.why,
            reason=reason_words(one.why),
            records=one.records,
            differing=one.differing,
            stated_by=one.stated_by,
            stated_at=one.stated_at,
            stated_reason=self._mask.note(one.stated_reason),
            statement=one.version if one.stated_by else None,
        )

    def _note(self, read: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        found = {subject: sensitive(self._context.entity(e), fields) for subject, (e, fields) in read.items()}
        self._context.readings.note(self._context.principal, found)


def reason_words(code: str) -> Words:
    """Return the words of a reason code."""
    return Words.of(REASONS.get(code, Label(code, code)))
