"""A golden state cut into portions that can be written one by one, each closed in itself.

Records that share a golden record, had shared one, or are linked stay in one portion. So every portion leaves the hub
in a consistent state, transactions stay short, and a steward who changed a few records holds up one portion only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cdm.store import Consolidation

Ints = npt.NDArray[np.int64]

PORTION = 5_000
"""Records per portion; one component larger than this is a portion of its own."""


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Records and golden records numbered together: records first, then golden ids."""

    records: pa.Array
    ids: pa.Array

    @property
    def count(self) -> int:
        return len(self.records) + len(self.ids)

    def of_records(self, column: pa.ChunkedArray | pa.Array) -> Ints:
        return _index(column, self.records)

    def of_ids(self, column: pa.ChunkedArray | pa.Array) -> Ints:
        return _index(column, self.ids) + len(self.records)


def portions(state: Consolidation, current: pa.Table, size: int = PORTION) -> Iterator[Consolidation]:
    """Cut a golden state into portions.

    Args:
        state: the state of a whole entity type.
        current: record_id, golden_id — the crosswalk it replaces.
        size: records per portion, about.

    Yields:
        Parts of the state with their ``scope``; together they are the whole.
    """
    nodes = _nodes(state, current)
    portion = _portions_of(_labels(nodes, state, current), len(nodes.records), size)
    cuts = _Cuts(state, nodes, portion)
    for number in range(int(portion.max(initial=-1)) + 1):
        yield cuts.part(number)


class _Cuts:
    """Everything in the state, sorted by portion once."""

    def __init__(self, state: Consolidation, nodes: _Nodes, portion: Ints) -> None:
        self.state = state
        strings = pa.string()
        redirects = pa.array([old for old, _ in state.redirects], strings)
        nothing = pa.array([], pa.int64())
        self.golden = _Sorted(portion[nodes.of_ids(state.golden["golden_id"])])
        self.members = _Sorted(portion[nodes.of_records(state.members["record_id"])])
        self.released = _Sorted(portion[nodes.of_records(pa.array(state.released, pa.int64()))])
        self.retired = _Sorted(portion[nodes.of_ids(pa.array(state.retired, strings))])
        self.redirects = _Sorted(portion[nodes.of_ids(redirects)])
        self.scope = _Sorted(portion[: len(nodes.records)])
        self.records = nodes.records
        ends = [nothing if t is None else t["left_id"] for t in (state.candidates, state.links)]
        self.candidates, self.links = (_Sorted(portion[nodes.of_records(end)]) for end in ends)

    def part(self, number: int) -> Consolidation:
        """Return one portion."""
        state = self.state
        return replace(
            state,
            golden=state.golden.take(self.golden[number]),
            members=state.members.take(self.members[number]),
            released=[state.released[i] for i in self.released[number].tolist()],
            retired=[state.retired[i] for i in self.retired[number].tolist()],
            redirects=[state.redirects[i] for i in self.redirects[number].tolist()],
            candidates=None if state.candidates is None else state.candidates.take(self.candidates[number]),
            links=None if state.links is None else state.links.take(self.links[number]),
            scope=self.records.take(pa.array(self.scope[number])).to_pylist(),
        )


class _Sorted:
    """Positions by portion, in their order."""

    def __init__(self, portion: Ints) -> None:
        self.order = np.argsort(portion, kind="stable")
        self.sorted = portion[self.order]

    def __getitem__(self, number: int) -> Ints:
        start, end = np.searchsorted(self.sorted, [number, number + 1])
        return np.asarray(self.order[start:end], dtype=np.int64)


def _nodes(state: Consolidation, current: pa.Table) -> _Nodes:
    records = [
        state.members["record_id"],
        current["record_id"],
        pa.chunked_array([pa.array(state.released, pa.int64())]),
    ]
    ids = [state.golden["golden_id"], current["golden_id"], pa.chunked_array([pa.array(state.retired, pa.string())])]
    return _Nodes(_distinct(records), _distinct(ids))


def _distinct(columns: Sequence[pa.ChunkedArray]) -> pa.Array:
    return pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks])).sort()


def _labels(nodes: _Nodes, state: Consolidation, current: pa.Table) -> Ints:
    """Return the component of every node."""
    left = [nodes.of_records(state.members["record_id"]), nodes.of_records(current["record_id"])]
    right = [nodes.of_ids(state.members["golden_id"]), nodes.of_ids(current["golden_id"])]
    for pairs in (state.candidates, state.links):
        if pairs is not None:
            left.append(nodes.of_records(pairs["left_id"]))
            right.append(nodes.of_records(pairs["right_id"]))
    if state.redirects:
        left.append(nodes.of_ids(pa.array([old for old, _ in state.redirects], pa.string())))
        right.append(nodes.of_ids(pa.array([new for _, new in state.redirects], pa.string())))
    a, b = np.concatenate(left), np.concatenate(right)
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(nodes.count, nodes.count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _portions_of(labels: Ints, records: int, size: int) -> Ints:
    """Return the portion of every node: components filled up one after the other in the order of their records."""
    count = int(labels.max(initial=-1)) + 1
    first = np.full(count, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(first, labels, np.arange(len(labels)))
    weight = np.maximum(np.bincount(labels[:records], minlength=count), 1)
    order = np.argsort(first, kind="stable")
    portion = np.empty(count, np.int64)
    portion[order] = (np.cumsum(weight[order]) - 1) // size
    dense = np.unique(portion, return_inverse=True)[1]
    return np.asarray(dense[labels], dtype=np.int64)


def _index(column: pa.ChunkedArray | pa.Array, values: pa.Array) -> Ints:
    found = pc.index_in(column, value_set=values)
    return np.asarray(
        found.to_numpy(zero_copy_only=False) if isinstance(found, pa.Array) else found.to_numpy(), np.int64
    )
