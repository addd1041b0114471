"""The ERP: company customers with tax ids, their contacts and the orders, in tables named as 金蝶 names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cdm.demo import dirt
from cdm.demo.companies import Company
from cdm.demo.words import chance, listed

Row = dict[str, Any]


def customer_row(rng: Random, company: Company, number: int, today: date) -> Row:
    """Write one company as the accountants keep it: full names, mostly with tax id.

    Args:
        rng: source of chance.
        company: who it truly is.
        number: row number, from 1.
        today: no change is dated later.
    """
    name = company.name if chance(rng, 0.8) else dirt.company_name(rng, company)
    office = company.old_office if chance(rng, 0.12) else company.office
    phone = company.phone if chance(rng, 0.8) else company.contact_mobile
    created = dirt.later(rng, company.since, today)
    modified = dirt.later(rng, created, today)
    return {
        "FCUSTID": 100_000 + number,
        "FNUMBER": f"CUST{number:05d}",
        "FNAME": name,
        "FSHORTNAME": company.short if chance(rng, 0.4) else None,
        "FTAXREGISTERCODE": _tax_id(rng, company.tax_id),
        "FLEI": company.lei or None,
        "FCONTACT": dirt.person_name(rng, company.contact) if chance(rng, 0.7) else None,
        "FTEL": _text(dirt.phone(rng, phone)) if chance(rng, 0.85) else rng.choice((None, dirt.placeholder(rng))),
        "FEMAIL": dirt.email(rng, company.email) if chance(rng, 0.65) else None,
        "FWEBSITE": company.website if chance(rng, 0.35) else None,
        "FCOUNTRY": office.country,
        "FPROVINCE": office.province or None if chance(rng, 0.7) else None,
        "FCITY": office.city if chance(rng, 0.8) else None,
        "FADDRESS": dirt.address(rng, office) if chance(rng, 0.9) else None,
        "FZIP": office.postcode if chance(rng, 0.6) else None,
        "FINDUSTRY": company.industry or None,
        "FLEGALPERSON": company.legal_person if company.legal_person and chance(rng, 0.5) else None,
        "FREGISTERFUND": _capital(rng, company.capital),
        "FFOUNDERDATE": _text(dirt.day(rng, company.founded)) if chance(rng, 0.6) else None,
        "FCREATEDATE": datetime.combine(created, time(9, rng.randrange(60))),
        "FMODIFYDATE": datetime.combine(modified, time(10, rng.randrange(60))),
        "FFORBIDSTATUS": "A" if chance(rng, 0.96) else "B",
    }


def _text(value: dirt.Cell) -> str:
    return str(value)


def _tax_id(rng: Random, number: str) -> str | None:
    if not number or chance(rng, 0.05):
        return rng.choice((None, "无", ""))
    if chance(rng, 0.05):
        return f"{number[:8]} {number[8:]}"
    return number[:-2] + number[-1] + number[-2] if chance(rng, 0.01) else number


def _capital(rng: Random, capital: int) -> str | None:
    if not capital or chance(rng, 0.4):
        return None
    return rng.choice((f"{capital // 10_000}万元", f"{capital}", f"{capital // 10_000}万人民币", f"{capital:,}.00"))


def contact_rows(rng: Random, company: Company, customer_id: int, first: int) -> list[Row]:
    """Write the contacts of one customer, at most two."""
    people = [company.contact] if chance(rng, 0.8) else []
    return [
        {
            "FCONTACTID": first + place,
            "FCUSTID": customer_id,
            "FNAME": person.name,
            "FPOSITION": person.job or None,
            "FMOBILE": company.contact_mobile,
            "FEMAIL": person.email if chance(rng, 0.4) else None,
        }
        for place, person in enumerate(people)
    ]


def order_rows(rng: Random, customer: str, foreign: bool, today: date, first: int) -> list[Row]:
    """Write the orders of one customer, many for few and few for many.

    Args:
        rng: source of chance.
        customer: ``FNUMBER`` of the customer.
        foreign: paid in US dollars instead of yuan.
        today: no order is dated later.
        first: number of the first order.
    """
    count = min(int(rng.paretovariate(1.1)), 40) if chance(rng, 0.85) else 0
    return [
        {
            "FBILLNO": f"SO{first + place:07d}",
            "FCUSTNO": customer,
            "FDATE": datetime.combine(today - timedelta(days=rng.randint(1, 1400)), time(rng.randint(8, 19))),
            "FMATERIALNAME": rng.choice(listed("companies", "products")),
            "FQTY": rng.randint(1, 500),
            "FAMOUNT": round(rng.lognormvariate(8.0, 1.2), 2),
            "FCURRENCY": "USD" if foreign else "CNY",
            "FSTATUS": rng.choice(("已审核", "已审核", "已审核", "已关闭", "已退货")),
        }
        for place in range(count)
    ]


def write_database(path: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Write the SQLite database.

    Args:
        path: the file to write; an older one is replaced.
        tables: rows of ``bd_customer``, ``bd_contact`` and ``sal_order``.
    """
    import sqlalchemy as sa

    path.unlink(missing_ok=True)
    metadata, engine = _schema(), sa.create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for name, rows in tables.items():
            if rows:
                connection.execute(metadata.tables[name].insert(), list(rows))
    engine.dispose()


def _schema() -> Any:
    import sqlalchemy as sa

    kinds: dict[str, Any] = {
        "text": sa.Unicode(255),
        "time": sa.DateTime(),
        "number": sa.Integer(),
        "money": sa.Numeric(18, 2),
    }
    metadata = sa.MetaData()
    for name, (key, columns) in _TABLES.items():
        made: list[sa.Column[Any]] = [
            sa.Column(column, kinds[_KINDS.get(column, "text")], primary_key=column == key) for column in columns
        ]
        sa.Table(name, metadata, *made)
    return metadata


_KINDS = {
    "FCUSTID": "number",
    "FCONTACTID": "number",
    "FQTY": "number",
    "FAMOUNT": "money",
    "FDATE": "time",
    "FCREATEDATE": "time",
    "FMODIFYDATE": "time",
}
_TABLES = {
    "bd_customer": (
        "FCUSTID",
        [
            "FCUSTID",
            "FNUMBER",
            "FNAME",
            "FSHORTNAME",
            "FTAXREGISTERCODE",
            "FLEI",
            "FCONTACT",
            "FTEL",
            "FEMAIL",
            "FWEBSITE",
            "FCOUNTRY",
            "FPROVINCE",
            "FCITY",
            "FADDRESS",
            "FZIP",
            "FINDUSTRY",
            "FLEGALPERSON",
            "FREGISTERFUND",
            "FFOUNDERDATE",
            "FCREATEDATE",
            "FMODIFYDATE",
            "FFORBIDSTATUS",
        ],
    ),
    "bd_contact": ("FCONTACTID", ["FCONTACTID", "FCUSTID", "FNAME", "FPOSITION", "FMOBILE", "FEMAIL"]),
    "sal_order": (
        "FBILLNO",
        ["FBILLNO", "FCUSTNO", "FDATE", "FMATERIALNAME", "FQTY", "FAMOUNT", "FCURRENCY", "FSTATUS"],
    ),
}
