"""Addresses of the demo company's customers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cdm.demo.numbers import digits, patterned
from cdm.demo.words import chance, words


@dataclass(frozen=True, slots=True)
class Address:
    """Where a customer is: levels as the country writes them; ``detail`` is building and room."""

    country: str
    province: str
    city: str
    district: str
    street: str
    number: str
    detail: str
    postcode: str
    area: str = ""
    region_code: str = ""
    sheet: str = "海外"

    @property
    def line(self) -> str:
        """Street, number and room in one line, as an online shop asks for it."""
        if self.country == "CN":
            return f"{self.street}{self.number}号{self.detail}"
        house = f"{self.street} {self.number}" if self.country == "DE" else f"{self.number} {self.street}"
        return f"{house}, {self.detail}" if self.detail else house

    @property
    def full(self) -> str:
        """The whole address in one line."""
        if self.country == "CN":
            province = "" if self.province == self.city else self.province
            return f"{province}{self.city}{self.district}{self.line}"
        if self.country in {"DE", "FR"}:
            return f"{self.line}, {self.postcode} {self.city}"
        region = f"{self.city}, {self.province}" if self.province else self.city
        return f"{self.line}, {region} {self.postcode}"


def _china_detail(rng: Random, office: bool) -> str:
    lists = words("places")
    if office:
        name = rng.choice(lists["compound_names"]) + rng.choice(lists["buildings"])
        return f"{name}{rng.randint(2, 28)}{digits(rng, 1)}{rng.randint(1, 9)}室"
    name = rng.choice(lists["compound_names"]) + rng.choice(lists["compounds"])
    return f"{name}{rng.randint(1, 30)}栋{rng.randint(1, 4)}单元{rng.randint(1, 24)}0{rng.randint(1, 4)}室"


def china(rng: Random, *, office: bool, city_name: str = "") -> Address:
    """Return an address in China: an office or a flat, in ``city_name`` where one is given."""
    cities = words("places")["china"]
    city = next((known for known in cities if known["city"] == city_name), None) or rng.choice(cities)
    district = rng.choice(list(city["districts"]))
    code, postcode = city["districts"][district]
    return Address(
        country="CN",
        province=city["province"],
        city=city["city"],
        district=district,
        street=rng.choice(city["streets"]),
        number=str(rng.randint(1, 999)),
        detail=_china_detail(rng, office),
        postcode=str(postcode),
        area=city["area"],
        region_code=str(code),
        sheet=city["sheet"],
    )


def world(rng: Random, *, office: bool, country: str = "") -> Address:
    """Return an address outside China, in ``country`` where one is given."""
    countries = words("places")["world"]
    country = country or rng.choice(list(countries))
    city, region, area, postcode = rng.choice(countries[country]["cities"])
    detail = ""
    if country in {"US", "AU", "SG", "GB"} and chance(rng, 0.35):
        detail = f"{'Suite' if office else rng.choice(('Apt', 'Flat', 'Unit'))} {rng.randint(1, 40)}"
    return Address(
        country=country,
        province=region,
        city=city,
        district="",
        street=rng.choice(countries[country]["streets"]),
        number=str(rng.randint(1, 420)),
        detail=detail,
        postcode=patterned(rng, postcode),
        area=area,
    )


def moved(rng: Random, home: Address, *, office: bool) -> Address:
    """Return another address in the same country; in China in the same city."""
    if home.country == "CN":
        return china(rng, office=office, city_name=home.city)
    return world(rng, office=office, country=home.country)
