"""The export of the web shop: what buyers typed about themselves, companies hidden among the names."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random

from cdm.demo import dirt
from cdm.demo.companies import Company
from cdm.demo.people import Person
from cdm.demo.places import Address
from cdm.demo.words import chance, listed, words

HEADERS = (
    "user_id", "name", "gender", "birthday", "mobile", "email", "province", "city", "district", "street", "postcode",
    "country", "invoice_tax_no", "registered_at", "comment",
)  # fmt: skip
Row = dict[str, str]


def shop_row(rng: Random, customer: Person | Company, key: str, today: date) -> Row:
    """Write one customer as it registered with the shop.

    Args:
        rng: source of chance.
        customer: who it truly is.
        key: the shop's user id.
        today: no date lies after it.
    """
    row = dict.fromkeys(HEADERS, "")
    row |= _company(rng, customer) if isinstance(customer, Company) else _person(rng, customer)
    hour = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
    row |= {"user_id": key, "registered_at": f"{dirt.later(rng, customer.since, today):%Y-%m-%d} {hour}"}
    if chance(rng, 0.05):
        row["comment"] = rng.choice(("快点发货", "谢谢", "leave at the door", "送货前打电话", "无"))
    return row


def _company(rng: Random, company: Company) -> Row:
    name = dirt.company_name(rng, company)
    if company.chinese and chance(rng, 0.35):
        name = f"{company.short} {company.contact.name}"
    row = {"name": name, "mobile": _phone(rng, company.contact_mobile if chance(rng, 0.7) else company.phone)}
    if chance(rng, 0.75):
        row["email"] = dirt.email(rng, company.email if chance(rng, 0.8) else company.contact.email)
    if chance(rng, 0.5):
        row["invoice_tax_no"] = company.tax_id
    return row | (_place(rng, company.office) if chance(rng, 0.8) else {})


def _person(rng: Random, person: Person) -> Row:
    row = {"name": dirt.person_name(rng, person)}
    changed = chance(rng, 0.05)
    if chance(rng, 0.94):
        row["mobile"] = _phone(rng, person.second_phone if changed else person.mobile)
    if chance(rng, 0.8) or changed or "mobile" not in row:
        row["email"] = dirt.email(rng, person.email)
    if chance(rng, 0.5):
        row["gender"] = rng.choice(("F", "female", "女") if person.female else ("M", "male", "男"))
    if chance(rng, 0.45):
        row["birthday"] = str(dirt.day(rng, person.birth)) if chance(rng, 0.95) else "1900-01-01"
    if chance(rng, 0.75):
        row |= _place(rng, person.old_home if chance(rng, 0.12) else person.home)
    return row | _noise(rng, row)


def _noise(rng: Random, row: Row) -> Row:
    noise = {}
    if not row.get("mobile") and chance(rng, 0.4):
        noise["mobile"] = rng.choice(listed("dirt", "fake_phones"))
    if not row.get("email") and chance(rng, 0.15):
        noise["email"] = rng.choice(listed("dirt", "fake_mails"))
    if not row.get("street") and chance(rng, 0.05):
        noise["street"] = dirt.placeholder(rng)
    return noise


def _phone(rng: Random, number: str) -> str:
    if chance(rng, 0.03):
        return dirt.masked(number)
    return str(dirt.phone(rng, number))


def _place(rng: Random, place: Address) -> Row:
    foreign = words("places")["world"].get(place.country, {"country": ["中国", "CN", "China"]})
    province, city, district = place.province, place.city, place.district
    if place.country == "CN" and chance(rng, 0.25):
        province, city = province.removesuffix("省").removesuffix("市"), city.removesuffix("市")
        district = district if chance(rng, 0.7) else ""
    if place.country == "CN" and chance(rng, 0.06):
        province, city, district = (dirt.traditional(level) for level in (province, city, district))
    street = dirt.wide(place.line) if chance(rng, 0.03) else place.line
    if chance(rng, 0.08):
        street = place.full
    return {
        "province": province,
        "city": city,
        "district": district,
        "street": street,
        "postcode": place.postcode if chance(rng, 0.6) else "",
        "country": rng.choice(foreign["country"]) if chance(rng, 0.85) else "",
    }


def write_export(path: Path, rows: Iterable[Row]) -> None:
    """Write the CSV file in UTF-8, comma separated, header first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        writer.writerows(rows)
