"""``cdm match``: Parquet in, Parquet out, and what it says when that cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

NAMES = ["Anna Schmidt", "Bernd Vogel", "Anna Schmidt", "Carla Neumann", "王小明", "王小明"]
PHONES = ["+49 30 1234567", "+49 89 7654321", "030 1234567", "+49 40 5551234", "13912345678", "139-1234-5678"]
MAILS = ["anna.schmidt@web.de", "b.vogel@gmx.de", "anna.schmidt@web.de", "carla@neumann.de", None, None]
CITIES = ["Berlin", "München", "Berlin", "Hamburg", "上海", "上海市"]


def people() -> pa.Table:
    return pa.table({"id": range(6), "name": NAMES, "phone": PHONES, "email": MAILS, "city": CITIES})


def written(folder: Path, part: str = "") -> pa.Table:
    return pq.read_table(folder / f"out{part}.parquet")


def test_rows_come_out_with_their_clusters(cdm: Any, folder: Path) -> None:
    pq.write_table(people(), folder / "in.parquet")
    answer = cdm("match", "in.parquet", "--out", "out.parquet", "--ignore", "id", "--entity", "person")
    assert answer.code == 0, answer.err
    assert "6 records → 4 customers" in answer.out
    out = written(folder)
    assert out.drop_columns(["row", "cluster"]).equals(people())
    assert out.column("cluster").to_pylist() == [0, 1, 0, 3, 4, 4]
    assert written(folder, ".links").column_names == ["left", "right", "probability", "weight", "proposed"]
    assert {(r["left"], r["right"]) for r in written(folder, ".links").to_pylist()} == {(0, 2), (4, 5)}
    assert written(folder, ".review").num_rows == 0


def test_a_folder_of_files_is_one_table(cdm: Any, folder: Path) -> None:
    (folder / "in").mkdir()
    for part in (0, 1, 2):
        pq.write_table(people().slice(2 * part, 2), folder / "in" / f"part-{part}.parquet")
    assert cdm("match", "in", "--out", "out.parquet", "--ignore", "id", "--entity", "person").code == 0
    assert written(folder).column("cluster").to_pylist() == [0, 1, 0, 3, 4, 4]


def test_a_saved_model_gives_the_same_again(cdm: Any, folder: Path) -> None:
    pq.write_table(people(), folder / "in.parquet")
    given = ("match", "in.parquet", "--out", "out.parquet", "--ignore", "id", "--entity", "person")
    assert cdm(*given, "--save-model", "model.json").code == 0
    before = [written(folder, part) for part in ("", ".links", ".review")]
    assert cdm(*given, "--model", "model.json").code == 0
    assert [written(folder, part) for part in ("", ".links", ".review")] == before


@pytest.mark.spark
@pytest.mark.slow
def test_spark_writes_what_one_process_writes(cdm: Any, folder: Path) -> None:
    from matching.spark.session import SparkMissing, check

    try:
        check()
    except SparkMissing as missing:
        pytest.skip(str(missing))
    pq.write_table(people(), folder / "in.parquet", row_group_size=4)
    given = ("match", "in.parquet", "--ignore", "id", "--entity", "person")
    assert cdm(*given, "--out", "out.parquet", "--save-model", "model.json").code == 0
    words = (*given, "--out", "far.parquet", "--runner", "spark", "--master", "local[2]")
    done = subprocess.run([sys.executable, "-m", "cdm", *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "one was learned from 6 of 6 rows" in done.stdout
    for part in ("", ".links", ".review"):
        assert pq.read_table(folder / f"far{part}.parquet") == written(folder, part)


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["none.parquet", "--out", "out.parquet"], "none.parquet cannot be read as Parquet", 4),
        (["in.parquet", "--out", "no/out.parquet"], "The folder no does not exist", 2),
        (["in.parquet", "--out", "in.parquet"], "would be written into the input", 2),
        (["in.parquet", "--out", "out.parquet", "--runner", "fast"], "'fast' is not a runner", 2),
        (["in.parquet", "--out", "out.parquet", "--model", "in.parquet"], "is no matching model", 3),
        (["in.parquet", "--out", "out.parquet", "--model", "a", "--save-model", "b"], "contradict each other", 2),
        (["in.parquet", "--out", "out.parquet", "--ignore", "nothing"], "no column 'nothing'", 3),
        (["in.parquet", "--out", "out.parquet", "--conf", "a"], "'a' is not NAME=VALUE", 2),
        (["empty.parquet", "--out", "out.parquet"], "empty.parquet has no rows", 2),
        (["other", "--out", "out.parquet"], "its columns differ from those of", 4),
        (["text.parquet", "--out", "out.parquet"], "text.parquet cannot be read as Parquet", 4),
    ],
)
def test_what_cannot_be_is_said(cdm: Any, folder: Path, words: list[str], said: str, code: int) -> None:
    pq.write_table(people(), folder / "in.parquet")
    pq.write_table(people().slice(0, 0), folder / "empty.parquet")
    (folder / "text.parquet").write_text("id,name\n1,Anna\n", encoding="utf-8")
    (folder / "other").mkdir()
    pq.write_table(people(), folder / "other" / "a.parquet")
    pq.write_table(people().drop_columns(["city"]), folder / "other" / "b.parquet")
    answer = cdm("match", *words)
    assert answer.code == code, answer.err
    assert said in answer.err
    assert not (folder / "out.parquet").exists()


def test_without_spark_the_user_is_told_what_to_install(
    cdm: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matching.spark import session

    monkeypatch.setattr(session, "find_spec", lambda name: None)
    pq.write_table(people(), folder / "in.parquet")
    answer = cdm("match", "in.parquet", "--out", "out.parquet", "--runner", "spark")
    assert answer.code == 2
    assert "PySpark is not installed" in answer.err
    assert "make spark" in answer.err
