"""Tables for matching tests: records as dictionaries of model fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.persons import FIELDS
from matching import MatchColumn, MatchResult, MatchSettings, columns_of, match
from schemas.loader import builtin_model
from schemas.types import MatchRole, SemanticType

Record = Mapping[str, Any]


def records_table(entity: str, records: Sequence[Record]) -> tuple[pa.Table, pa.Table]:
    """Return all matched fields of the model, and the identifiers, as columns."""
    fields = {**builtin_model()[entity].fields}
    columns, identifiers = {}, {}
    for name, field in fields.items():
        if field.match is MatchRole.NONE:
            continue
        values = [r.get(name) for r in records]
        if field.match is MatchRole.IDENTIFIER:
            identifiers[name] = pa.array(values, pa.string())
        elif field.multi:
            listed = [[v] if isinstance(v, str) else v for v in values]
            columns[name] = pa.array(listed, pa.list_(pa.string()))
        else:
            columns[name] = pa.array(values, pa.string())
    return pa.table(columns), pa.table(identifiers)


@pytest.fixture(scope="session")
def person_columns() -> list[MatchColumn]:
    """Every column of generated persons (``benchmarks.persons``) with its type."""
    types = (
        SemanticType.GIVEN_NAME,
        SemanticType.FAMILY_NAME,
        SemanticType.DATE,
        SemanticType.CITY,
        SemanticType.POSTCODE,
        SemanticType.EMAIL,
        SemanticType.PHONE,
    )
    return [MatchColumn(name, kind) for name, kind in zip(FIELDS, types, strict=True)]


@pytest.fixture
def match_records() -> Callable[..., MatchResult]:
    """Match records given as dictionaries."""

    def run(entity: str, records: Sequence[Record], settings: MatchSettings | None = None, **more: Any) -> MatchResult:
        table, identifiers = records_table(entity, records)
        columns = columns_of(builtin_model()[entity], table)
        return match(table, columns, identifiers=identifiers, settings=settings, **more)

    return run
