"""A batch while it is being cleansed: field by field, then record by record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.distinct import CleansedColumn
from quality.cleanse.findings import Findings
from schemas.model import EntityType

Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Batch:
    """The columns made so far. ``fields``: one array per field; ``cleansed``: what the cleansers said, per field."""

    entity: EntityType
    rows: int
    default_country: str
    today: date
    fields: dict[str, pa.Array] = field(default_factory=dict)
    cleansed: dict[str, Sequence[CleansedColumn]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def knows(self, *names: str) -> bool:
        """Tell whether the entity type has all these fields."""
        return all(name in self.entity.fields for name in names)

    def text(self, name: str) -> pa.Array:
        """Return a single-valued field, null everywhere where it has no values yet."""
        present = self.fields.get(name)
        return pa.nulls(self.rows, pa.string()) if present is None else present

    def part(self, name: str, part: str) -> pa.Array | None:
        """Return a part of a field's values as its cleanser found it, from the first column that has it."""
        found = [p for column in self.cleansed.get(name, ()) if (p := column.part(part)) is not None]
        return pc.coalesce(*found) if found else None

    def countries(self) -> pa.Array | None:
        """Return each row's country code, null where it has none that is known."""
        own = self.fields.get("country")
        if own is None:
            return None
        return pc.if_else(pc.match_substring_regex(own, "^[A-Z]{2}$"), own, pa.scalar(None, pa.string()))

    def fill(self, name: str, values: pa.Array, code: Code | None = None) -> None:
        """Fill the empty cells of a field, and say so where there is something to say.

        Args:
            name: the field.
            values: text per row, null where there is nothing to fill in.
            code: the finding for rows that were filled.
        """
        if name not in self.entity.fields:
            return
        now = self.text(name)
        if code is not None:
            filled = pc.and_(pc.is_null(now), pc.is_valid(values))
            rows = np.flatnonzero(filled.to_numpy(zero_copy_only=False))
            self.findings.add(name, code, rows, values.take(pa.array(rows)))
        self.fields[name] = pc.coalesce(now, values)

    def replace(self, name: str, rows: npt.NDArray[np.int64], values: Sequence[str | None], code: Code) -> None:
        """Put other values into some rows of a field; the finding keeps the value that was there."""
        before = self.text(name)
        self.findings.add(name, code, rows, before.take(pa.array(rows)))
        mask = np.zeros(self.rows, dtype=bool)
        mask[rows] = True
        self.fields[name] = pc.replace_with_mask(before, pa.array(mask), pa.array(list(values), pa.string()))


def per_distinct(columns: Sequence[pa.Array], make: Callable[..., Cleansed | None]) -> CleansedColumn:
    """Make one value out of several columns, once per distinct combination.

    Args:
        columns: text columns of the same rows.
        make: called with one text or ``None`` per column; its ``None`` leaves the row empty.

    Returns:
        The results, and which of them belongs to which row.
    """
    known: dict[tuple[str | None, ...], int] = {}
    results: list[Cleansed] = []
    at = np.full(len(columns[0]), -1, dtype=np.int64)
    for row, key in enumerate(zip(*(column.to_pylist() for column in columns), strict=True)):
        position = known.get(key)
        if position is None:
            made = make(*key)
            position = known[key] = -1 if made is None else len(results)
            if made is not None:
                results.append(made)
        at[row] = position
    return CleansedColumn(at, [r.standard[0] if r.standard else "" for r in results], results)
