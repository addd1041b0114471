"""A small company's systems, written by hand: sales keeps a sheet, the ERP a database, the shop an export."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

SALES_HEADER = ("客户编号", "姓名", "手机", "邮箱", "地址")
SALES = (
    ("S1", "王小明", "13812340001", "wang@firma.cn", "浙江省杭州市西湖区文三路18号"),
    ("S2", "李雷", "13912340002", "lilei@firma.cn", "北京市海淀区中关村大街1号"),
    ("S3", "韩梅梅", "13712340003", "hanmm@firma.cn", "上海市浦东新区世纪大道100号"),
    ("S4", "张伟", "13512340004", "zhangwei@firma.cn", "广州市天河区体育西路5号"),
    ("S5", "刘洋", "13612340005", "liuyang@firma.cn", "成都市武侯区人民南路7号"),
)
SHOP_HEADER = ("user_id", "name", "mobile", "email", "address")
SHOP = (
    ("U1", "王小明", "+86 138 1234 0001", "wang@firma.cn", "杭州市西湖区文三路18号"),
    ("U2", "陈静", "13412340006", "chenjing@firma.cn", "南京市鼓楼区中山路9号"),
    ("U3", "赵强", "13312340007", "zhaoq@firma.cn", "武汉市江汉区解放大道11号"),
)
COMPANIES = (
    ("K1", "杭州蓝天科技有限公司", "0571-88880001", "sales@lantian.cn", "2026-01-01 10:00:00"),
    ("K2", "北京大地贸易有限公司", "010-66660002", "info@dadi.cn", "2026-01-02 10:00:00"),
    ("K3", "Nordwind Logistik GmbH", "+49 30 901820", "post@nordwind.de", "2026-01-03 10:00:00"),
)
ORDERS = (
    ("O1", "K1", "2026-02-01", "服务器", "12000.00"),
    ("O2", "K1", "2026-03-01", "交换机", "800.00"),
    ("O3", "K2", "2026-03-05", "电脑", "5000.00"),
    ("O4", "K9", "2026-03-06", "电脑", "5000.00"),
)
Rows = Iterable[Sequence[str]]


def write_csv(path: Path, header: Sequence[str], rows: Rows, encoding: str = "utf-8") -> Path:
    """Write a delimited file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_workbook(path: Path, header: Sequence[str], rows: Rows, sheet: str = "客户") -> Path:
    """Write a workbook with one sheet."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as workbook:
        page = workbook.add_worksheet(sheet)
        for number, row in enumerate([header, *rows]):
            page.write_row(number, 0, row)
    return path


def write_erp(path: Path, companies: Rows = COMPANIES, orders: Rows = ORDERS) -> str:
    """Write the ERP's database and return its location."""
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE customer (code TEXT PRIMARY KEY, name TEXT, phone TEXT, email TEXT, changed TEXT)"
        )
        connection.execute(
            "CREATE TABLE sales_order "
            "(order_no TEXT PRIMARY KEY, customer_code TEXT, order_date TEXT, product TEXT, amount TEXT)"
        )
        connection.executemany("INSERT INTO customer VALUES (?, ?, ?, ?, ?)", companies)
        connection.executemany("INSERT INTO sales_order VALUES (?, ?, ?, ?, ?)", orders)
    connection.close()
    return f"sqlite:///{path}"
