"""Identifiers that prove something, and those that do not."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from quality.cleanse.codes import all_codes
from quality.cleanse.engine import cleanse_batch
from quality.cleanse.proof import UNPROVEN, proven_values
from schemas.loader import builtin_model


def test_only_verified_numbers_prove():
    numbers = ["11010519491231002X", "110105********002X", "E12345678", "110105194912310021", "584-16-0130", None]
    raw = pa.table({"n": ["张三"] * 6, "i": numbers})
    batch = cleanse_batch(
        raw, {"full_name": ["n"], "national_id": ["i"]}, builtin_model()["person"], today=date(2026, 1, 15)
    )
    ids = batch.table.column("national_id").combine_chunks()
    assert ids.to_pylist()[4] == "584160130"
    assert proven_values(ids, "national_id", batch.findings).to_pylist() == ["11010519491231002X", *[None] * 5]


def test_every_unproven_code_exists():
    assert set(all_codes()) >= UNPROVEN
