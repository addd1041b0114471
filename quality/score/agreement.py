"""How far the sources of one golden record agree."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.score.columns import Floats, array_of, scored_fields
from schemas.model import EntityType


def agreement_between_sources(table: pa.Table, groups: pa.Array, entity: EntityType, count: int) -> pa.Array:
    """Measure, per golden record, how far its source records say the same.

    Args:
        table: standardised columns of the source records.
        groups: the golden record of each row, as a number from 0; null leaves a row out.
        entity: the entity type; fields count by their weight, multi-valued fields are unions and do not count.
        count: number of golden records.

    Returns:
        float64 of length ``count``: for the fields that at least two records fill, the share of records that have the
        most frequent value, as a weighted mean; null where no field is filled twice.
    """
    of_row = pc.fill_null(groups.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    agreed, weight = np.zeros(count), np.zeros(count)
    for field in scored_fields(entity):
        if field.multi or field.name not in table.column_names:
            continue
        share = _share_of_mode(array_of(table, field.name), of_row, count)
        judged = ~np.isnan(share)
        agreed[judged] += field.weight * share[judged]
        weight[judged] += field.weight
    return pa.array(np.divide(agreed, weight, out=np.zeros(count), where=weight > 0), mask=weight == 0)


def _share_of_mode(values: pa.Array, groups: np.ndarray, count: int) -> Floats:
    encoded = pc.dictionary_encode(values)
    codes = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    known = (codes >= 0) & (groups >= 0)
    width = max(1, len(encoded.dictionary))
    pairs, times = np.unique(groups[known] * width + codes[known], return_counts=True)
    most, total = np.zeros(count), np.zeros(count)
    np.maximum.at(most, pairs // width, times)
    np.add.at(total, pairs // width, times)
    share: Floats = np.divide(most, total, out=np.full(count, np.nan), where=total > 1)
    return share
