"""Search without telling: a golden record is found only by values that whoever asks sees in clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from cdm.pipeline.search import Named
from cdm.pipeline.search_tokens import asked_prefixes, search_tokens
from cdm.security import Sight
from cdm.service.context import Context
from schemas.types import Privacy


def findable(context: Context, text: str, found: Sequence[Named]) -> list[Named]:
    """Return the hits that the principal could have found by what they see, in the order that follows from it.

    Args:
        context: the hub and who asks.
        text: what was typed.
        found: what it leads to.
    """
    if all(context.principal.sight(one) is Sight.CLEAR for one in Privacy):
        return list(found)
    words = asked_prefixes(text)
    seen = [replace(one, share=share) for one in found if (share := _share(context, text, words, one)) > 0]
    return sorted(seen, key=lambda one: (-one.share, one.golden_id))


def _share(context: Context, text: str, words: Sequence[Sequence[str]], one: Named) -> float:
    """Return how much was typed of what is seen of a golden record; 0 where it does not answer the question."""
    if one.share >= 1 and _named_by_key(context, text.strip(), one.golden_id):
        return 1.0
    entity = context.entity(one.entity)
    clear = context.mask.clear_fields(entity)
    values = {name: [value] for name, value in one.fields.items() if name in clear}
    tokens = search_tokens(entity, pa.table(values)).to_pylist()[0] if values else []
    shares = [
        max((len(p) / len(token) for p in word for token in tokens if token.startswith(p)), default=0.0)
        for word in words
    ]
    return max(shares) if shares and all(shares) else 0.0


def _named_by_key(context: Context, text: str, golden_id: str) -> bool:
    """Tell whether the text is the beginning of the id, or a key of one of the records that is seen."""
    if golden_id.startswith(text.lower()):
        return True
    records = context.hub.store.records.of_golden(golden_id)
    keys = [(r.source, context.mask.key(r.source, r.entity, r.key)) for r in records]
    return any(text in (key, f"{source}:{key}") for source, key in keys)
