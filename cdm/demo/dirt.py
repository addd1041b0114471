"""What happens to values when people type them, spreadsheets format them and years go by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random

from cdm.demo.companies import Company
from cdm.demo.people import Person
from cdm.demo.places import Address
from cdm.demo.words import chance, homophones, listed, weighted, words

Cell = str | float | date | None
"""One spreadsheet cell: text, a number, a date or nothing."""

_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def wide(text: str) -> str:
    """Return the text with full-width digits."""
    return text.translate(_WIDE)


def placeholder(rng: Random) -> str:
    """Return what is typed into a field nobody knows."""
    return rng.choice(listed("dirt", "placeholders"))


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def traditional(text: str) -> str:
    """Return the text in traditional characters."""
    return _converter()(text)


def homophone(rng: Random, text: str) -> str:
    """Replace one character by one that sounds alike, where the text has such a character."""
    places = [place for place, char in enumerate(text) if char in homophones()]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + rng.choice(homophones()[text[place]]) + text[place + 1 :]


def slip(rng: Random, text: str) -> str:
    """Make one slip of the keyboard: two letters swapped, one lost or one doubled."""
    if len(text) < 4:
        return text
    place = rng.randrange(1, len(text) - 2)
    kind = rng.choice(("swap", "lose", "double"))
    if kind == "swap":
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + (text[place] if kind == "double" else "") * 2 + text[place + 1 :]


_PHONE_SHAPES = {
    "plain": 50, "number": 16, "float": 3, "spaces": 8, "dashes": 7, "+86": 7, "0086": 3, "wide": 5, "label": 3,
    "lost": 1,
}  # fmt: skip


def phone(rng: Random, number: str, *, spreadsheet: bool = False) -> Cell:
    """Write a phone number the way people do.

    Args:
        number: 11 digits, ``area-number`` or ``+…``.
        spreadsheet: the cell may turn into a number, shown as 1.38E+10.
    """
    if number.startswith("+"):
        return _foreign_phone(rng, number)
    if "-" in number:
        return _landline(rng, number)
    kind = weighted(rng, _PHONE_SHAPES)
    groups = (number[:3], number[3:7], number[7:])
    if kind == "number":
        return float(number) if spreadsheet else f"{number}.0"
    if kind == "lost":
        return f"{float(number):.2E}" if spreadsheet else number
    shapes = {"float": f"{number}.0", "spaces": " ".join(groups), "dashes": "-".join(groups), "+86": f"+86 {number}",
              "0086": f"0086{number}", "wide": wide(number), "label": f"手机：{number}"}  # fmt: skip
    return shapes.get(kind, number)


def _landline(rng: Random, number: str) -> str:
    area, local = number.split("-")
    return rng.choice((
        number, number, area + local, f"({area}){local}", f"（{area}）{local}", f"{area} {local[:4]} {local[4:]}",
        f"+86-{area[1:]}-{local}", f"{number}转{rng.randint(800, 899)}", wide(number), local,
    ))  # fmt: skip


def _foreign_phone(rng: Random, number: str) -> str:
    country = next(code for code in ("+1", "+44", "+49", "+33", "+65", "+61") if number.startswith(code))
    rest = number.removeprefix(country)
    grouped = f"{rest[:3]} {rest[3:6]} {rest[6:]}"
    return rng.choice((number, number, f"{country} {grouped}", f"{country} {rest}", f"00{country[1:]}{rest}",
                       f"{country}-{rest[:3]}-{rest[3:]}"))  # fmt: skip


def phones(rng: Random, first: str, second: str, *, spreadsheet: bool = False) -> Cell:
    """Write one phone number, or two into one cell."""
    if second and chance(rng, 0.14):
        return rng.choice((
            f"{first}/{second}", f"{first}，{second}", f"{first} {second}", f"手机:{first} 座机:{second}",
            f"{first};{second}", f"{first}、{second}",
        ))  # fmt: skip
    return phone(rng, first, spreadsheet=spreadsheet)


def masked(number: str) -> str:
    """Hide the middle of a mobile number the way shops do."""
    return f"{number[:3]}****{number[-4:]}" if number.isdigit() else number


def email(rng: Random, address: str) -> str:
    """Write an e-mail address: mostly right, sometimes in capitals, with blanks or a slip."""
    local, domain = address.split("@")
    kind = weighted(rng, {"right": 84, "capitals": 7, "blank": 4, "wide": 1, "comma": 2, "slip": 2})
    shapes = {"capitals": rng.choice((address.upper(), f"{local.capitalize()}@{domain}")), "blank": f" {address} ",
              "wide": address.replace("@", "＠"), "comma": address.replace(".com", ",com"),
              "slip": f"{slip(rng, local)}@{domain}"}  # fmt: skip
    return shapes.get(kind, address)


def day(rng: Random, when: date, *, spreadsheet: bool = False) -> Cell:
    """Write a date in one of the forms people use; in a spreadsheet half of them are true date cells."""
    if spreadsheet and chance(rng, 0.5):
        return when
    year, month, number = when.year, when.month, when.day
    return rng.choice((
        f"{when:%Y-%m-%d}", f"{year}/{month}/{number}", f"{year}年{month}月{number}日", f"{when:%Y%m%d}",
        f"{year}.{month}.{number}",
    ))  # fmt: skip


def later(rng: Random, when: date, today: date) -> date:
    """Return a day up to two years after ``when``: systems meet a customer at different times."""
    return min(today, when + timedelta(days=rng.randint(0, 700)))


def identity(rng: Random, number: str) -> str:
    """Write an 18-digit identity number: x for X, blanks, the old 15-digit form, a wrong digit."""
    kind = weighted(
        rng, {"right": 72, "small": 72 if number.endswith("X") else 0, "blanks": 6, "wide": 3, "old": 7, "wrong": 2}
    )
    if kind == "old" and number[6:8] == "19":
        return number[:6] + number[8:17]
    if kind == "wrong":
        return number[:13] + str((int(number[13]) + 3) % 10) + number[14:]
    shapes = {"small": number.lower(), "blanks": f"{number[:6]} {number[6:14]} {number[14:]}", "wide": wide(number)}
    return shapes.get(kind, number)


def address(rng: Random, place: Address) -> str:
    """Write an address in one line: levels left out or shortened, traditional, with a wrong postcode in front."""
    if place.country != "CN":
        country = rng.choice(words("places")["world"][place.country]["country"])
        return rng.choice((place.full, place.full, f"{place.full}, {country}", place.full.upper()))
    short_province = place.province[:2] if place.province != place.city else ""
    short_city = place.city.removesuffix("市")
    return weighted(rng, {
        place.full: 40,
        f"{place.city}{place.district}{place.line}": 20,
        f"{short_province}{short_city}{place.district.removesuffix('区')}{place.line}": 8,
        f"{place.province} {place.city} {place.district} {place.line}": 8,
        f"中国{place.full}": 3,
        f"{place.city}{place.line}": 6,
        wide(place.full): 3,
        traditional(place.full): 4,
        f"{place.full}（{place.postcode}）": 3,
        place.full.replace("号", "號", 1).replace("室", ""): 3,
        f"{place.city}{place.district}{place.street}{place.number}号": 6,
    })  # fmt: skip


_NAME_SHAPES = {
    "right": 64, "title": 7, "remark": 4, "traditional": 5, "pinyin": 5, "pinyin swapped": 3, "blank": 3, "swapped": 2,
    "homophone": 5, "family only": 1, "mixed": 1,
}  # fmt: skip


def person_name(rng: Random, person: Person) -> str:
    """Write a person's name: title words, remarks, traditional, pinyin, swapped, mistyped."""
    if not person.chinese:
        return _western_name(rng, person)
    family, given = person.family, person.given
    title = rng.choice(listed("dirt", "titles_female" if person.female else "titles_male"))
    kind = weighted(rng, _NAME_SHAPES)
    shapes = {
        "title": f"{person.name}{title}",
        "remark": person.name + rng.choice(listed("dirt", "person_remarks")),
        "traditional": traditional(person.name),
        "pinyin": f"{family[1].capitalize()} {given[1].capitalize()}",
        "pinyin swapped": rng.choice((f"{given[1]} {family[1]}".title(), f"{given[1]} {family[1]}".upper())),
        "blank": f"{family[0]} {given[0]}" if chance(rng, 0.5) else f"{family[0]}　{given[0]} ",
        "swapped": f"{given[0]} {family[0]}" if len(given[0]) > 1 else f"{given[0]}{family[0]}",
        "homophone": homophone(rng, person.name),
        "family only": f"{family[0]}{title}",
        "mixed": f"{person.name} {given[1].capitalize()}",
    }
    return shapes.get(kind, person.name)


def _western_name(rng: Random, person: Person) -> str:
    first, last = person.given[0], person.family[0]
    title = "Ms." if person.female else "Mr."
    nick = words("persons")["nicknames"].get(first, first)
    return weighted(rng, {
        f"{first} {last}": 60, f"{last}, {first}": 9, f"{last} {first}": 5, f"{title} {first} {last}": 6,
        f"{first} {last}".upper(): 5, f"{first[0]}. {last}": 4, f"{nick} {last}": 5, f"{first} {slip(rng, last)}": 5,
        f"{first} {last}".lower(): 3,
    })  # fmt: skip


def company_name(rng: Random, company: Company) -> str:
    """Write a company's name: short, with its contact in brackets, region moved, traditional, mistyped, the old one."""
    if company.former_name and chance(rng, 0.5):
        return company.former_name
    if not company.chinese:
        return _western_company(rng, company)
    name, head = company.name, f"{company.region}{company.brand}{company.trade}"
    contact = f"{company.contact.family[0]}{rng.choice(listed('dirt', 'titles_male'))}"
    city = company.office.city
    return weighted(rng, {
        name: 58,
        f"{head}{company.branch}": 6,
        company.short: 5,
        f"{company.short}({contact})": 5,
        f"{name}（{contact}）": 5,
        f"{company.brand}{company.trade}({city.removesuffix('市')}){company.form}{company.branch}": 4,
        traditional(name): 5,
        f"{city}{company.brand}{company.trade}{company.form}{company.branch}": 4,
        f"{company.short}-{contact}": 2,
        name.replace("有限公司", "有限责任公司", 1) if "责任" not in name else name.replace("责任", "", 1): 3,
        name.replace("公司", "公司 ", 1).replace(company.brand, f" {company.brand}", 1): 2,
        homophone(rng, name): 2,
    })  # fmt: skip


def _western_company(rng: Random, company: Company) -> str:
    variants = words("companies")["form_variants"].get(company.form, [company.form])
    head = f"{company.brand} {company.trade}"
    contact = f"{'Ms.' if company.contact.female else 'Mr.'} {company.contact.family[0]}"
    return weighted(rng, {
        company.name: 58, f"{head} {rng.choice(variants)}": 16, head: 7, company.name.upper(): 6,
        f"{company.name} ({contact})": 4, f"{head}, {company.form}": 4,
        f"{slip(rng, company.brand)} {company.trade} {company.form}": 5,
    })  # fmt: skip
