"""What the model demands of values: required, allowed, of a pattern."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch
from quality.cleanse.contract import Code
from quality.cleanse.record_codes import BIRTH_DATE_IMPLAUSIBLE, NOT_ALLOWED, PATTERN_MISMATCH, REQUIRED_MISSING
from schemas.model import Field


def check_constraints(batch: Batch) -> None:
    """Add a finding for every value, or missing value, that breaks a rule of the model.

    Args:
        batch: cleansed and completed; only its findings change.
    """
    for field in batch.entity.fields.values():
        if field.required:
            _check_required(batch, field)
        if field.name in batch.fields and (field.allowed or field.pattern):
            _check_values(batch, field)
    _check_birth_date(batch)


def _check_required(batch: Batch, field: Field) -> None:
    values = batch.fields.get(field.name)
    missing = np.arange(batch.rows) if values is None else np.flatnonzero(_mask(pc.is_null(values)))
    batch.findings.add(field.name, REQUIRED_MISSING, missing, pa.array([""] * len(missing), pa.string()))


def _check_values(batch: Batch, field: Field) -> None:
    values = batch.fields[field.name]
    rows = np.arange(batch.rows)
    if pa.types.is_list(values.type):
        rows = pc.list_parent_indices(values).to_numpy(zero_copy_only=False)
        values = pc.list_flatten(values)
    encoded = pc.dictionary_encode(values)
    pattern = re.compile(field.pattern) if field.pattern else None
    codes = [_broken(text, field, pattern) for text in encoded.dictionary.to_pylist()]
    at = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    known = batch.findings.rows_with_error(field.name)
    for code in (NOT_ALLOWED, PATTERN_MISMATCH):
        wrong = [i for i, found in enumerate(codes) if found is code]
        places = np.flatnonzero(np.isin(at, wrong)) if wrong else np.empty(0, np.int64)
        places = places[[int(rows[place]) not in known for place in places]] if len(places) else places
        batch.findings.add(field.name, code, rows[places], values.take(pa.array(places)))


def _broken(text: str, field: Field, pattern: re.Pattern[str] | None) -> Code | None:
    if field.allowed and text not in field.allowed:
        return NOT_ALLOWED
    if pattern is not None and not pattern.search(text):
        return PATTERN_MISMATCH
    return None


def _check_birth_date(batch: Batch) -> None:
    """Nobody is born later than today; other dates may lie in the future."""
    born = batch.fields.get("birth_date")
    if born is None:
        return
    iso = pc.match_substring_regex(born, r"^\d{4}-\d\d-\d\d$")
    later = pc.and_(iso, pc.greater(born, batch.today.isoformat()))
    rows = np.flatnonzero(_mask(later))
    batch.findings.add("birth_date", BIRTH_DATE_IMPLAUSIBLE, rows, born.take(pa.array(rows)))


def _mask(condition: pa.Array) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask
