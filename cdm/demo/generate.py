"""Write the demo company: three systems that keep the same customers, each in its own way, and the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from cdm.demo.companies import Company
from cdm.demo.erp import contact_rows, customer_row, order_rows, write_database
from cdm.demo.sales import SHEETS, Row, sales_row, write_workbook
from cdm.demo.shop import shop_row, write_export
from cdm.demo.truth import DATABASE, EXPORT, WORKBOOK, DemoTruth, TrueRecord
from cdm.demo.words import chance, listed, weighted
from cdm.demo.world import Customer, customers

Appearance = tuple[str, Customer]
"""A system and the customer it has a record of."""

_COMPANY_SYSTEMS = {
    "erp": 22, "sales": 22, "sales erp": 30, "sales sales": 3, "sales erp shop": 8, "erp shop": 5, "sales shop": 4,
    "sales sales erp": 3, "erp erp": 1, "shop": 4,
}  # fmt: skip
_PERSON_SYSTEMS = {"shop": 44, "sales": 14, "sales shop": 26, "shop shop": 8, "sales shop shop": 4, "sales sales": 4}


def generate_demo(directory: Path, *, records: int = 10_000, seed: int = 7, today: date) -> DemoTruth:
    """Write a small trading company's customers as its sales team, its ERP and its web shop keep them.

    Writes ``sales_customers.xlsx``, ``erp.db``, ``shop_export.csv`` and ``truth.csv``. The same arguments give the same
    files.

    Args:
        directory: where to write; created where it does not exist, files of an earlier demo are replaced.
        records: customer records in the three systems together; orders come on top.
        seed: seed of all chance.
        today: no date lies after it.

    Returns:
        Which records truly are the same customer.
    """
    directory.mkdir(parents=True, exist_ok=True)
    rng = Random(seed)  # noqa: S311 (invented data, no secret)
    found = list(islice(_appearances(rng, today), records))
    rng.shuffle(found)
    by_system: dict[str, list[Customer]] = defaultdict(list)
    for system, customer in found:
        by_system[system].append(customer)
    truth = DemoTruth(
        [
            *_write_sales(rng, directory, by_system["sales"], today),
            *_write_erp(rng, directory, by_system["erp"], today),
            *_write_shop(rng, directory, by_system["shop"], today),
        ]
    )
    truth.write(directory)
    return truth


def _appearances(rng: Random, today: date) -> Iterator[Appearance]:
    for customer in customers(rng, today):
        systems = weighted(rng, _COMPANY_SYSTEMS if isinstance(customer, Company) else _PERSON_SYSTEMS)
        for system in systems.split():
            yield system, customer


def _write_sales(rng: Random, directory: Path, found: Sequence[Customer], today: date) -> list[TrueRecord]:
    sheets: dict[str, list[Row]] = {sheet: [] for sheet in SHEETS}
    truth = []
    for customer in found:
        sheet = (customer.office if isinstance(customer, Company) else customer.home).sheet
        rows = sheets[sheet]
        new_seller = not rows or chance(rng, 0.1)
        seller = rng.choice(listed("companies", "salespeople")) if new_seller else str(rows[-1]["业务员"])
        key = f"{SHEETS[sheet]}{len(rows) + 1:04d}"
        rows.append(sales_row(rng, customer, key, seller, today))
        truth.append(TrueRecord("sales", key, customer.truth_id, customer.country))
    write_workbook(directory / WORKBOOK, sheets)
    return truth


def _write_erp(rng: Random, directory: Path, found: Sequence[Customer], today: date) -> list[TrueRecord]:
    firms = [customer for customer in found if isinstance(customer, Company)]
    rows = [customer_row(rng, firm, number, today) for number, firm in enumerate(firms, start=1)]
    contacts: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    for row, firm in zip(rows, firms, strict=True):
        contacts += contact_rows(rng, firm, row["FCUSTID"], 1 + len(contacts))
        orders += order_rows(rng, row["FNUMBER"], not firm.chinese, today, 1 + len(orders))
    write_database(directory / DATABASE, {"bd_customer": rows, "bd_contact": contacts, "sal_order": orders})
    return [
        TrueRecord("erp", row["FNUMBER"], firm.truth_id, firm.country) for row, firm in zip(rows, firms, strict=True)
    ]


def _write_shop(rng: Random, directory: Path, found: Sequence[Customer], today: date) -> list[TrueRecord]:
    rows = [shop_row(rng, customer, f"U{20_000_000 + number * 37}", today) for number, customer in enumerate(found)]
    write_export(directory / EXPORT, rows)
    return [TrueRecord("shop", row["user_id"], c.truth_id, c.country) for row, c in zip(rows, found, strict=True)]
