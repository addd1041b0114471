"""Groups come whole, wherever Spark cuts its batches."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.spark.batches import whole_groups


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 9), st.integers(1, 20))
def test_groups_come_whole(groups: list[int], batch: int, least: int) -> None:
    table = pa.table({"group": pa.array(sorted(groups), pa.int64())})
    parts = list(whole_groups(table.to_batches(max_chunksize=batch), "group", least))
    assert [v for part in parts for v in part.column("group").to_pylist()] == sorted(groups)
    seen = [set(part.column("group").to_pylist()) for part in parts]
    assert sum(len(one) for one in seen) == len(set().union(*seen))
