"""The proposed mapping on tables as companies have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from connectors.mapping import propose_mapping
from schemas.loader import builtin_model
from schemas.mapping import MIXED, Mapping
from schemas.mapping_check import validate

CASES: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parents[1] / "cases" / "mapping.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,  # every cell is text, as a connector gives it
)


def table_of(case: dict[str, Any]) -> pa.Table:
    columns = list(zip(*case["rows"], strict=True))
    return pa.table(
        {
            name: pa.array([value or None for value in values], pa.string())
            for name, values in zip(case["columns"], columns, strict=True)
        }
    )


def written(mapping: Mapping) -> dict[str, str]:
    """The mapping in the writing of the case table."""
    found = {}
    for column in mapping.columns:
        if mapping.entity == MIXED and column.targets:
            both = (column.targets.get("person", "-"), column.targets.get("organization", "-"))
            found[column.column] = " / ".join(both)
        elif column.targets:
            found[column.column] = column.targets[mapping.entity]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_table_is_mapped_as_a_steward_would(case: dict[str, Any]) -> None:
    table = table_of(case)
    mapping = propose_mapping(table, builtin_model(), source_hint=case.get("hint", ""))
    assert mapping.entity == case["entity"]
    assert written(mapping) == case["expect"]
    assert [c.column for c in mapping.columns] == table.column_names
    assert mapping.key == case.get("key")
    assert mapping.updated_at == case.get("updated_at")
    assert (mapping.route.column if mapping.route else None) == case.get("route")
    validate(mapping, builtin_model(), table.column_names)
