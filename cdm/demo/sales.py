"""The customer list of the sales team: one workbook, one sheet per region, every salesperson with own habits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from cdm.demo import dirt
from cdm.demo.companies import Company
from cdm.demo.dirt import Cell
from cdm.demo.people import Person
from cdm.demo.words import chance, listed, words

SHEETS = {"华东": "HD", "华南": "HN", "华北": "HB", "中西部": "ZX", "海外": "HW"}
"""Sheet name → prefix of its customer numbers."""
HEADERS = (
    "客户编号", "客户名称", "联系人", "联系电话", "电子邮箱", "微信", "地址", "行业", "税号", "身份证号", "客户等级",
    "建档日期", "业务员", "备注",
)  # fmt: skip
Row = dict[str, Cell]


def sales_row(rng: Random, customer: Person | Company, key: str, seller: str, today: date) -> Row:
    """Write one customer as a salesperson would.

    Args:
        rng: source of chance.
        customer: who it truly is.
        key: the customer number of the sheet.
        seller: the salesperson of the row.
        today: no date lies after it.
    """
    row: Row = dict.fromkeys(HEADERS)
    row |= _company(rng, customer) if isinstance(customer, Company) else _person(rng, customer)
    row |= {
        "客户编号": key,
        "客户等级": rng.choice(listed("dirt", "levels")) if chance(rng, 0.7) else None,
        "建档日期": dirt.day(rng, dirt.later(rng, customer.since, today), spreadsheet=True)
        if chance(rng, 0.85)
        else None,
        "业务员": seller,
    }
    if chance(rng, 0.15):
        row["备注"] = rng.choice(listed("dirt", "remarks"))
    return row


def _company(rng: Random, company: Company) -> Row:
    contact = company.contact
    row: Row = {"客户名称": dirt.company_name(rng, company)}
    if chance(rng, 0.6):
        row["联系人"] = dirt.person_name(rng, contact)
    if chance(rng, 0.88):
        first, second = company.contact_mobile, company.phone
        if chance(rng, 0.55):
            first, second = second, first
        row["联系电话"] = dirt.phones(rng, first, second, spreadsheet=True)
    if chance(rng, 0.55):
        row["电子邮箱"] = dirt.email(rng, company.email)
    if chance(rng, 0.3) or not (row.get("联系电话") or row.get("电子邮箱")):
        row["税号"] = company.tax_id.lower() if chance(rng, 0.1) else company.tax_id or None
    if chance(rng, 0.75):
        office = company.old_office if chance(rng, 0.1) else company.office
        row["地址"] = dirt.address(rng, office)
    if chance(rng, 0.6) and company.industry:
        short = words("companies")["industry_short"].get(company.industry, [company.industry])
        row["行业"] = rng.choice(short)
    return row | _noise(rng, row, ("联系人", "行业", "电子邮箱", "税号"))


def _person(rng: Random, person: Person) -> Row:
    row: Row = {"客户名称": dirt.person_name(rng, person)}
    changed = chance(rng, 0.06)
    if chance(rng, 0.94):
        numbers = (person.second_phone, "") if changed else (person.mobile, person.second_phone)
        row["联系电话"] = dirt.phones(rng, *numbers, spreadsheet=True)
    if chance(rng, 0.45) or changed or not row.get("联系电话"):
        row["电子邮箱"] = dirt.email(rng, person.email)
    if chance(rng, 0.35) and person.wechat:
        row["微信"] = person.wechat
    if chance(rng, 0.35) and person.identity:
        row["身份证号"] = dirt.identity(rng, person.identity)
    if chance(rng, 0.6):
        row["地址"] = dirt.address(rng, person.old_home if chance(rng, 0.12) else person.home)
    return row | _noise(rng, row, ("联系人", "电子邮箱", "微信", "身份证号", "行业"))


def _noise(rng: Random, row: Row, headers: Iterable[str]) -> Row:
    """Fill some empty cells with placeholders and now and then a fake phone or e-mail address."""
    noise: Row = {h: dirt.placeholder(rng) for h in headers if not row.get(h) and chance(rng, 0.06)}
    if not row.get("联系电话") and chance(rng, 0.4):
        noise["联系电话"] = rng.choice(listed("dirt", "fake_phones"))
    if not row.get("电子邮箱") and chance(rng, 0.04):
        noise["电子邮箱"] = rng.choice(listed("dirt", "fake_mails"))
    return noise


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Row]]) -> None:
    """Write the workbook: a sheet of notes, then one sheet per region.

    The sheet 华南 has title rows above its header, 华北 keeps its columns in another order, and where one salesperson
    has several rows in a row the cells of 业务员 are merged.

    Args:
        path: the ``.xlsx`` file to write.
        sheets: rows by sheet name, rows of one salesperson next to each other.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "head": book.add_format({"bold": True, "bg_color": "#DDEBF7"}),
            "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
            "merged": book.add_format({"valign": "vcenter"}),
        }
        notes = book.add_worksheet("说明")
        for place, line in enumerate(_NOTES):
            notes.write_string(place, 0, line)
        for name, rows in sheets.items():
            _write_sheet(book.add_worksheet(name), name, rows, formats)


_NOTES = (
    "销售客户表使用说明",
    "1. 每个区域一张表，业务员自己维护。",
    "2. 不知道的内容先写“待补充”。",
    "3. 客户编号不要改！",
)


def _write_sheet(sheet: Any, name: str, rows: Sequence[Row], formats: Mapping[str, Any]) -> None:
    headers = list(HEADERS)
    top = 0
    if name == "华北":
        headers = [*headers[:2], *headers[6:8], *headers[2:6], *headers[8:]]
    if name == "华南":
        sheet.merge_range(0, 0, 0, len(headers) - 1, "华南区客户资料表", formats["title"])
        sheet.write_string(1, 0, "制表：销售部")
        top = 3
    for column, header in enumerate(headers):
        sheet.write_string(top, column, header, formats["head"])
    for line, row in enumerate(rows, start=top + 1):
        for column, header in enumerate(headers):
            if header != "业务员":
                _write_cell(sheet, line, column, row[header], formats["date"])
    _merge_sellers(sheet, top + 1, headers.index("业务员"), rows, formats["merged"])
    sheet.set_column(1, 1, 28)


def _write_cell(sheet: Any, line: int, column: int, value: Cell, date_format: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(line, column, value)
    elif isinstance(value, float):
        sheet.write_number(line, column, value)
    elif value is not None:
        sheet.write_datetime(line, column, value, date_format)


def _merge_sellers(sheet: Any, top: int, column: int, rows: Sequence[Row], merged: Any) -> None:
    line = top
    for seller, group in groupby(rows, key=lambda row: row["业务员"]):
        length = len(list(group))
        if length > 1:
            sheet.merge_range(line, column, line + length - 1, column, seller, merged)
        else:
            sheet.write_string(line, column, seller)
        line += length
