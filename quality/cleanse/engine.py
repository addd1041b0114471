"""Cleansing a batch: columns of raw text in, columns of standard values and findings out.

Every value is looked at once per distinct text (and country, where the type depends on it); whole columns decide what
single values cannot; records fill one field from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch
from quality.cleanse.column import UNSAID, ColumnContext, infer_contexts
from quality.cleanse.constraints import check_constraints
from quality.cleanse.contract import Cleansed, CleansedBatch
from quality.cleanse.distinct import CleansedColumn, cleanse_column, gather
from quality.cleanse.frequency import flag_frequent
from quality.cleanse.placeholders import is_placeholder
from quality.cleanse.record import complete_records
from quality.cleanse.record_codes import SEVERAL_VALUES, VALUE_NOT_USED
from quality.cleanse.record_country import country_from_address, country_from_phone
from quality.cleanse.registry import cleanser_for, cleanser_of, depends_on_country
from schemas.model import EntityType, Field
from schemas.types import SemanticType

_JOINED = frozenset(
    {
        SemanticType.PERSON_NAME,
        SemanticType.GIVEN_NAME,
        SemanticType.FAMILY_NAME,
        SemanticType.ORGANIZATION_NAME,
        SemanticType.ADDRESS,
        SemanticType.STREET,
        SemanticType.HOUSE_NUMBER,
        SemanticType.TEXT,
    }
)
"""Types of which several columns are one text written in pieces; of all others the first filled column counts."""
_PIECES = ("year", "month", "day")
"""A date may be kept in three columns; the mapping names them in this order."""
_MOSTLY = 0.95
_TELLS_COUNTRY = {"address": country_from_address, "phone": country_from_phone}
_CLEANSED_AGAIN = frozenset({SemanticType.CATEGORY, SemanticType.HOUSE_NUMBER})
"""Types whose parts are written as the larger value has them (李四先生, 88号) and still need their own cleanser."""


def cleanse_batch(
    raw: pa.Table,
    mapping_fields: Mapping[str, Sequence[str]],
    entity: EntityType,
    *,
    default_country: str = "CN",
    today: date,
    contexts: Mapping[str, ColumnContext] | None = None,
) -> CleansedBatch:
    """Cleanse a batch of records of one entity type.

    Args:
        raw: text columns as a connector delivers them, one row per record.
        mapping_fields: field → source columns, as ``Mapping.fields_of`` gives them; a column ``raw`` lacks is empty.
        entity: the entity type.
        default_country: ISO alpha-2 code for records that name no country.
        today: the day against which dates are judged.
        contexts: what whole columns show, from :func:`quality.cleanse.column.infer_contexts` over a larger part of the
            source; inferred from this batch where it is not given.

    Returns:
        Standard values, one column per field that has any, in the order of the model; and the findings.
    """
    present = {
        name: [column for column in columns if column in raw.column_names] for name, columns in mapping_fields.items()
    }
    if contexts is None:
        contexts = infer_contexts(raw, present, entity, default_country=default_country)
    batch = Batch(entity, raw.num_rows, default_country, today)
    for name in sorted(filter(present.get, present), key=_stage):
        _cleanse_field(batch, entity[name], [(c, raw.column(c)) for c in present[name]], contexts)
        if name in _TELLS_COUNTRY and "country" in entity.fields:
            _TELLS_COUNTRY[name](batch)
    _derive(batch)
    complete_records(batch)
    check_constraints(batch)
    flag_frequent(batch)
    return CleansedBatch(_table(batch), batch.findings.table())


def _stage(name: str) -> int:
    """Cleanse first what tells the record's country, by which the other fields are read."""
    first = ("country", *_TELLS_COUNTRY)
    return first.index(name) if name in first else len(first)


def standardise(values: pa.Array | pa.ChunkedArray, semantic_type: SemanticType, country: str = "CN") -> pa.Array:
    """Standardise one column on its own.

    Args:
        values: text.
        semantic_type: what the values mean.
        country: ISO alpha-2 code by whose habits they are read.

    Returns:
        The first standard form of each value as text, null where there is none.
    """
    return cleanse_column(_cells(values), None, country, cleanser_for(semantic_type)).single()


def _cells(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return one array of text; cells of nothing but white space are null."""
    array = pa.concat_arrays(values.chunks) if isinstance(values, pa.ChunkedArray) and values.num_chunks else values
    if isinstance(array, pa.ChunkedArray):
        return pa.nulls(0, pa.string())
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    array = array.cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(array), ""), pa.scalar(None, pa.string()), array)


def _cleanse_field(
    batch: Batch, field: Field, columns: Sequence[tuple[str, pa.ChunkedArray]], contexts: Mapping[str, ColumnContext]
) -> None:
    """Cleanse all columns of one field into one column."""
    cells = [(name, _cells(values)) for name, values in columns]
    if field.type is SemanticType.DATE and len(cells) == len(_PIECES) and all(_is_piece(values) for _, values in cells):
        cells = [(cells[0][0], _in_one(*(values for _, values in cells)))]
    elif not field.multi and len(cells) > 1 and field.type in _JOINED:
        cells = [(cells[0][0], _join([values for _, values in cells]))]
    countries = batch.countries() if depends_on_country(field.type) else None
    cleansed: list[CleansedColumn] = []
    for name, values in cells:
        context = contexts.get(name, UNSAID)
        column = cleanse_column(
            values, countries, context.country or batch.default_country, cleanser_of(field, context, batch.today)
        )
        batch.findings.add_column(field.name, column)
        cleansed.append(column)
    batch.cleansed[field.name] = cleansed
    batch.fields[field.name] = gather(cleansed) if field.multi else _first(batch, field, cleansed)


def _is_piece(column: pa.Array) -> bool:
    """Tell whether a column holds years, months or days, not whole dates."""
    whole = pc.match_substring_regex(pc.drop_null(pc.unique(column)), r"^\s*\d{1,4}(\.0*)?\s*$")
    return len(whole) > 0 and pc.sum(whole).as_py() >= _MOSTLY * len(whole)


def _in_one(*pieces: pa.Array) -> pa.Array:
    """Join year, month and day with hyphens; a date without a year is none."""
    numbers = [pc.replace_substring_regex(pc.utf8_trim_whitespace(piece), r"\.0*$", "") for piece in pieces]
    year = pc.match_substring_regex(numbers[0], r"^\d{4}$")
    joined = pc.binary_join_element_wise(*numbers, "-", null_handling="skip")
    return pc.if_else(pc.fill_null(year, False), joined, pa.scalar(None, pa.string()))


def _join(columns: Sequence[pa.Array]) -> pa.Array:
    """Join pieces by a space; pieces that say nothing or repeat an earlier one are left out."""
    kept = [columns[0]]
    for column in columns[1:]:
        encoded = pc.dictionary_encode(column)
        said = [None if is_placeholder(text) else text for text in encoded.dictionary.to_pylist()]
        piece = pa.array(said, pa.string()).take(encoded.indices)
        for earlier in kept:
            repeated = pc.fill_null(pc.equal(piece, earlier), False)
            piece = pc.if_else(repeated, pa.scalar(None, pa.string()), piece)
        kept.append(piece)
    # A last piece that is never null: Arrow 26 leaves out rows in which every piece is skipped.
    end = pa.array([""] * len(columns[0]), pa.string())
    joined = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(*kept, end, pa.scalar(" "), null_handling="skip"))
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def _first(batch: Batch, field: Field, cleansed: Sequence[CleansedColumn]) -> pa.Array:
    """Take the first value of a single-valued field, and say which values were left."""
    value = cleansed[0].single()
    for column in cleansed:
        several = [i for i, result in enumerate(column.results) if len(result.standard) > 1]
        rows = np.flatnonzero(np.isin(column.at, several)) if several else np.empty(0, np.int64)
        texts = pa.array([column.texts[column.at[row]] for row in rows], pa.string())
        batch.findings.add(field.name, SEVERAL_VALUES, rows, texts)
    for column in cleansed[1:]:
        other = column.single()
        unused = np.flatnonzero(pc.fill_null(pc.not_equal(value, other), False).to_numpy(zero_copy_only=False))
        batch.findings.add(field.name, VALUE_NOT_USED, unused, other.take(pa.array(unused)))
        value = pc.coalesce(value, other)
    return value


def _derive(batch: Batch) -> None:
    """Fill fields that the model derives from parts of others."""
    for field in batch.entity.fields.values():
        if field.derived is None:
            continue
        part = batch.part(field.derived.field, field.derived.part)
        if part is None:
            continue
        if field.type in _CLEANSED_AGAIN:
            part = cleanse_column(part, None, batch.default_country, cleanser_of(field, UNSAID, batch.today)).single()
        if field.multi:
            part = CleansedColumn(*_as_lists(part)).several()
        present = batch.fields.get(field.name)
        batch.fields[field.name] = part if present is None else pc.coalesce(present, part)


def _as_lists(part: pa.Array) -> tuple[np.ndarray, list[str], list[Cleansed]]:
    encoded = pc.dictionary_encode(part)
    texts = encoded.dictionary.to_pylist()
    at = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return at, texts, [Cleansed((text,)) for text in texts]


def _table(batch: Batch) -> pa.Table:
    """Return the columns that have a value, in the order of the model."""
    filled = {
        name: batch.fields[name]
        for name in batch.entity.fields
        if name in batch.fields and batch.fields[name].null_count < batch.rows
    }
    if not filled:
        return pa.table({"": pa.nulls(batch.rows)}).select([])
    return pa.table(filled)
