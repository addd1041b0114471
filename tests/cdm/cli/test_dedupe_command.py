"""``cdm dedupe``: its contract with the programs that read its output."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv, write_workbook

HEADER = ["id", "name", "phone", "email", "city"]
PEOPLE = [
    ["7", "Anna Schmidt", "+49 30 1234567", "anna.schmidt@web.de", "Berlin"],
    ["3", "Bernd Vogel", "+49 89 7654321", "b.vogel@gmx.de", "München"],
    ["5", "Anna Schmidt", "030 1234567", "anna.schmidt@web.de", "Berlin"],
    ["1", "Carla Neumann", "+49 40 5551234", "carla@neumann.de", "Hamburg"],
]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def people(folder: Path) -> Path:
    return write_csv(folder / "people.csv", HEADER, PEOPLE)


def test_one_row_per_record_in_their_order(cdm: Any, folder: Path) -> None:
    answer = cdm("dedupe", people(folder), "--out", "out.csv")
    assert answer.code == 0, answer.err
    text = (folder / "out.csv").read_bytes().decode("utf-8")
    assert text.splitlines()[0] == "source,record_id,golden_id"
    rows = read(folder / "out.csv")
    assert [(row["source"], row["record_id"]) for row in rows] == [("people.csv", str(n)) for n in range(1, 5)]
    golden = [row["golden_id"] for row in rows]
    assert golden[0] == golden[2]
    assert len(set(golden)) == 3
    assert "4 records → 3 customers" in answer.out


def test_ids_and_sources_come_from_columns(cdm: Any, folder: Path) -> None:
    rows = [[*row, system] for row, system in zip(PEOPLE, ["crm", "crm", "shop", ""], strict=True)]
    rows[3][0] = ""
    write_csv(folder / "people.csv", [*HEADER, "system"], rows)
    assert cdm("dedupe", "people.csv", "--out", "out.csv", "--id", "id", "--source", "system").code == 0
    found = [(row["source"], row["record_id"]) for row in read(folder / "out.csv")]
    assert found == [("crm", "7"), ("crm", "3"), ("shop", "5"), ("people.csv", "4")]


def test_rows_that_cannot_be_read_keep_their_place(cdm: Any, folder: Path) -> None:
    lines = [",".join(row) for row in [HEADER, *PEOPLE]]
    lines.insert(2, "9,Doris,Weber,+49 221 1112223,doris@weber.de,Köln")
    (folder / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = cdm("dedupe", "people.csv", "--out", "out.csv", "--review", "review.csv", "--report", "page.html")
    assert answer.code == 0, answer.err
    assert "people.csv!3" in answer.out
    rows = read(folder / "out.csv")
    assert [row["record_id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["golden_id"] == rows[3]["golden_id"]
    assert [row["golden_id"] for row in rows].count(rows[1]["golden_id"]) == 1
    assert cdm("dedupe", "people.csv", "--out", "named.csv", "--id", "id").code == 0
    assert [row["record_id"] for row in read(folder / "named.csv")] == ["7", "9", "3", "5", "1"]


def test_golden_ids_are_the_same_every_time(cdm: Any, folder: Path) -> None:
    people(folder)
    cdm("dedupe", "people.csv", "--out", "one.csv")
    cdm("dedupe", "people.csv", "--out", "two.csv")
    assert (folder / "one.csv").read_bytes() == (folder / "two.csv").read_bytes()


def test_several_files_are_several_sources(cdm: Any, folder: Path) -> None:
    write_workbook(folder / "sales.xlsx", SALES_HEADER, SALES)
    write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)
    answer = cdm("dedupe", "sales.xlsx", "shop.csv", "--out", "out.csv")
    assert answer.code == 0, answer.err
    rows = read(folder / "out.csv")
    assert [row["source"] for row in rows] == ["sales.xlsx"] * 5 + ["shop.csv"] * 3
    assert [row["record_id"] for row in rows] == ["1", "2", "3", "4", "5", "1", "2", "3"]
    assert rows[0]["golden_id"] == rows[5]["golden_id"]
    assert len({row["golden_id"] for row in rows}) == 7


def test_files_of_one_name_are_told_apart_by_their_folder(cdm: Any, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        write_csv(folder / name / "people.csv", HEADER, PEOPLE[:2])
    assert cdm("dedupe", "a/people.csv", "b/people.csv", "--out", "out.csv").code == 0
    assert {row["source"] for row in read(folder / "out.csv")} == {"a/people.csv", "b/people.csv"}


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "jsonl", "gb18030"])
def test_every_kind_of_file(cdm: Any, folder: Path, kind: str) -> None:
    name = f"customers.{kind}" if kind != "gb18030" else "customers.csv"
    path = folder / name
    if kind == "xlsx":
        write_workbook(path, SALES_HEADER, [*SALES, SALES[0]])
    elif kind == "gb18030":
        write_csv(path, SALES_HEADER, [*SALES, SALES[0]], encoding="gb18030")
    else:
        rows = [dict(zip(SALES_HEADER, row, strict=True)) for row in [*SALES, SALES[0]]]
        if kind == "parquet":
            pyarrow.parquet.write_table(pa.Table.from_pylist(rows), path)
        else:
            path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    answer = cdm("dedupe", name, "--out", "out.csv", "--id", "客户编号")
    assert answer.code == 0, answer.err
    rows = read(folder / "out.csv")
    assert [row["record_id"] for row in rows] == ["S1", "S2", "S3", "S4", "S5", "S1"]
    assert rows[0]["golden_id"] == rows[5]["golden_id"]
    assert len({row["golden_id"] for row in rows}) == 5


def test_persons_and_companies_in_one_table(cdm: Any, folder: Path) -> None:
    rows = [
        ["1", "王小明", "13812340001"],
        ["2", "杭州蓝天科技有限公司", "0571-88880001"],
        ["3", "王小明", "138-1234-0001"],
        ["4", "杭州蓝天科技有限公司", "0571 88880001"],
        ["5", "李雷", "13912340002"],
        ["6", "北京大地贸易有限公司", "010-66660002"],
    ]
    write_csv(folder / "all.csv", ["编号", "客户名称", "电话"], rows)
    answer = cdm("dedupe", "all.csv", "--out", "out.csv")
    assert answer.code == 0, answer.err
    golden = [row["golden_id"] for row in read(folder / "out.csv")]
    assert golden[0] == golden[2]
    assert golden[1] == golden[3]
    assert len(set(golden)) == 4


def test_entity_is_obeyed(cdm: Any, folder: Path) -> None:
    people(folder)
    assert cdm("dedupe", "people.csv", "--out", "out.csv", "--entity", "organization").code == 0
    assert len(read(folder / "out.csv")) == 4
    wrong = cdm("dedupe", "people.csv", "--out", "other.csv", "--entity", "animal")
    assert wrong.code == 2
    assert "'animal'" in wrong.err
    assert "person, organization" in wrong.err
    assert not (folder / "other.csv").exists()


def test_ignored_columns_are_no_evidence(cdm: Any, folder: Path) -> None:
    rows = [["Anna Schmidt", "x@y.de", "030 1234567"], ["Bernd Vogel", "b@v.de", "030 1234567"], PEOPLE[1][1:4]]
    write_csv(folder / "t.csv", ["name", "email", "phone"], rows)
    assert cdm("dedupe", "t.csv", "--out", "out.csv", "--ignore", "phone", "--ignore", "email").code == 0
    assert len({row["golden_id"] for row in read(folder / "out.csv")}) >= 2
    wrong = cdm("dedupe", "t.csv", "--out", "out2.csv", "--ignore", "fax")
    assert wrong.code == 3
    assert "no column 'fax', which --ignore names" in wrong.err
    assert "name, email, phone" in wrong.err


def test_a_mapping_file_is_obeyed_and_checked(cdm: Any, folder: Path) -> None:
    write_csv(folder / "t.csv", ["a", "b"], [["Anna Schmidt", "anna@web.de"], ["Schmidt, Anna", "anna@web.de"]])
    (folder / "map.yaml").write_text("entity: person\ncolumns:\n  a: full_name\n  b: email\n", encoding="utf-8")
    assert cdm("dedupe", "t.csv", "--out", "out.csv", "--map", "map.yaml").code == 0
    assert len({row["golden_id"] for row in read(folder / "out.csv")}) == 1
    (folder / "map.yaml").write_text("entity: person\ncolumns:\n  a: fullname\n", encoding="utf-8")
    wrong = cdm("dedupe", "t.csv", "--out", "other.csv", "--map", "map.yaml")
    assert wrong.code == 3
    assert "'fullname'" in wrong.err
    assert "full_name" in wrong.err


def test_review_pairs_and_report(cdm: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDM_MERGE_THRESHOLD", "0.9999999999")
    monkeypatch.setenv("CDM_REVIEW_THRESHOLD", "0.01")
    write_csv(folder / "t.csv", HEADER, PEOPLE)
    answer = cdm("dedupe", "t.csv", "--out", "out.csv", "--id", "id", "--review", "review.csv", "--report", "page.html")
    assert answer.code == 0, answer.err
    header = (folder / "review.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "source_a,record_id_a,source_b,record_id_b,probability"
    golden = {row["record_id"]: row["golden_id"] for row in read(folder / "out.csv")}
    pairs = read(folder / "review.csv")
    assert {(pair["record_id_a"], pair["record_id_b"]) for pair in pairs} == {("7", "5")}, (
        "what is not certain is asked"
    )
    for pair in pairs:
        assert golden[pair["record_id_a"]] != golden[pair["record_id_b"]]
        assert 0 < float(pair["probability"]) < 1
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("rows", [[], PEOPLE[:1]], ids=["empty", "one row"])
def test_tiny_tables(cdm: Any, folder: Path, rows: list[list[str]]) -> None:
    write_csv(folder / "t.csv", HEADER, rows)
    answer = cdm("dedupe", "t.csv", "--out", "out.csv", "--review", "r.csv", "--report", "p.html")
    assert answer.code == 0, answer.err
    assert len(read(folder / "out.csv")) == len(rows)
    assert read(folder / "r.csv") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "people.csv"], "would be overwritten"),
        (["--out", "out.csv", "--review", "./out.csv"], "would be overwritten"),
        (["--out", "nowhere/out.csv"], "does not exist"),
        (["--out", "."], "cannot be written"),
        (["--out", "out.csv", "--report", "taken"], "cannot be written"),
    ],
)
def test_impossible_outputs_are_refused_at_once(cdm: Any, folder: Path, words: list[str], said: str) -> None:
    before = people(folder).read_bytes()
    (folder / "taken").mkdir()
    answer = cdm("dedupe", "people.csv", *words)
    assert answer.code == 2
    assert said in answer.err
    assert "→" in answer.err
    assert (folder / "people.csv").read_bytes() == before
    assert sorted(p.name for p in folder.iterdir()) == ["people.csv", "taken"]


def test_unknown_column_names_those_there_are(cdm: Any, folder: Path) -> None:
    people(folder)
    answer = cdm("dedupe", "people.csv", "--out", "out.csv", "--id", "nummer")
    assert answer.code == 3
    assert "people.csv has no column 'nummer', which --id names" in answer.err
    assert "id, name, phone, email, city" in answer.err
    assert not (folder / "out.csv").exists()
