"""Small views on columns that scoring shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.model import EntityType, Field

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_NOT_OF_VALUES = pa.array(["placeholder", "required_missing", "suspicious_frequent"])
"""Findings about what is missing or shared: they count in other dimensions than validity."""


def about_values(findings: pa.Table) -> pa.Table:
    """Return the findings that say something about the validity of a value that is there."""
    return findings.filter(pc.invert(pc.is_in(findings.column("code"), _NOT_OF_VALUES)))


def scored_fields(entity: EntityType) -> tuple[Field, ...]:
    """Return the fields that count in the score."""
    return tuple(field for field in entity.fields.values() if field.weight > 0)


def array_of(table: pa.Table, name: str) -> pa.Array:
    """Return a column as one array; null everywhere where the table lacks it."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    column = table.column(name).combine_chunks()
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def filled(table: pa.Table, name: str) -> Mask:
    """Tell which rows have a value; an empty list or text is none."""
    values = array_of(table, name)
    present = pc.is_valid(values)
    size = pc.list_value_length(values) if pa.types.is_list(values.type) else pc.utf8_length(values)
    return mask_of(pc.and_(present, pc.fill_null(pc.greater(size, 0), False)))


def mask_of(condition: pa.Array) -> Mask:
    """Return a condition as a mask; unknown is false."""
    mask: Mask = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask
