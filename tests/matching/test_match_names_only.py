"""A table that holds nothing but names: one column cannot show what chance looks like, the shipped parameters do."""

from __future__ import annotations

from random import Random

import pyarrow as pa

from matching import MatchColumn, match
from matching.columns import Kind
from schemas.types import SemanticType

LETTERS = "abdefgiklmnoprstuvz"


def test_names_written_nearly_the_same_are_asked_about() -> None:
    draw = Random(3)
    names = [" ".join("".join(draw.sample(LETTERS, 8)) for _ in range(2)) for _ in range(450)]
    twins = [name[:-1] for name in names[:40]]
    column = MatchColumn("name", SemanticType.ORGANIZATION_NAME, kind=Kind.ORGANIZATION)
    result = match(pa.table({"name": [*names, *names[40:60], *twins]}), [column])
    asked = {tuple(row.values())[:2] for row in result.review.to_pylist()}
    assert asked == {(k, 470 + k) for k in range(40)} | {(40 + k, 450 + k) for k in range(20)}
