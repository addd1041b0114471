"""Cells carry what one process would have had, and their order keys sort as records sort."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching import MatchColumn
from matching.encode import encode
from matching.spark.cells import cells_of, content_order, encoded, order_keys
from schemas.types import SemanticType

TEXTS = st.text(st.characters(categories=("L", "N"), include_characters=" .'"), max_size=4)
COLUMN = st.lists(st.none() | st.lists(TEXTS, max_size=3), min_size=1, max_size=20)


@given(COLUMN)
def test_cells_bring_back_the_column(values: list[list[str] | None]) -> None:
    column = MatchColumn("phone", SemanticType.TEXT)
    before = encode(column, pa.table({"phone": pa.array(values, pa.list_(pa.string()))}))
    after = encoded(column, cells_of(before))
    assert after.values.tolist() == sorted(set(before.values[before.elements].tolist()))
    assert after.offsets.tolist() == before.offsets.tolist()
    assert after.values[after.elements].tolist() == before.values[before.elements].tolist()


@given(st.lists(st.tuples(st.none() | st.lists(TEXTS, max_size=3), st.none() | TEXTS), min_size=1, max_size=20))
def test_order_keys_sort_as_records_are_numbered(rows: list[tuple[list[str] | None, str | None]]) -> None:
    table = pa.table(
        {"a": pa.array([r[0] for r in rows], pa.list_(pa.string())), "b": pa.array([r[1] for r in rows], pa.string())}
    )
    columns = [encode(MatchColumn(name, SemanticType.TEXT), table) for name in ("a", "b")]
    ties = np.arange(len(rows))
    order = content_order(columns, ties)
    keys = [key.as_py() for key in order_keys([cells_of(one) for one in columns], len(rows))]
    assert sorted(range(len(rows)), key=lambda i: (keys[i], i)) == order.tolist()
