"""Find golden records by what somebody types: a piece of a name, its initials, the end of a number, an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.search.asked import SearchError
from cdm.pipeline.search_tokens import asked_prefixes, search_tokens

if TYPE_CHECKING:
    from cdm.store import Store

LOOKED_AT = 500
"""Tokens looked at per word; of a word that begins more of them, those closest to it are found."""


@dataclass(frozen=True, slots=True)
class Named:
    """One golden record that some words name.

    Attributes:
        golden_id: its id.
        entity: its entity type.
        fields: its golden values, not masked.
        share: how much of what it was found by was typed, 0-1; 1 where all of it was.
    """

    golden_id: str
    entity: str
    fields: Mapping[str, Any]
    share: float


def search(hub: Hub, text: str, entity: str = "", *, limit: int = 20) -> list[Named]:
    """Find golden records by words all of which they have.

    Args:
        hub: the open hub.
        text: pieces of names (any Chinese characters in a row, beginnings of words, pinyin, its initials), the end of a
            telephone number, e-mail addresses, identifiers, a golden id, or ``key`` or ``source:key`` of a record.
        entity: only this entity type.
        limit: golden records at most.

    Returns:
        The closest first: those of which most was typed, then the shortest names.

    Raises:
        SearchError: nothing is asked for.
        ModelError, NotFound: there are no golden records of that type.
    """
    words = asked_prefixes(text)
    if not words:
        raise SearchError(
            "Nothing is asked for.", remedy="Type a piece of a name, its pinyin initials, or the end of a number."
        )
    parties(hub, entity)
    _complete(hub)
    share = dict.fromkeys(hub.store.search.by_key(text.strip(), limit, entity), 1.0)
    for one in hub.store.search.find(words, LOOKED_AT, entity):
        typed = max(len(p) for word in words for p in word if one.token.startswith(p))
        share[one.golden_id] = max(share.get(one.golden_id, 0.0), typed / len(one.token))
    least = min(sorted(share.values(), reverse=True)[:limit], default=1.0)
    values = hub.store.golden.typed_values([one for one, much in share.items() if much >= least])
    found = [Named(i, kind, fields, share[i]) for i, (kind, fields) in values.items()]
    return sorted(found, key=lambda one: (-one.share, len(name_of(one.fields)), one.golden_id))[:limit]


def name_of(fields: Mapping[str, Any]) -> str:
    """Return what a golden record is called."""
    return str(fields.get("full_name") or fields.get("name") or "")


_COMPLETE: WeakSet[Store] = WeakSet()
"""Open stores of which it is known that all golden records have what they are found by."""


def _complete(hub: Hub) -> None:
    """Give the golden records of a hub that a former release wrote what they are found by."""
    if hub.store in _COMPLETE:
        return
    for one in () if hub.store.search.is_complete() else parties(hub):
        batch = hub.store.golden.read(one)
        tokens = search_tokens(one, batch.fields).to_pylist() if batch.fields.num_columns else []
        hub.store.search.complete(dict(zip(batch.index["golden_id"].to_pylist(), tokens, strict=False)))
    _COMPLETE.add(hub.store)
