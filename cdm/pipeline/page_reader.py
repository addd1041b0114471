"""A page of raw rows as the store takes it: keyed, routed, cleansed, with its origins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.pipeline.prepare import Contexts, Prepared, contexts_of, prepare
from cdm.store.documents import content_hashes, finding_documents, to_documents
from cdm.store.page import RECORD_PAGE
from schemas.mapping import Mapping
from schemas.model import Model

if TYPE_CHECKING:
    from cdm.pipeline.hub import Hub

OCCURRED_AT = "occurred_at"


@dataclass(frozen=True, slots=True)
class PageReader:
    """Turns the pages of one source into records; a value that can be sent to another process.

    ``contexts`` is what its whole columns show (day or month first …) and ``today`` the day against which dates are
    judged, so that every page is read alike.
    """

    mapping: Mapping
    model: Model
    country: str
    today: date
    contexts: Contexts

    @classmethod
    def of(cls, hub: Hub, mapping: Mapping, sample: pa.Table) -> PageReader:
        """Return a reader that has looked at a sample of the source."""
        country = hub.settings.country
        contexts = contexts_of(sample, mapping, hub.model, country)
        return cls(mapping, hub.model, country, hub.now().date(), contexts)

    def records(self, raw: pa.Table, origins: pa.Array) -> pa.Table:
        """Return the rows of a raw page as records (``cdm.store.page.RECORD_PAGE``), in their order."""
        if raw.num_rows == 0:
            return RECORD_PAGE.empty_table()
        documents = to_documents(raw)
        party = self.mapping.party.column if self.mapping.party else None
        given = (
            self._keys(raw, documents),
            origins,
            documents,
            self._times(_column(raw, self.mapping.updated_at)),
            _column(raw, party),
        )
        blocks, order = [], []
        parts = prepare(raw, self.mapping, self.model, country=self.country, today=self.today, contexts=self.contexts)
        for part in parts:
            rows = pa.array(part.rows)
            order.append(part.rows)
            blocks.append(_block(part, [column.take(rows) for column in given]))
        return pa.concat_tables(blocks).take(pa.array(np.argsort(np.concatenate(order), kind="stable")))

    def _times(self, values: pa.Array) -> pa.Array:
        """Standardise the times at which the source says its records changed."""
        from quality.cleanse.engine import standardise
        from schemas.types import SemanticType

        return standardise(values, SemanticType.DATETIME, self.country)

    def _keys(self, raw: pa.Table, documents: pa.Array) -> pa.Array:
        """Return the key column, or a hash of the content where the source has no key."""
        if self.mapping.key is not None:
            return _column(raw, self.mapping.key)
        return pa.array(content_hashes(documents), pa.string())


class Occurrences:
    """Tells equal rows of a source without a key apart by their number: two equal order lines are two order lines."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def number(self, records: pa.Table) -> pa.Table:
        """Return the records of the next page with a key each of its own."""
        keys = []
        for key in records.column("key").to_pylist():
            self._seen[key] += 1
            keys.append(key if self._seen[key] == 1 else f"{key}-{self._seen[key]}")
        return records.set_column(0, "key", pa.array(keys, pa.string()))


def _block(part: Prepared, given: Sequence[pa.Array]) -> pa.Table:
    keys, origins, raw, updated, party = given
    cleansed, count = part.batch.table, len(part.rows)
    columns = {
        "key": keys,
        "entity": pa.array([part.entity] * count, pa.string()),
        "origin": origins,
        "raw": raw,
        "fields": to_documents(cleansed) if cleansed.num_columns else pa.array(["{}"] * count),
        "findings": finding_documents(part.batch.findings, count),
        "updated_at": updated,
        "party_key": party,
        "occurred_at": _column(cleansed, OCCURRED_AT, count),
    }
    return pa.table(list(columns.values()), schema=RECORD_PAGE)


def _column(table: pa.Table, name: str | None, count: int | None = None) -> pa.Array:
    if name is None or name not in table.column_names:
        return pa.nulls(table.num_rows if count is None else count, pa.string())
    return pc.utf8_trim_whitespace(table.column(name).combine_chunks())
