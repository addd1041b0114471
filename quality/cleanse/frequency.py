"""Values that too many different customers share to be their own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch
from quality.cleanse.record_codes import FREQUENT
from schemas.types import EntityKind, SemanticType

_JUDGED = frozenset(
    {SemanticType.PHONE, SemanticType.EMAIL, SemanticType.DATE, SemanticType.NATIONAL_ID, SemanticType.TAX_ID}
    | {SemanticType.IDENTIFIER, SemanticType.LEI}
)
_AT_LEAST = 20
_SHARE = 0.005


def flag_frequent(batch: Batch) -> None:
    """Flag a value that customers of more than 20 different names (and 0.5 % of the rows) have.

    Args:
        batch: cleansed and completed; only its findings change.
    """
    names = batch.fields.get("full_name", batch.fields.get("name"))
    threshold = max(_AT_LEAST, _SHARE * batch.rows)
    if batch.entity.kind is not EntityKind.PARTY or names is None or batch.rows <= threshold:
        return
    name_codes = pc.fill_null(pc.dictionary_encode(names).indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    for field in batch.entity.fields.values():
        if field.type in _JUDGED and field.name in batch.fields:
            _flag(batch, field.name, name_codes, threshold)


def _flag(batch: Batch, field: str, names: npt.NDArray[np.int64], threshold: float) -> None:
    values, rows = batch.fields[field], np.arange(batch.rows)
    if pa.types.is_list(values.type):
        rows = pc.list_parent_indices(values).to_numpy(zero_copy_only=False).astype(np.int64)
        values = pc.list_flatten(values)
    encoded = pc.dictionary_encode(values)
    codes = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    known = (codes >= 0) & (names[rows] >= 0)
    pairs = np.unique(codes[known] * (names.max(initial=0) + 1) + names[rows][known])
    spread = np.bincount(pairs // (names.max(initial=0) + 1), minlength=len(encoded.dictionary))
    often = np.flatnonzero(spread > threshold)
    places = np.flatnonzero(np.isin(codes, often))
    batch.findings.add(field, FREQUENT, rows[places], values.take(pa.array(places)))
