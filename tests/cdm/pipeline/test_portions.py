"""A golden state cut into portions: whole, closed, and small."""

from __future__ import annotations

import pyarrow as pa
from hub_pages import consolidation
from hypothesis import given
from hypothesis import strategies as st

from cdm.pipeline.portions import portions
from cdm.store import Consolidation

CURRENT = pa.schema([("record_id", pa.int64()), ("golden_id", pa.string())])


@st.composite
def states(draw: st.DrawFn) -> tuple[Consolidation, pa.Table]:
    """A state over up to twelve records, and the crosswalk it replaces."""
    records = draw(st.lists(st.integers(1, 12), unique=True))
    groups: dict[str, list[int]] = {}
    for record in records:
        groups.setdefault(f"g{draw(st.integers(0, 5))}", []).append(record)
    before = [(record, f"g{draw(st.integers(0, 7))}") for record in draw(st.lists(st.integers(1, 12), unique=True))]
    held = {golden for _, golden in before}
    ends = draw(st.lists(st.tuples(st.sampled_from(records), st.sampled_from(records)), max_size=4)) if records else []
    links = {"left_id": [min(p) for p in ends], "right_id": [max(p) for p in ends], "weight": [1.0] * len(ends)}
    state = consolidation(
        groups,
        released=sorted({record for record, _ in before} - set(records)),
        retired=sorted(held - set(groups)),
        links=pa.table(
            links, schema=pa.schema([("left_id", pa.int64()), ("right_id", pa.int64()), ("weight", pa.float64())])
        ),
    )
    return state, pa.Table.from_pylist([{"record_id": r, "golden_id": g} for r, g in before], schema=CURRENT)


@given(states(), st.integers(1, 4))
def test_portions_are_the_state_and_share_nothing(made: tuple[Consolidation, pa.Table], size: int) -> None:
    state, current = made
    parts = list(portions(state, current, size))
    for column in ("golden", "members", "links"):
        rows = [row for part in parts for row in getattr(part, column).to_pylist()]
        assert sorted(map(str, rows)) == sorted(map(str, getattr(state, column).to_pylist()))
    for name in ("released", "retired"):
        assert sorted(one for part in parts for one in getattr(part, name)) == sorted(getattr(state, name))
    home = dict(zip(*(current[name].to_pylist() for name in CURRENT.names), strict=True))
    touched = []
    for part in parts:
        scope = set(part.scope or ())
        assert {*part.members["record_id"].to_pylist(), *part.released} <= scope
        assert all({row["left_id"], row["right_id"]} <= scope for row in part.links.to_pylist())
        touched.append(
            (scope, {*part.golden["golden_id"].to_pylist(), *part.retired, *(home[r] for r in scope & set(home))})
        )
    for i, (scope, ids) in enumerate(touched):
        for other, others in touched[i + 1 :]:
            assert not scope & other
            assert not ids & others
