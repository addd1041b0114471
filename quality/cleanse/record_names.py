"""Names of persons: full name and parts complete each other."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch, per_distinct
from quality.cleanse.contract import Cleansed
from quality.cleanse.distinct import CleansedColumn
from quality.cleanse.record_codes import PART_REPEATED, PARTS_SWAPPED
from quality.cleanse.registry import cleanser_for
from quality.cleanse.surnames import surname_of, surname_table
from quality.cleanse.western_name import ends_western
from schemas.types import SemanticType

_HAN = re.compile(r"[\u3400-\u9fff]+")


def complete_names(batch: Batch) -> None:
    """Put swapped parts right, and compose the full name of records that have only its parts.

    Args:
        batch: its ``full_name``, ``family_name``, ``given_name`` and ``name_pinyin`` change.
    """
    if "family_name" not in batch.fields and "given_name" not in batch.fields:
        return
    if batch.cleansed.get("family_name") and batch.cleansed.get("given_name"):
        _repair_parts(batch)
    _compose(batch)


def _repair_parts(batch: Batch) -> None:
    family, given = batch.text("family_name"), batch.text("given_name")
    chinese = pc.and_(_is_han(family), _is_han(given))
    rows = np.flatnonzero(pc.fill_null(chinese, False).to_numpy(zero_copy_only=False))
    if not len(rows):
        return
    at = pa.array(rows)
    pairs = list(zip(family.take(at).to_pylist(), given.take(at).to_pylist(), strict=True))
    swapped = np.array([are_swapped(*pair) for pair in pairs], dtype=bool)
    repeated = np.array([len(g) > len(f) and g.startswith(f) and surname_of(f) == f for f, g in pairs], dtype=bool)
    where = rows[swapped]
    turned = [pair for pair, wrong in zip(pairs, swapped, strict=True) if wrong]
    batch.replace("family_name", where, [g for _, g in turned], PARTS_SWAPPED)
    batch.replace("given_name", where, [f for f, _ in turned], PARTS_SWAPPED)
    repeated &= ~swapped
    kept = [g[len(f) :] for (f, g), again in zip(pairs, repeated, strict=True) if again]
    batch.replace("given_name", rows[repeated], kept, PART_REPEATED)


def are_swapped(family: str, given: str) -> bool:
    """Tell whether two Chinese name parts certainly stand in each other's place.

    Only where the given name is a common surname and the family name is none at all (family 晓明, given 王).
    """
    return given in surname_table().common and surname_of(family) != family and len(family) <= 3


def _is_han(values: pa.Array) -> pa.Array:
    return pc.match_substring_regex(values, r"^[\x{3400}-\x{9fff}]+$")


def _compose(batch: Batch) -> None:
    """Fill the full name, and from it the pinyin form."""
    parts = [_where_nameless(batch, name) for name in ("family_name", "given_name", "middle_name")]
    if all(part.null_count == batch.rows for part in parts[:2]):
        return
    composed = per_distinct(parts, _full_name)
    batch.fill("full_name", composed.single())
    pinyin = composed.part("pinyin")
    if pinyin is not None:
        batch.fill("name_pinyin", pinyin)
    _split_lonely(batch, composed)


def _where_nameless(batch: Batch, name: str) -> pa.Array:
    return pc.if_else(pc.is_null(batch.text("full_name")), batch.text(name), pa.scalar(None, pa.string()))


def _full_name(family: str | None, given: str | None, middle: str | None) -> Cleansed | None:
    if not family and not given:
        return None
    together = "".join(filter(None, (family, given)))
    chinese = _HAN.fullmatch(together) is not None
    text = together if chinese else " ".join(filter(None, (given, middle, family)))
    if family and given and ends_western(family):
        return Cleansed((text,))  # both parts are there, and no pinyin can come of it
    lonely = not (family and given)
    whole = together if lonely else text  # a middle initial is no given name
    understood = cleanser_for(SemanticType.PERSON_NAME)(whole, "CN" if chinese else "")
    parts = {name: understood.parts[name] for name in ("family", "given") if lonely and name in understood.parts}
    if "pinyin" in understood.parts and _agrees(understood, family, given, chinese):
        parts["pinyin"] = understood.parts["pinyin"]
    return Cleansed((text,), parts)


def _agrees(understood: Cleansed, family: str | None, given: str | None, chinese: bool) -> bool:
    """Use the pinyin form only where the name was understood as the record divides it."""
    if not chinese or not (family and given):
        return True
    return understood.parts.get("family") == family and understood.parts.get("given") == given


def _split_lonely(batch: Batch, composed: CleansedColumn) -> None:
    """A whole name in the column of one part (family 张伟, given empty) becomes both parts."""
    family, given = composed.part("family"), composed.part("given")
    if family is None or given is None:
        return
    whole = pc.and_(pc.is_valid(family), pc.is_valid(given))
    for name, part in (("family_name", family), ("given_name", given)):
        batch.fields[name] = pc.if_else(whole, part, batch.text(name))
