"""Unmapped columns that repeat others are no evidence of their own."""

from __future__ import annotations

import pyarrow as pa

from matching import MatchColumn, match
from schemas.types import SemanticType

COLUMNS = [
    MatchColumn("family_name", SemanticType.FAMILY_NAME),
    MatchColumn("given_name", SemanticType.GIVEN_NAME),
    MatchColumn("extra:called"),
    MatchColumn("extra:town"),
]


def people(called: list[str]) -> pa.Table:
    families, givens = ["Moor", "Hill", "Lake", "Ford", "Wood"], ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn"]
    rows = [(f, g) for f in families for g in givens]
    return pa.table(
        {
            "family_name": [f for f, _ in rows],
            "given_name": [g for _, g in rows],
            "extra:called": [pattern.format(f, g) for (f, g), pattern in zip(rows, called * 30, strict=False)],
            "extra:town": [("York", "Leeds", "Bath")[i % 3] for i in range(len(rows))],
        }
    )


def test_a_column_made_of_others_is_left_out() -> None:
    report = match(people(["{1} {0}", "{0} {1}", "{1}"]), COLUMNS).report
    assert "extra:called" in report.dropped
    assert "extra:town" in report.columns


def test_a_column_with_words_of_its_own_is_compared() -> None:
    report = match(people(["{1} junior", "{1} senior"]), COLUMNS).report
    assert "extra:called" in report.columns
