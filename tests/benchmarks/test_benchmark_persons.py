"""The generator of persons: the same seed gives the same table, and its truth is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks import persons
from benchmarks.spoil import typed


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return persons.generate(20_000)


def test_same_seed_same_table(table: pa.Table) -> None:
    assert table.equals(persons.generate(20_000))
    assert not table.equals(persons.generate(20_000, seed=2))


def test_share_of_duplicates(table: pa.Table) -> None:
    different = len(pc.unique(table["person"]))
    assert different == 14_000
    assert len(pc.unique(table["id"])) == table.num_rows == 20_000


def test_duplicates_resemble_their_person_and_others_do_not(table: pa.Table) -> None:
    columns = [table[name].to_pylist() for name in persons.FIELDS]
    order = np.argsort(table["person"].to_numpy(), kind="stable")
    person = table["person"].to_numpy()[order]

    def agreeing(a: int, b: int) -> int:
        return sum(c[a] == c[b] and c[a] is not None for c in columns)

    same = [agreeing(a, b) for a, b, p, q in zip(order, order[1:], person, person[1:], strict=False) if p == q]
    apart = [agreeing(a, b) for a, b in zip(order[:-9:9], order[9::9], strict=False) if abs(int(a) - int(b)) > 0]
    assert np.mean(same) > 4
    assert np.mean(apart) < 1


def test_households_share_a_surname_and_a_postcode(table: pa.Table) -> None:
    first = table.filter(pc.is_valid(table["postcode"])).group_by(["surname", "postcode"]).aggregate(
        [("person", "count_distinct")]
    )  # fmt: skip
    assert pc.sum(pc.greater(first["person_count_distinct"], 1)).as_py() > 1000


def test_parts_written_are_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons, "PART", 350)
    persons.write(2_000, tmp_path / "p.parquet")
    written = pq.read_table(tmp_path / "p.parquet")
    assert written.num_rows == 2_000
    assert len(pc.unique(written["id"])) == 2_000
    assert len(pc.unique(written["person"])) == 1_400
    assert written.combine_chunks().equals(persons.generate(2_000))


@pytest.mark.parametrize(("kind", "expected"), [(0, "ab#d"), (1, "abd"), (2, "abccd"), (3, "abdc")])
def test_one_character_is_replaced_dropped_doubled_or_swapped(kind: int, expected: str) -> None:
    values = pa.array(["abcd", None])
    found = typed(values, np.array([2, 0]), np.array([kind, kind]), pa.array(["#", "#"]))
    assert found.to_pylist() == [expected, None]
