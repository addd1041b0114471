"""Laws of golden ids."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdm.identity import Assignment, assign, mint_at

START = datetime(2026, 1, 1, tzinfo=UTC)
Partition = Iterable[Iterable[int]]


class Book:
    """The store's part, in memory: who belongs to which id now, who did when an id was retired."""

    def __init__(self) -> None:
        self.current: dict[int, tuple[str, int]] = {}
        self.former: dict[str, tuple[frozenset[int], int]] = {}
        self.live: set[str] = set()
        self.issued: list[str] = []
        self.run = 0

    def apply(self, partition: Partition, seed: int = 0) -> Assignment:
        """Assign ids to a partition and remember the outcome, as one run does."""
        self.run += 1
        result = self.propose(partition, seed)
        golden = dict(zip(result.record_ids.tolist(), result.golden_ids.to_pylist(), strict=True))
        left: dict[str, set[int]] = {}
        for record, (identity, since) in list(self.current.items()):
            now = golden.get(record)
            if now != identity:
                left.setdefault(identity, set()).add(record)
            if now is None:
                del self.current[record]
            else:
                self.current[record] = (now, since if now == identity else self.run)
        for record, identity in golden.items():
            self.current.setdefault(record, (identity, self.run))
        self.live = set(golden.values())
        for identity in result.retired:
            self.former[identity] = (frozenset(left.get(identity, ())), self.run)
        for identity in self.live:
            self.former.pop(identity, None)
        self.issued += sorted(self.live - set(self.issued))
        return result

    def propose(self, partition: Partition, seed: int = 0) -> Assignment:
        """Assign ids without remembering; the order of records and the labels of clusters depend on the seed."""
        rows = [(record, label) for label, members in enumerate(partition) for record in members]
        random.Random(seed).shuffle(rows)
        labels = {label: 7 * number for number, label in enumerate(dict.fromkeys(label for _, label in rows))}
        return assign(
            np.array([record for record, _ in rows], np.int64),
            np.array([labels[label] for _, label in rows], np.int64),
            current=table(((r, g, s) for r, (g, s) in sorted(self.current.items())), "since_run_id"),
            former=table(((r, g, u) for g, (rs, u) in sorted(self.former.items()) for r in sorted(rs)), "until_run_id"),
            live=pa.array(sorted(self.live), pa.string()),
            mint=mint_at(START + timedelta(seconds=self.run), bytes),
        )

    def ids(self) -> dict[frozenset[int], str]:
        """Return the partition as it stands: members → id."""
        members: dict[str, set[int]] = {}
        for record, (identity, _) in self.current.items():
            members.setdefault(identity, set()).add(record)
        return {frozenset(records): identity for identity, records in members.items()}


def table(rows: Iterable[tuple[int, str, int]], run: str) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    types = {"record_id": pa.int64(), "golden_id": pa.string(), run: pa.int64()}
    return pa.table({n: pa.array(c, t) for (n, t), c in zip(types.items(), columns, strict=True)})


@st.composite
def partitions(draw: st.DrawFn, records: int = 9) -> list[list[int]]:
    """Some of the records 1…n, grouped."""
    labels = draw(st.lists(st.integers(-1, 4), min_size=1, max_size=records))
    groups: dict[int, list[int]] = {}
    for record, label in enumerate(labels, start=1):
        if label >= 0:
            groups.setdefault(label, []).append(record)
    return list(groups.values())


def after(history: Iterable[Partition]) -> Book:
    book = Book()
    for partition in history:
        book.apply(partition)
    return book


HISTORIES = st.lists(partitions(), max_size=5)


@given(HISTORIES, partitions())
@settings(max_examples=150, deadline=None)
def test_every_record_has_one_id_and_every_id_is_one_cluster(history: list[Partition], partition: Partition) -> None:
    book = after(history)
    book.apply(partition)
    assert set(book.ids()) == {frozenset(members) for members in partition}
    assert len(set(book.ids().values())) == len(book.ids())


@given(HISTORIES, partitions(), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_order_and_labels_do_not_matter(history: list[Partition], partition: Partition, seed: int) -> None:
    book = after(history)
    one, two = book.propose(partition, 0), book.propose(list(reversed(list(partition))), seed)
    assert dict(zip(one.record_ids.tolist(), one.golden_ids.to_pylist(), strict=True)) == dict(
        zip(two.record_ids.tolist(), two.golden_ids.to_pylist(), strict=True)
    )
    assert (one.retired, one.redirects, one.released, one.churn) == (
        two.retired,
        two.redirects,
        two.released,
        two.churn,
    )


@given(HISTORIES, partitions())
@settings(max_examples=150, deadline=None)
def test_what_does_not_change_keeps_its_id(history: list[Partition], partition: Partition) -> None:
    book = after(history)
    before = book.ids()
    book.apply(partition)
    now = book.ids()
    assert {m: i for m, i in before.items() if m in now} == {m: now[m] for m in before if m in now}


@given(HISTORIES, partitions())
@settings(max_examples=150, deadline=None)
def test_the_same_again_is_no_churn(history: list[Partition], partition: Partition) -> None:
    book = after([*history, partition])
    churn = book.apply(partition).churn
    assert (churn.minted, churn.revived, churn.retired, churn.moved) == (0, 0, 0, 0)
    assert churn.kept == len(book.ids())


@given(HISTORIES, partitions(), st.data())
@settings(max_examples=300, deadline=None)
def test_merge_then_split_back_restores_every_id(
    history: list[Partition], partition: Partition, data: st.DataObject
) -> None:
    book = after([*history, partition])
    before = book.ids()
    groups = sorted(map(sorted, before))
    labels = data.draw(st.lists(st.integers(0, 2), min_size=len(groups), max_size=len(groups)))
    merged = [[r for g, label in zip(groups, labels, strict=True) if label == n for r in g] for n in range(3)]
    book.apply([members for members in merged if members])
    book.apply(groups)
    assert book.ids() == before


@given(HISTORIES)
@settings(max_examples=150, deadline=None)
def test_no_id_is_given_out_twice_and_the_books_balance(history: list[Partition]) -> None:
    book = Book()
    seen: set[str] = set()
    for partition in history:
        known, was_live = set(seen), set(book.live)
        result = book.apply(partition)
        assert len(book.live - known) == result.churn.minted
        assert set(result.retired) == was_live - book.live
        assert result.churn.kept + result.churn.minted + result.churn.revived == len(book.live)
        assert {old for old, _ in result.redirects} <= set(result.retired)
        assert {new for _, new in result.redirects} <= book.live
        seen |= book.live


def named(book: Book) -> Mapping[str, str]:
    return {"".join(map(str, sorted(m))): i for m, i in book.ids().items()}


def test_the_larger_part_keeps_the_id_and_ties_go_to_the_older() -> None:
    book = after([[[1, 2], [3], [4]]])
    first = named(book)
    book.apply([[1, 2, 3], [4]])
    assert named(book)["123"] == first["12"]
    book.apply([[1, 2, 3, 4]])
    assert named(book)["1234"] == first["12"]
    book.apply([[1, 2], [3, 4]])
    assert named(book)["12"] == first["12"]
    equal = after([[[1], [2]]])
    older = min(named(equal).values())
    equal.apply([[1, 2]])
    assert named(equal)["12"] == older


def test_a_merge_redirects_and_a_vanished_record_does_not() -> None:
    book = after([[[1, 2], [3], [4]]])
    first = named(book)
    result = book.apply([[1, 2, 3]])
    assert result.redirects == [(first["3"], first["12"])]
    assert result.released == [4]
    assert sorted(result.retired) == sorted([first["3"], first["4"]])
    assert (result.churn.merged, result.churn.retired) == (1, 2)
    book.apply([[1, 2, 3], [4]])
    assert named(book)["4"] == first["4"]


def test_a_part_that_was_merged_in_steps_back_whole() -> None:
    book = after([[[1, 2, 3], [4, 5]]])
    first = named(book)
    book.apply([[1, 2, 3, 4, 5]])
    book.apply([[1], [2], [3], [4, 5]])
    assert named(book)["45"] == first["45"]
    assert first["123"] in {named(book)[n] for n in "123"}


def test_a_part_keeps_the_id_where_the_elder_part_goes_elsewhere() -> None:
    book = after([[[4], [2, 3, 5]], [[1], [4], [2, 3, 5]], [[1, 4], [2, 3, 5]]])
    first = named(book)
    book.apply([[1], [2, 3, 4, 5]])
    assert named(book) == {"1": first["14"], "2345": first["235"]}
    book.apply([[1, 4], [2, 3, 5]])
    assert named(book) == first


@settings(max_examples=400, deadline=None)
@given(HISTORIES, partitions())
def test_there_and_back(history: list[Partition], partition: Partition) -> None:
    book = after(history)
    before = book.ids()
    same = [sorted(one) for one in before]
    book.apply(partition)
    book.apply(same)
    assert book.ids() == before


def test_between_equal_parts_the_one_that_belongs_longer_keeps_the_id() -> None:
    book = after([[[3, 4]], [[1, 2, 3, 4]]])
    first = named(book)
    book.apply([[1, 2], [3, 4]])
    assert named(book)["34"] == first["1234"]


def test_a_record_that_reappears_gets_the_id_it_had_last() -> None:
    book = after([[[1], [2, 3]]])
    first = named(book)
    for partition in ([[1, 2, 3]], [[1]], [], [[1]]):
        book.apply(partition)
    assert named(book)["1"] == first["23"]


def test_an_id_without_records_retires() -> None:
    result = assign(
        np.array([1], np.int64),
        np.array([0], np.int64),
        current=table([], "since_run_id"),
        former=table([], "until_run_id"),
        live=pa.array(["left-alone"]),
        mint=mint_at(START),
    )
    assert result.retired == ["left-alone"]


def test_nothing_in_is_nothing_out() -> None:
    assert Book().apply([]).golden_ids.to_pylist() == []


def test_ids_are_uuids_of_version_7_in_the_order_of_their_making() -> None:
    early, late = mint_at(START), mint_at(START + timedelta(milliseconds=1))
    ids = [*early(1000), *early(1000), *late(10)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    one = UUID(ids[1500])
    assert (one.version, one.variant, one.int >> 80) == (7, "specified in RFC 4122", int(START.timestamp() * 1000))


@pytest.mark.parametrize("count", [0, 1])
def test_a_mint_makes_as_many_as_asked(count: int) -> None:
    assert len(mint_at(START)(count)) == count
