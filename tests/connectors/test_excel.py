"""Workbooks of every format, with everything people do to them."""

# ruff: noqa: DTZ001 - cells hold no time zone

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from connectors.errors import HeaderMissing, OptionsInvalid, PartMissing, SourceEmpty
from connectors.files.excel import ExcelConnector, ExcelOptions

Write = Callable[..., Path]
HEADER = ["姓名", "电话", "身份证号"]


def read(path: Path, **options: object) -> list[dict[str, str | None]]:
    pages = ExcelConnector(str(path), ExcelOptions(**options)).read()  # type: ignore[arg-type]
    return [row for page in pages for row in page.table.to_pylist()]


def notes(path: Path, **options: object) -> str:
    return "\n".join(ExcelConnector(str(path), ExcelOptions(**options)).describe().notes)  # type: ignore[arg-type]


def test_values_come_as_exact_text(write_xlsx: Write) -> None:
    def finish(workbook: object, sheets: dict[str, object]) -> None:
        sheet, day = sheets["客户"], workbook.add_format({"num_format": "yyyy-mm-dd"})  # type: ignore[attr-defined]
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})  # type: ignore[attr-defined]
        sheet.write_datetime(1, 3, dt.datetime(1990, 3, 7), day)  # type: ignore[attr-defined]
        sheet.write_datetime(2, 3, dt.datetime(2024, 1, 2, 3, 4, 5), moment)  # type: ignore[attr-defined]
        sheet.write_formula(1, 4, '="VIP"&1', None, "VIP1")  # type: ignore[attr-defined]
        sheet.write_formula(2, 4, "=NA()", None, "#N/A")  # type: ignore[attr-defined]
        sheet.write_boolean(1, 5, True)  # type: ignore[attr-defined]
        sheet.write_number(2, 5, 0.15)  # type: ignore[attr-defined]

    rows = [
        [*HEADER, "生日", "等级", "杂"],
        ["  张三 ", 13800138000, "110101199003070011"],
        ["李四", "013900139000", "11010119900307002x"],
    ]
    first, second = read(write_xlsx({"客户": rows}, finish=finish))
    assert list(first.values()) == ["张三", "13800138000", "110101199003070011", "1990-03-07", "VIP1", "TRUE"]
    assert list(second.values()) == ["李四", "013900139000", "11010119900307002x", "2024-01-02 03:04:05", None, "0.15"]


def test_number_that_lost_digits_is_noted(write_xlsx: Write) -> None:
    path = write_xlsx({"客户": [HEADER, ["张三", "138", 110101199003070011], ["李四", "139", 110101199003070022]]})
    assert read(path)[0]["身份证号"] == "110101199003070000"
    assert "'身份证号' holds 2 number(s) of more than 15 digits" in notes(path)
    assert "first in row 2" in notes(path)


def test_header_is_found_below_titles(write_xlsx: Write) -> None:
    path = write_xlsx(
        {"客户": [["客户资料表 2024 年"], ["制表：王五"], [], HEADER, ["张三", 138, "x"], ["李四", 139, "y"]]}
    )
    assert [row["姓名"] for row in read(path)] == ["张三", "李四"]
    assert "header found in row 4" in notes(path)
    page = next(ExcelConnector(str(path)).read())
    assert page.origins == ["customers.xlsx#客户!5", "customers.xlsx#客户!6"]


def test_header_row_can_be_told(write_xlsx: Write) -> None:
    path = write_xlsx({"客户": [["姓名", "电话"], ["name", "phone"], ["张三", "138"]]})
    assert read(path, header_row=2) == [{"name": "张三", "phone": "138"}]


def test_no_header_is_an_error_that_says_what_to_do(write_xlsx: Write) -> None:
    path = write_xlsx({"客户": [["张三", 13800138000, "a@b.cn"], ["李四", 13900139000, "c@d.cn"]]})
    with pytest.raises(HeaderMissing, match=r"customers.xlsx.*header_row=N, or header=none"):
        ExcelConnector(str(path)).describe()
    assert read(path, header="none")[1] == {"column 1": "李四", "column 2": "13900139000", "column 3": "c@d.cn"}


def test_header_row_beyond_the_sheet(write_xlsx: Write) -> None:
    with pytest.raises(HeaderMissing, match="no row 9"):
        read(write_xlsx({"客户": [HEADER, ["张三", "1", "2"]]}), header_row=9)


def test_merged_cells_are_filled_downwards_only(write_xlsx: Write) -> None:
    def merge(workbook: object, sheets: dict[str, object]) -> None:
        sheets["客户"].merge_range(1, 0, 3, 0, "大华公司")  # type: ignore[attr-defined]
        sheets["客户"].merge_range(4, 1, 4, 2, "李四")  # type: ignore[attr-defined]

    rows = [
        ["公司", "联系人", "电话"],
        ["", "张三", 1],
        ["", "王五", 2],
        ["", "赵六", 3],
        ["独立", "", ""],
        ["末", "孙七", 5],
    ]
    path = write_xlsx({"客户": rows}, finish=merge)
    assert [row["公司"] for row in read(path)] == ["大华公司"] * 3 + ["独立", "末"]
    assert read(path)[3] == {"公司": "独立", "联系人": "李四", "电话": None}


def test_merged_header_over_two_rows(write_xlsx: Write) -> None:
    def merge(workbook: object, sheets: dict[str, object]) -> None:
        for first, last, text in ((1, 2, "本人"), (3, 4, "紧急联系人")):
            sheets["客户"].merge_range(0, first, 0, last, text)  # type: ignore[attr-defined]
        sheets["客户"].merge_range(0, 0, 1, 0, "编号")  # type: ignore[attr-defined]

    rows = [[], ["", "电话", "邮箱", "电话", "姓名"], ["C1", "138", "a@b.cn", "139", "李四"]]
    assert read(write_xlsx({"客户": rows}, finish=merge)) == [
        {"编号": "C1", "本人 电话": "138", "邮箱": "a@b.cn", "紧急联系人 电话": "139", "姓名": "李四"}
    ]


def test_repeated_and_missing_headers_get_names(write_xlsx: Write) -> None:
    rows = [["姓名", "电话", "电话", "", "备注"], ["张三", "1", "2", "3", "4"], ["李四", "5", "6", "", "7"]]
    path = write_xlsx({"客户": rows})
    assert list(read(path)[0]) == ["姓名", "电话", "电话_2", "列4", "备注"]
    assert "header '电话' stands more than once" in notes(path)
    assert "column 4 has no header" in notes(path)


def test_empty_rows_and_columns_are_left_out(write_xlsx: Write) -> None:
    rows = [["Name", "", "Phone"], ["Ann", "", "1"], [], ["  ", "", " "], ["Bob", "", "2"], [" "]]
    path = write_xlsx({"S": rows})
    assert read(path) == [{"Name": "Ann", "Phone": "1"}, {"Name": "Bob", "Phone": "2"}]
    assert ExcelConnector(str(path)).describe().rows == 2


def test_related_sheets_are_read_together(write_xlsx: Write) -> None:
    def hide(workbook: object, sheets: dict[str, object]) -> None:
        sheets["旧"].hide()  # type: ignore[attr-defined]

    sheets = {
        "说明": [["栏目", "含义"], ["姓名", "客户的名字"]],
        "华东": [HEADER, ["张三", "1", "a"], ["李四", "2", "b"]],
        "华南": [["姓名", "电话", "微信"], ["王五", "3", "w"]],
        "旧": [HEADER, ["赵六", "4", "d"]],
        "空": [],
    }
    path = write_xlsx(sheets, finish=hide)
    assert read(path)[2] == {"姓名": "王五", "电话": "3", "身份证号": None, "微信": "w"}
    text = notes(path)
    assert "sheet '说明' (1 rows) left out: its headers differ" in text
    assert "sheet '旧' left out: it is hidden" in text
    assert "sheets read together: '华东' (2 rows), '华南' (1 rows)" in text
    assert read(path, sheet="旧")[0]["姓名"] == "赵六"


def test_sheet_without_header_is_never_passed_over_for_a_smaller_one(write_xlsx: Write) -> None:
    data = [[f"张三{n}", 13800138000 + n] for n in range(9)]
    with pytest.raises(HeaderMissing, match="sheet '数据'"):
        read(write_xlsx({"数据": data, "说明": [["栏目", "含义"], ["姓名", "名字"]]}))
    path = write_xlsx({"数据": [HEADER, *([n, n, n] for n in data[0] * 9)], "草稿": data})
    assert "sheet '草稿' left out: no row of it looks like a header" in notes(path)


def test_missing_sheet_offers_the_nearest(write_xlsx: Write) -> None:
    with pytest.raises(PartMissing, match=r"no sheet 'Custmers'.*Did you mean 'Customers'"):
        read(write_xlsx({"Customers": [HEADER], "Other": []}), sheet="Custmers")


def test_workbook_without_data(write_xlsx: Write) -> None:
    with pytest.raises(SourceEmpty, match="holds no data"):
        read(write_xlsx({"S": []}))


def test_header_without_rows_is_an_empty_source(write_xlsx: Write) -> None:
    path = write_xlsx({"S": [["Name", "Phone"]]})
    assert read(path) == []
    assert ExcelConnector(str(path)).describe().rows == 0


@pytest.mark.parametrize("options", [{"header": "maybe"}, {"header_row": 0}])
def test_impossible_options(options: dict[str, object]) -> None:
    with pytest.raises(OptionsInvalid):
        ExcelConnector("x.xlsx", ExcelOptions(**options))  # type: ignore[arg-type]


def test_table_that_does_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for column, header in enumerate(HEADER, start=3):
        book.active.cell(5, column, header)
        book.active.cell(6, column, "值" + header)
    book.active.merge_cells("C7:C8")
    book.active["C7"], book.active["D7"], book.active["D8"] = "合", "1", "2"
    book.save(tmp_path / "a.xlsx")
    assert [row["姓名"] for row in read(tmp_path / "a.xlsx")] == ["值姓名", "合", "合"]
    assert next(ExcelConnector(str(tmp_path / "a.xlsx")).read()).origins[0] == "a.xlsx#Sheet!6"


def test_both_date_systems(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["姓名", "生日"])
    book.active.append(["张三", dt.datetime(1990, 3, 7)])
    book.save(tmp_path / "mac.xlsx")
    assert read(tmp_path / "mac.xlsx")[0]["生日"] == "1990-03-07"

    old = xlwt.Workbook(encoding="utf-8")
    old.dates_1904 = True
    sheet = old.add_sheet("客户")
    for column, value in enumerate(["姓名", "生日"]):
        sheet.write(0, column, value)
    sheet.write(1, 0, "张三")
    sheet.write(1, 1, dt.datetime(1990, 3, 7), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    old.save(str(tmp_path / "mac.xls"))
    assert read(tmp_path / "mac.xls")[0]["生日"] == "1990-03-07"


def test_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("客户")
    for column, value in enumerate(HEADER):
        sheet.write(0, column, value)
    sheet.write_merge(1, 2, 0, 0, "张三")
    sheet.write(1, 1, 13800138000)
    sheet.write(2, 1, xlwt.Formula("1/0"))
    sheet.write(2, 2, "00123")
    book.save(str(tmp_path / "old.xls"))
    assert read(tmp_path / "old.xls") == [
        {"姓名": "张三", "电话": "13800138000", "身份证号": None},
        {"姓名": "张三", "电话": None, "身份证号": "00123"},
    ]


def test_binary_workbook(write_xlsb: Write) -> None:
    rows = [["公司", "电话", "有效"], ["大华", 13800138000, True], ["", 0.5, False], ["", "007", ""], ["小华", "1", ""]]
    path = write_xlsb(rows, merges=[(1, 3, 0, 0)])
    assert read(path) == [
        {"公司": "大华", "电话": "13800138000", "有效": "TRUE"},
        {"公司": "大华", "电话": "0.5", "有效": "FALSE"},
        {"公司": "大华", "电话": "007", "有效": None},
        {"公司": "小华", "电话": "1", "有效": None},
    ]


def test_open_document(tmp_path: Path) -> None:
    def row(*cells: TableCell) -> TableRow:
        made = TableRow()
        for cell in cells:
            made.addElement(cell)
        return made

    def text(value: str, **more: object) -> TableCell:
        cell = TableCell(valuetype="string", **more)
        cell.addElement(P(text=value))
        return cell

    book = OpenDocumentSpreadsheet()
    table = Table(name="客户")
    book.spreadsheet.addElement(table)
    table.addElement(row(text("公司"), text("电话"), text("日期")))
    number, day = TableCell(valuetype="float", value="13800138000"), TableCell(valuetype="date", datevalue="2024-01-02")
    table.addElement(row(text("大华", numberrowsspanned="2", numbercolumnsspanned="1"), number, day))
    table.addElement(row(CoveredTableCell(), text("007"), TableCell()))
    book.save(str(tmp_path / "a.ods"))
    assert read(tmp_path / "a.ods") == [
        {"公司": "大华", "电话": "13800138000", "日期": "2024-01-02"},
        {"公司": "大华", "电话": "007", "日期": None},
    ]


def test_changed_file_is_read_from_its_start(write_xlsx: Write) -> None:
    path = write_xlsx({"客户": [HEADER, ["张三", "1", "a"], ["李四", "2", "b"]]})
    cursor = next(ExcelConnector(str(path)).read(page_size=1)).cursor
    assert len(list(ExcelConnector(str(path)).read(cursor, page_size=1))) == 1
    write_xlsx({"客户": [HEADER, ["张三", "1", "a"], ["李四", "2", "b"], ["王五", "3", "c"]]})
    assert len(list(ExcelConnector(str(path)).read(cursor, page_size=1))) == 3


@pytest.mark.slow
def test_million_row_sheet(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "million.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("客户")
    sheet.write_row(0, 0, ["编号", "姓名", "电话"])
    for number in range(1, 1_048_576):  # as many as a sheet can hold
        sheet.write_row(number, 0, [number, f"客户{number % 5000}", 13_800_000_000 + number])
    book.close()
    connector = ExcelConnector(str(path))
    assert connector.describe().rows == 1_048_575
    seen, last = 0, ""
    for page in connector.read():
        seen += page.table.num_rows
        last = page.origins[-1]
    assert (seen, last) == (1_048_575, "million.xlsx#客户!1048576")
