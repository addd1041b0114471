"""Every table of the shared business data reads completely and exactly."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest

from connectors.registry import open_connector

FILES = {
    "business/adventureworks/customers_export.xlsx": (9070, 13),
    "business/adventureworks/shop_customers.csv": (9627, 27),
    "business/northwind/suppliers.csv": (29, 12),
    "business/companies_gleif/companies_5000.csv": (5000, 14),
    "labelled/dedupe_csv_example/early_childhood_true_ids.csv": (3337, 33),
    "labelled/pseudopeople/census_2020.parquet": (5373, 18),
}


@pytest.mark.parametrize("name", FILES)
def test_file(shared_data: Path, name: str) -> None:
    rows, columns = FILES[name]
    connector = open_connector("auto", str(shared_data / name))
    dataset = connector.describe()
    assert (dataset.rows, len(dataset.columns), dataset.notes) == (rows, columns, ())
    pages = list(connector.read())
    assert sum(page.table.num_rows for page in pages) == rows
    assert not any(page.rejects for page in pages)


def test_every_csv_agrees_with_the_standard_library(shared_data: Path) -> None:
    for path in sorted(shared_data.glob("business/*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header, *rows = list(csv.reader(stream))
        expected = [[value.strip() or None for value in row] for row in rows]
        pages = list(open_connector("auto", str(path)).read())
        assert pages[0].table.column_names == header, path
        assert [list(row.values()) for page in pages for row in page.table.to_pylist()] == expected, path


def test_erp_database_with_blank_and_repeated_keys(shared_data: Path) -> None:
    path = shared_data / "business" / "adventureworks" / "erp.sqlite"
    connector = open_connector("auto", f"sqlite:///{path}", {"table": "crm_cust_info", "key": "cst_id"})
    dataset = connector.describe()
    assert (dataset.rows, dataset.key) == (9247, "cst_id")
    assert "is null in 3 row(s)" in dataset.notes[0] and "repeats an earlier row's in 2 row(s)" in dataset.notes[1]
    read = [row for page in connector.read() for row in page.table.to_pylist()]
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    stored = connection.execute("SELECT * FROM crm_cust_info").fetchall()
    connection.close()
    expected = [tuple((value or "").strip() or None for value in row) for row in stored]
    assert sorted(map(repr, (tuple(row.values()) for row in read))) == sorted(map(repr, expected))
