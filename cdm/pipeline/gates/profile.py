"""What a reading of a source looks like in figures: rows, rows that cannot be records, fields that are filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdm.store.documents import from_documents
from cdm.store.page import usable
from schemas.model import Model


@dataclass(frozen=True, slots=True)
class Profile:
    """Figures of a page or of a whole reading; they add up."""

    rejected: int = 0
    """Rows that cannot be records."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """Entity type → rows."""
    filled: Mapping[str, int] = field(default_factory=dict)
    """``entity.field`` → rows that have a value."""

    @classmethod
    def of(cls, records: pa.Table, rejected: int, model: Model) -> Profile:
        """Return the profile of a page.

        Args:
            records: columns as :data:`cdm.store.page.RECORD_PAGE`.
            rejected: rows of the page the connector refused.
            model: says which fields hold lists.
        """
        unusable = sum(not usable(key) for key in records.column("key").to_pylist())
        rows: Counter[str] = Counter()
        filled: Counter[str] = Counter()
        entities = records.column("entity")
        for entity in pc.unique(entities).to_pylist():
            documents = records.filter(pc.equal(entities, entity)).column("fields").combine_chunks()
            rows[entity] += len(documents)
            columns = from_documents(documents, model[entity])
            for name in columns.column_names:
                filled[f"{entity}.{name}"] += len(documents) - columns.column(name).null_count
        return cls(rejected + unusable, dict(rows), dict(filled))

    @classmethod
    def total(cls, profiles: Iterable[Profile]) -> Profile:
        """Add profiles up."""
        rejected, rows, filled = 0, Counter[str](), Counter[str]()
        for one in profiles:
            rejected += one.rejected
            rows.update(one.rows)
            filled.update(one.filled)
        return cls(rejected, dict(rows), dict(filled))

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Profile:
        """Return what :meth:`as_json` wrote."""
        return cls(document["rejected"], document["rows"], document["filled"])

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept with a run."""
        return {"rejected": self.rejected, "rows": dict(self.rows), "filled": dict(self.filled)}

    @property
    def count(self) -> int:
        """Rows of all entity types."""
        return sum(self.rows.values())

    def empty_share(self, name: str) -> float:
        """Return the share of rows without a value in ``entity.field``, 0 to 1; there is at least one row."""
        return 1 - self.filled.get(name, 0) / self.rows[name.partition(".")[0]]

    @property
    def rejected_share(self) -> float:
        """Share of rows that cannot be records, 0 to 1."""
        return self.rejected / all_rows if (all_rows := self.count + self.rejected) else 0.0
