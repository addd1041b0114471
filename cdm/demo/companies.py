"""Invented companies: who they truly are, before any system writes them down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cdm.demo.numbers import digits, landline, lei, mobile, patterned, tax_id_china, tax_id_world
from cdm.demo.people import Person, chinese_person, western_person
from cdm.demo.places import Address, china, moved, world
from cdm.demo.words import chance, listed, spelled, words


@dataclass(frozen=True, slots=True)
class Company:
    """One company, branch or sister company; each is a customer of its own."""

    truth_id: str
    region: str
    brand: str
    trade: str
    form: str
    branch: str
    former_name: str
    tax_id: str
    lei: str
    phone: str
    email: str
    website: str
    office: Address
    old_office: Address
    contact: Person
    contact_mobile: str
    legal_person: str
    industry: str
    capital: int
    founded: date
    since: date

    @property
    def country(self) -> str:
        """Where it is: ISO alpha-2."""
        return self.office.country

    @property
    def chinese(self) -> bool:
        """True for a company in China."""
        return self.country == "CN"

    @property
    def name(self) -> str:
        """The registered name."""
        if self.chinese:
            return f"{self.region}{self.brand}{self.trade}{self.form}{self.branch}"
        return f"{self.brand} {self.trade} {self.form}"

    @property
    def short(self) -> str:
        """What people call it."""
        return f"{self.brand}{self.trade}{self.branch}" if self.chinese else f"{self.brand} {self.trade}"


def _region(rng: Random, office: Address) -> str:
    city = office.city.removesuffix("市")
    return rng.choice((city, city, office.city, city if office.province == office.city else office.province[:2]))


def chinese_company(rng: Random, truth_id: str, today: date) -> Company:
    """Return a company in China."""
    office = china(rng, office=True)
    (first, sound), (second, echo) = rng.sample(spelled("companies", "brand"), 2)
    trade, pinyin, industry = rng.choice(listed("companies", "trades")).split()
    domain = f"{sound}{echo}{rng.choice((pinyin, office.area, pinyin[:2]))}.{rng.choice(('com', 'cn', 'com.cn'))}"
    contact = chinese_person(rng, truth_id, today)
    return Company(
        truth_id=truth_id,
        region=_region(rng, office),
        brand=first + second,
        trade=trade,
        form=rng.choice(listed("companies", "forms")),
        branch="",
        former_name="",
        tax_id=tax_id_china(rng, office.region_code),
        lei=lei(rng) if chance(rng, 0.05) else "",
        phone=landline(rng, office.area),
        email=f"{rng.choice(('sales', 'info', 'admin', contact.given[1], contact.family[1]))}@{domain}",
        website=f"www.{domain}",
        office=office,
        old_office=moved(rng, office, office=True),
        contact=contact,
        contact_mobile=contact.mobile,
        legal_person=contact.name if chance(rng, 0.3) else chinese_person(rng, truth_id, today).name,
        industry=industry,
        capital=rng.choice((10, 50, 100, 200, 500, 1000, 3000)) * 10_000,
        founded=today - timedelta(days=rng.randint(400, 9000)),
        since=today - timedelta(days=rng.randint(20, 3600)),
    )


def western_company(rng: Random, truth_id: str, today: date) -> Company:
    """Return a company elsewhere."""
    lists, office = words("companies"), world(rng, office=True)
    country = office.country
    brand = rng.choice(lists["western_first"]) + rng.choice(lists["western_second"])
    trade = rng.choice(lists["western_trade"][country])
    suffix = {"US": "com", "GB": "co.uk", "DE": "de", "FR": "fr", "SG": "com.sg", "AU": "com.au"}[country]
    ascii_trade = trade.split()[0].lower().translate(str.maketrans({"ö": "oe", "é": "e"}))
    domain = f"{brand.lower()}-{ascii_trade}.{suffix}"
    contact = western_person(rng, truth_id, today)
    pattern = words("places")["world"][country]
    return Company(
        truth_id=truth_id,
        region="",
        brand=brand,
        trade=trade,
        form=rng.choice(lists["western_form"][country]),
        branch="",
        former_name="",
        tax_id=tax_id_world(rng, country),
        lei=lei(rng) if chance(rng, 0.5) else "",
        phone=patterned(rng, pattern["landline"], office.area),
        email=f"{rng.choice(('sales', 'info', 'office', 'contact'))}@{domain}",
        website=f"https://www.{domain}",
        office=office,
        old_office=moved(rng, office, office=True),
        contact=contact,
        contact_mobile=patterned(rng, pattern["mobile"], office.area),
        legal_person="",
        industry="",
        capital=0,
        founded=today - timedelta(days=rng.randint(400, 15000)),
        since=today - timedelta(days=rng.randint(20, 3600)),
    )


def sibling(rng: Random, company: Company, truth_id: str, today: date) -> Company:
    """Return a sister company: same brand, city and often office and switchboard, another trade and tax id."""
    other = chinese_company(rng, truth_id, today)
    while other.trade == company.trade:
        other = chinese_company(rng, truth_id, today)
    together = chance(rng, 0.5)
    return replace(
        other,
        region=company.region,
        brand=company.brand,
        tax_id=tax_id_china(rng, company.office.region_code),
        phone=company.phone if together else landline(rng, company.office.area),
        office=company.office if together else moved(rng, company.office, office=True),
        website=company.website,
        email=f"{other.contact.given[1]}{digits(rng, 2)}@{company.website.removeprefix('www.')}",
    )


def branch(rng: Random, company: Company, truth_id: str, today: date) -> Company:
    """Return a branch office in another city: the company's name with the branch, its own tax id, office and phone."""
    other = chinese_company(rng, truth_id, today)
    while other.office.city == company.office.city:
        other = chinese_company(rng, truth_id, today)
    city = other.office.city.removesuffix("市")
    return replace(
        company,
        truth_id=truth_id,
        branch=f"{city}分公司",
        former_name="",
        lei="",
        tax_id=other.tax_id,
        phone=other.phone,
        email=f"{_branch_mailbox(other)}@{company.website.removeprefix('www.')}",
        office=other.office,
        old_office=other.old_office,
        contact=other.contact,
        contact_mobile=mobile(rng),
        founded=other.founded,
        since=other.since,
    )


def _branch_mailbox(company: Company) -> str:
    """Return the local part a branch office uses: its area code, e.g. ``office0755``."""
    return f"office{company.office.area}"


def renamed(rng: Random, company: Company) -> Company:
    """Return the same company after a change of name: the tax id stays."""
    trade = rng.choice(listed("companies", "trades")).split()[0]
    return replace(company, former_name=company.name, trade=trade, form="股份有限公司")
