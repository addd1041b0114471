"""Golden records read back from every format as they were written."""

from __future__ import annotations

import csv
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from cdm.report import sheet
from cdm.report.exports import ExportError, GoldenTable, write_golden
from cdm.report.text_files import defused
from schemas.model import EntityType, Field, Label
from schemas.types import EntityKind, SemanticType

PERSON = EntityType(
    "person",
    Label("个人", "Person"),
    EntityKind.PARTY,
    {
        "full_name": Field("full_name", Label("姓名", "Name"), SemanticType.PERSON_NAME),
        "national_id": Field("national_id", Label("身份证号", "National ID"), SemanticType.NATIONAL_ID),
        "phone": Field("phone", Label("电话", "Phone"), SemanticType.PHONE, multi=True),
        "remark": Field("remark", Label("备注", "Remark"), SemanticType.TEXT),
    },
)
FIRM = EntityType(
    "organization",
    Label("企业/单位", "Organization"),
    EntityKind.PARTY,
    {"name": Field("name", Label("名称", "Name"), SemanticType.ORGANIZATION_NAME)},
)
PERSONS = pa.table(
    {
        "golden_id": ["G1", "G2", "G3"],
        "full_name": ["张伟", "=HYPERLINK(\"http://x\")", None],
        "national_id": ["110101199003071234", None, None],
        "phone": pa.array([["+8613812345678", "+862165432100"], [], None], pa.list_(pa.string())),
        "remark": ["-2+3", "@SUM(A1)", "第一行\n第二行"],
        "quality": [92.5, 71.0, None],
    }
)  # fmt: skip
FIRMS = pa.table({"golden_id": ["G9"], "name": ["华瑞电子有限公司"]})
CROSSWALK = pa.table({"golden_id": ["G1", "G1"], "source": ["sales", "erp"], "key": ["007", "C1"]})
PROVENANCE = pa.table({"golden_id": ["G1"], "field": ["full_name"], "value": ["张伟"], "reason": ["most_trusted"]})
BOTH = [GoldenTable(PERSON, PERSONS), GoldenTable(FIRM, FIRMS)]


def test_workbook_has_a_sheet_per_table_and_keeps_ids_as_text(tmp_path):
    path = tmp_path / "golden.xlsx"
    assert write_golden(path, BOTH, "zh", crosswalk=CROSSWALK, provenance=PROVENANCE) == [path]
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["个人", "企业 单位", "来源映射", "取值来源"]
    rows = book.get_sheet_by_name("个人").to_python()
    assert rows[0] == ["黄金编号", "姓名", "身份证号", "电话", "备注", "质量评分"]
    assert rows[1] == ["G1", "张伟", "110101199003071234", "+8613812345678; +862165432100", "-2+3", 92.5]
    assert rows[2][1] == '=HYPERLINK("http://x")'
    assert rows[3][4] == "第一行\n第二行"
    assert book.get_sheet_by_name("来源映射").to_python()[1] == ["G1", "sales", "007"]


def test_workbook_has_no_formula_a_frozen_header_and_a_filter(tmp_path):
    write_golden(tmp_path / "g.xlsx", BOTH, "en")
    page = openpyxl.load_workbook(tmp_path / "g.xlsx")["Person"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:F4"
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert page["B3"].data_type == "s"
    assert page.column_dimensions["D"].width > page.column_dimensions["A"].width


def test_csv_opens_in_excel_and_runs_nothing(tmp_path):
    written = write_golden(tmp_path / "golden.csv", BOTH[:1], "zh")
    assert written == [tmp_path / "golden.csv"]
    assert written[0].read_bytes().startswith(b"\xef\xbb\xbf")
    with written[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:2] == ["黄金编号", "姓名"]
    assert rows[1][3] == "+8613812345678; +862165432100" or rows[1][3].startswith("'")
    assert rows[2][1].startswith("'=")
    assert rows[2][4] == "'@SUM(A1)"
    assert rows[1][4] == "'-2+3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=1", "'=1"), ("+1+2", "'+1+2"), ("-x", "'-x"), ("@a", "'@a"), ("\t=1", "'\t=1"), ("＝1", "'＝1"),
     ("+8613812345678", "+8613812345678"), ("-12.5", "-12.5"), ("张=伟", "张=伟"), ("", "")],
)  # fmt: skip
def test_formulas_are_defused(text, expected):
    assert defused(text) == expected


def test_several_tables_become_several_files(tmp_path):
    written = write_golden(tmp_path / "g.jsonl", BOTH, "en", crosswalk=CROSSWALK)
    assert [path.name for path in written] == ["g-person.jsonl", "g-organization.jsonl", "g-crosswalk.jsonl"]
    first = [json.loads(line) for line in written[0].read_text(encoding="utf-8").splitlines()]
    assert first[0]["phone"] == ["+8613812345678", "+862165432100"]
    assert "phone" not in first[1]
    assert "张伟" in written[0].read_text(encoding="utf-8")


def test_parquet_reads_back_the_same(tmp_path):
    (path,) = write_golden(tmp_path / "g.parquet", BOTH[:1], "zh")
    assert pq.read_table(path).equals(PERSONS)


def test_unknown_ending_and_unwritable_place_say_what_to_do(tmp_path):
    with pytest.raises(ExportError, match=r"\.xlsx, \.csv"):
        write_golden(tmp_path / "golden.pdf", BOTH, "en")
    for name in ("g.csv", "g.xlsx"):
        with pytest.raises(ExportError) as raised:
            write_golden(tmp_path / "no folder" / name, BOTH, "en")
        assert "no folder" in raised.value.message
        assert raised.value.remedy


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet, "_MOST_ROWS", 2)
    write_golden(tmp_path / "g.xlsx", BOTH[:1], "en")
    book = CalamineWorkbook.from_path(str(tmp_path / "g.xlsx"))
    assert book.sheet_names == ["Person", "Person 2"]
    assert [row[0] for row in book.get_sheet_by_name("Person 2").to_python()] == ["Golden ID", "G3"]


def test_long_texts_and_long_numbers_keep_within_the_format(tmp_path):
    table = pa.table({"golden_id": ["G1"], "remark": ["长" * 40_000], "count": [123_456_789_012_345_678]})
    write_golden(tmp_path / "g.xlsx", [GoldenTable(PERSON, table)], "en")
    row = CalamineWorkbook.from_path(str(tmp_path / "g.xlsx")).get_sheet_by_name("Person").to_python()[1]
    assert len(row[1]) == 32_767
    assert row[1].endswith("…")
    assert row[2] == "123456789012345678"


def test_fields_with_the_same_label_get_their_name_behind_it(tmp_path):
    twin = EntityType(
        "person",
        Label("个人", "Person"),
        EntityKind.PARTY,
        {name: Field(name, Label("电话", "Phone"), SemanticType.PHONE) for name in ("a", "b")},
    )
    write_golden(tmp_path / "g.csv", [GoldenTable(twin, pa.table({"a": ["1"], "b": ["2"]}))], "en")
    assert (tmp_path / "g.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "Phone,Phone (b)"


def test_an_empty_table_is_a_header(tmp_path):
    write_golden(tmp_path / "g.xlsx", [GoldenTable(PERSON, PERSONS.slice(0, 0))], "zh")
    assert len(CalamineWorkbook.from_path(str(tmp_path / "g.xlsx")).get_sheet_by_name("个人").to_python()) == 1
