"""Pairs judged by hand: merged, asked about, or left alone, in a table of a few records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from matching import MatchResult

CASES = Path(__file__).parents[1] / "cases"


def load(entity: str) -> list[Any]:
    raw = yaml.safe_load((CASES / f"match_{entity}s.yaml").read_text(encoding="utf-8"))
    return [pytest.param(entity, raw["background"], case, id=case["case"]) for case in raw["cases"]]


@pytest.mark.parametrize(("entity", "background", "case"), [*load("person"), *load("organization")])
def test_pair(entity: str, background: list[Any], case: Any, match_records: Callable[..., MatchResult]) -> None:
    result = match_records(entity, [*background, case["left"], case["right"]])
    left, right = len(background), len(background) + 1
    asked = {(a, b) for a, b in zip(result.review["left"].to_pylist(), result.review["right"].to_pylist(), strict=True)}
    found = "merge" if result.clusters[left] == result.clusters[right] else "no"
    if found == "no" and (left, right) in asked:
        found = "review"
    why = result.explain(left, right)
    assert found == case["expect"], why
    assert len(set(result.clusters[: len(background)].tolist())) == len(background)
