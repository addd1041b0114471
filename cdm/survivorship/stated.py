"""What stewards stated outranks every source: which statement each golden record hears, and its values put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdm.store.documents import dump, load
from cdm.store.provenance import STATED_RECORD
from cdm.store.statements import Statement
from cdm.survivorship.ranking import Ints
from cdm.survivorship.reasons import STATED
from schemas.model import EntityType

Stated = Mapping[str, Mapping[str, tuple[Any, int]]]
"""Golden id → field → the value that is stated (``None`` for none) and the number of the statement."""
NOTHING: Stated = {}


def heard(
    statements: Sequence[Statement], record_ids: Ints, golden_ids: pa.Array, before: Sequence[pa.Table]
) -> Stated:
    """Tell what is stated about each golden record.

    Args:
        statements: those that hold.
        record_ids: source records.
        golden_ids: the golden record each of them is to belong to.
        before: record_id, golden_id — where records belong now, and what retired golden records had when they retired.

    Returns:
        Per golden record the values of its own statements, the newest first, then of those about retired golden records
        that had any of its source records.
    """
    if not statements:
        return NOTHING
    asked = pa.array(sorted({one.golden_id for one in statements}), pa.string())
    live = set(asked.filter(pc.is_in(asked, value_set=golden_ids)).to_pylist())
    heirs = _heirs(asked, record_ids, golden_ids, before)
    found: dict[str, dict[str, tuple[Any, int]]] = {}
    for inherited in (False, True):
        for one in sorted(statements, key=lambda one: -one.id):
            if (one.golden_id in live) is inherited:
                continue
            for target in sorted(heirs.get(one.golden_id, ())) if inherited else [one.golden_id]:
                known = found.setdefault(target, {})
                for field, value in one.values.items():
                    known.setdefault(field, (value, one.id))
    return found


def _heirs(asked: pa.Array, record_ids: Ints, golden_ids: pa.Array, before: Sequence[pa.Table]) -> dict[str, set[str]]:
    """Return where the source records of golden records are to be."""
    heirs: dict[str, set[str]] = {}
    for table in before:
        part = table.filter(pc.is_in(table["golden_id"], value_set=asked))
        at = pc.index_in(part["record_id"], value_set=pa.array(record_ids, pa.int64()))
        homes = golden_ids.take(pc.cast(at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at, pa.int64()))
        for old, new in zip(part["golden_id"].to_pylist(), homes.to_pylist(), strict=True):
            if new is not None:
                heirs.setdefault(old, set()).add(new)
    return heirs


def put_in(columns: dict[str, pa.Array], stated: Stated, ids: pa.Array, entity: EntityType) -> None:
    """Put stated values into golden columns.

    Args:
        columns: golden values by field, changed in place; a field no source has becomes a column.
        stated: what is stated.
        ids: the golden ids of the rows.
        entity: says which fields have several values.
    """
    rows = _rows(stated, ids)
    for field in sorted({field for one in rows for field in stated[one]}):
        multi = field in entity.fields and entity.fields[field].multi
        kind = pa.list_(pa.string()) if multi else pa.string()
        column = columns.get(field, pa.nulls(len(ids), kind))
        said = [(rows[one], stated[one][field][0]) for one in rows if field in stated[one]]
        source = np.arange(len(ids))
        source[[row for row, _ in said]] = len(ids) + np.arange(len(said))
        columns[field] = pa.concat_arrays([column, pa.array([value for _, value in said], column.type)]).take(
            pa.array(source)
        )


def cite(documents: pa.Array, stated: Stated, ids: pa.Array) -> pa.Array:
    """Return provenance documents that name the statements.

    Args:
        documents: JSON text per golden record.
        stated: what is stated.
        ids: the golden ids of the rows.
    """
    texts = documents.to_pylist()
    for one, row in _rows(stated, ids).items():
        document = load(texts[row])
        for field, (value, number) in stated[one].items():
            document.pop(field, None)
            if value is not None:
                document[field] = [STATED_RECORD, number, STATED, 0, 0]
        texts[row] = dump(document)
    return pa.array(texts, pa.string())


def _rows(stated: Stated, ids: pa.Array) -> dict[str, int]:
    """Return the rows of the golden records about which something is stated."""
    asked = pa.array(sorted(stated), pa.string())
    at = pc.index_in(asked, value_set=ids).to_pylist()
    return {one: row for one, row in zip(asked.to_pylist(), at, strict=True) if row is not None}
