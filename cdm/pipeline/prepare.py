"""Raw rows → routed → cleansed: the part that ingest, preview and one-shot deduplication share."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.contract import CleansedBatch
from schemas.mapping import MIXED, Mapping
from schemas.model import Model

if TYPE_CHECKING:
    from quality.cleanse.column import ColumnContext

PERSON, ORGANIZATION = "person", "organization"
Contexts = MappingType[str, MappingType[str, "ColumnContext"]]
"""Entity type → source column → what the whole column shows."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one entity type out of a raw batch; ``batch`` is aligned with ``rows``, their raw positions."""

    entity: str
    rows: np.ndarray
    batch: CleansedBatch


def prepare(
    raw: pa.Table, mapping: Mapping, model: Model, *, country: str, today: date, contexts: Contexts | None = None
) -> Iterator[Prepared]:
    """Route the rows of ``raw`` to their entity types and cleanse them.

    Args:
        raw: text columns as a connector delivers them.
        mapping: which column is which field.
        country: ISO 3166 alpha-2 code for records that name no country.
        today: the day against which dates are judged.
        contexts: what whole columns show; inferred from ``raw`` where it is not given.

    Yields:
        One batch per entity type that occurs.
    """
    from quality.cleanse.engine import cleanse_batch

    for entity, rows in route(raw, mapping):
        part = raw if len(rows) == raw.num_rows else raw.take(pa.array(rows))
        batch = cleanse_batch(
            part,
            mapping.fields_of(entity),
            model[entity],
            default_country=country,
            today=today,
            contexts=contexts.get(entity) if contexts is not None else None,
        )
        yield Prepared(entity, rows, batch)


def contexts_of(sample: pa.Table, mapping: Mapping, model: Model, country: str) -> Contexts:
    """Return what whole columns show (day or month first, whose telephone numbers …), for reading a source in pages."""
    from quality.cleanse.column import infer_contexts

    return {
        entity: infer_contexts(
            sample.take(pa.array(rows)), mapping.fields_of(entity), model[entity], default_country=country
        )
        for entity, rows in route(sample, mapping)
    }


def route(raw: pa.Table, mapping: Mapping) -> Iterator[tuple[str, np.ndarray]]:
    """Yield (entity, row positions); a table of one entity type is one part, a mixed one up to two."""
    rows = np.arange(raw.num_rows)
    if mapping.entity != MIXED:
        yield mapping.entity, rows
        return
    company = _is_organization(raw, mapping)
    for entity, chosen in ((PERSON, rows[~company]), (ORGANIZATION, rows[company])):
        if len(chosen):
            yield entity, chosen


def _is_organization(raw: pa.Table, mapping: Mapping) -> np.ndarray:
    """Judge each row of a mixed table: by its type column where that speaks, else by its name."""
    by_name = _by_name(raw, mapping)
    if mapping.route is None or mapping.route.column not in raw.column_names:
        return by_name
    words = pc.utf8_lower(pc.utf8_trim_whitespace(raw.column(mapping.route.column))).to_pylist()
    meaning = {value.strip().lower(): entity for value, entity in mapping.route.values.items()}
    said = [meaning.get(word) if word else None for word in words]
    return np.array(
        [guess if word is None else word == ORGANIZATION for word, guess in zip(said, by_name, strict=True)]
    )


def _by_name(raw: pa.Table, mapping: Mapping) -> np.ndarray:
    from quality.cleanse.party import route_party

    names = _first_text(raw, mapping.fields_of(ORGANIZATION).get("name", []))
    own = _first_text(
        raw, [c for f in ("full_name", "family_name", "given_name") for c in mapping.fields_of(PERSON).get(f, [])]
    )
    judged = np.array(route_party(pc.coalesce(own, names)).to_pylist(), dtype=object)
    nameless = pc.is_null(own).to_numpy(zero_copy_only=False) & pc.is_valid(names).to_numpy(zero_copy_only=False)
    organizations: np.ndarray = (judged == ORGANIZATION) | nameless
    return organizations


def _first_text(raw: pa.Table, columns: list[str]) -> pa.ChunkedArray | pa.Array:
    """Return, row by row, the first of ``columns`` that is not empty."""
    present = [raw.column(name) for name in dict.fromkeys(columns) if name in raw.column_names]
    return pc.coalesce(*present) if present else pa.nulls(raw.num_rows, pa.string())
