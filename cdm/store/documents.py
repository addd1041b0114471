"""JSON documents of the store and the columns they stand for.

A document holds one row: field → text, or list of texts; nulls and empty lists are left out and keys are sorted, so
that equal rows are equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from schemas.model import EntityType

_SORTED = orjson.OPT_SORT_KEYS
AT_A_TIME = 20_000
"""Rows that are turned into Python's objects at a time, which take many times the memory of columns."""


def dump(value: object) -> str:
    """Return ``value`` as canonical JSON text."""
    return orjson.dumps(value, option=_SORTED).decode()


def load(text: str) -> Any:
    """Return what a JSON text of the store says."""
    return orjson.loads(text)


def to_documents(table: pa.Table) -> pa.Array:
    """Return one JSON document per row.

    Args:
        table: columns of type ``string`` or ``list<string>``.

    Returns:
        A ``string`` array as long as the table.
    """
    names = sorted(table.column_names)
    if not names:
        return pa.array(["{}"] * table.num_rows, pa.string())
    parts = [_documents(table.slice(start, AT_A_TIME), names) for start in range(0, table.num_rows, AT_A_TIME)]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())


def _documents(table: pa.Table, names: Sequence[str]) -> pa.Array:
    rows = zip(*(table[name].to_pylist() for name in names), strict=True)
    texts = [orjson.dumps({n: v for n, v in zip(names, row, strict=True) if v is not None and v != []}) for row in rows]
    return pa.array(texts, pa.binary()).cast(pa.string())


def from_documents(documents: pa.Array, entity: EntityType | None = None) -> pa.Table:
    """Return the columns that a number of documents stand for; the inverse of :func:`to_documents`.

    Args:
        documents: ``string`` array of JSON documents.
        entity: its multi-valued fields become ``list<string>`` columns; any other field becomes ``string``. Without it
            a field is a list where its first value is one.

    Returns:
        One column per field that occurs, model fields first in model order, then others by name.
    """
    rows = [orjson.loads(text) for text in documents.to_pylist()]
    samples: dict[str, object] = {}
    for row in rows:
        if not samples.keys() >= row.keys():
            samples = {**row, **samples}
    known = list(entity.fields) if entity else []
    names = [n for n in known if n in samples] + sorted(samples.keys() - set(known))
    columns = {n: pa.array([row.get(n) for row in rows], _type(n, samples[n], entity)) for n in names}
    return pa.table(columns) if columns else _empty(len(rows))


def no_documents(entity: EntityType) -> pa.Table:
    """Return the columns of no document at all: every field of the model, without rows."""
    return pa.table({name: pa.array([], _type(name, None, entity)) for name in entity.fields})


def finding_documents(findings: pa.Table, rows: int) -> pa.Array:
    """Return the findings of a cleansed batch as one JSON list per row.

    Args:
        findings: columns row (int), field, code, severity, value, in any order of rows.
        rows: number of rows of the batch.

    Returns:
        A ``string`` array of length ``rows``; ``[]`` where nothing was found.
    """
    texts = ["[]"] * rows
    grouped: dict[int, list[dict[str, object]]] = {}
    for finding in findings.to_pylist():
        grouped.setdefault(finding.pop("row"), []).append(finding)
    for row, found in grouped.items():
        texts[row] = dump(found)
    return pa.array(texts, pa.string())


def invalid_fields(findings: pa.Array) -> pa.Array:
    """Return, per JSON list of findings, the fields that have one of severity ``error``, as ``list<string>``."""
    doubtful = pc.fill_null(pc.match_substring(findings, '"error"'), False).to_pylist()
    fields: list[list[str]] = [[]] * len(findings)
    for row, text in enumerate(findings.to_pylist()):
        if doubtful[row]:
            fields[row] = sorted({f["field"] for f in orjson.loads(text) if f["severity"] == "error"})
    return pa.array(fields, pa.list_(pa.string()))


def content_hashes(*columns: pa.Array | pa.ChunkedArray) -> list[str]:
    """Return a 128-bit XXH3 hash (32 hexadecimal digits) per row over several text columns; null counts as empty."""
    joined = pc.binary_join_element_wise(*columns, "\x1f", null_handling="replace", null_replacement="")
    return [xxhash.xxh3_128_hexdigest(text) for text in joined.cast(pa.binary()).to_pylist()]


def _type(name: str, sample: object, entity: EntityType | None) -> pa.DataType:
    multi = entity.fields[name].multi if entity and name in entity.fields else isinstance(sample, list)
    return pa.list_(pa.string()) if multi else pa.string()


def _empty(rows: int) -> pa.Table:
    return pa.table({"_": pa.nulls(rows)}).select([])
