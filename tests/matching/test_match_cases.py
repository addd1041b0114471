"""Pairs judged by hand: records as people type them go through cleansing and the engine at its defaults."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from cdm.pipeline.resolve import proven_identifiers
from matching import MatchResult, columns_of, match
from quality.cleanse.engine import cleanse_batch
from schemas.loader import builtin_model

CASES = Path(__file__).parents[1] / "cases"
TODAY = date(2026, 1, 1)


class Table:
    """The pairs of one entity type with the records they stand among, cleansed as one batch."""

    def __init__(self, entity: str) -> None:
        raw = yaml.safe_load((CASES / f"match_{entity}s.yaml").read_text(encoding="utf-8"))
        self.entity = builtin_model()[entity]
        self.cases: list[dict[str, Any]] = raw["cases"]
        self.background = len(raw["background"])
        records = [*raw["background"], *(case[side] for case in self.cases for side in ("left", "right"))]
        fields = sorted({name for record in records for name in record})
        columns = {name: [_text(record.get(name)) for record in records] for name in fields}
        cleansed = cleanse_batch(
            pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}),
            {name: [name] for name in fields},
            self.entity,
            today=TODAY,
        )
        self.values = cleansed.table.combine_chunks()
        self.identifiers = proven_identifiers(self.entity, self.values, cleansed.findings)

    def match(self, at: int) -> MatchResult:
        """Match the background and the pair of one case."""
        first = self.background + 2 * at
        rows = pa.array([*range(self.background), first, first + 1])
        table = self.values.take(rows)
        identifiers = self.identifiers.take(rows) if self.identifiers is not None else None
        return match(table, columns_of(self.entity, table), identifiers=identifiers)


def _text(value: str | list[str] | None) -> str | None:
    """Return one cell; several telephone numbers in one cell are typed one after the other."""
    return "；".join(value) if isinstance(value, list) else value


TABLES = {entity: Table(entity) for entity in ("person", "organization")}


def verdict(result: MatchResult, left: int, right: int) -> str:
    """Say what the engine does with a pair, in a steward's words."""
    if result.clusters[left] == result.clusters[right]:
        return "same"
    asked = {tuple(row.values())[:2] for row in result.review.to_pylist()}
    return "ask" if (left, right) in asked else "different"


def case_of(entity: str, at: int, case: dict[str, Any]) -> Any:
    """Return one case; one that is known to fail must say why, and must not pass unnoticed."""
    marks = [pytest.mark.xfail(reason=case["open"], strict=True)] if "open" in case else []
    return pytest.param(entity, at, id=case["case"], marks=marks)


@pytest.mark.parametrize(
    ("entity", "at"),
    [case_of(entity, at, case) for entity, table in TABLES.items() for at, case in enumerate(table.cases)],
)
def test_pair(entity: str, at: int) -> None:
    table = TABLES[entity]
    result = table.match(at)
    left, right = table.background, table.background + 1
    assert verdict(result, left, right) == table.cases[at]["expect"], result.explain(left, right)
    assert len(np.unique(result.clusters[:left])) == left
