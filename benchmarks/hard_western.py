"""Built sets of western persons and businesses: households, namesakes and chains are no matches."""

from __future__ import annotations

from random import Random

from benchmarks import hard_errors as errors
from benchmarks.hard_sources import us_given, us_surnames

Row = dict[str, str]
CITIES = [
    "Springfield",
    "Riverton",
    "Fairview",
    "Georgetown",
    "Clinton",
    "Salem",
    "Madison",
    "Franklin",
    "Arlington",
    "Ashland",
    "Dover",
    "Hudson",
]
STREETS = [
    "Main",
    "Oak",
    "Pine",
    "Maple",
    "Cedar",
    "Elm",
    "Lake",
    "Hill",
    "Walnut",
    "Church",
    "Park",
    "Spring",
    "Mill",
    "River",
    "Sunset",
    "Broadway",
    "Highland",
]
KINDS = (("Street", "St."), ("Avenue", "Ave"), ("Road", "Rd"), ("Boulevard", "Blvd."), ("Drive", "Dr"))
HEADS = [
    "Golden",
    "Blue",
    "Royal",
    "Little",
    "Grand",
    "Old",
    "Silver",
    "Green",
    "Red",
    "Happy",
    "Corner",
    "Lucky",
    "Imperial",
    "Sunny",
    "Village",
    "Harbor",
]
TAILS = [
    "Dragon",
    "Lion",
    "Garden",
    "Kitchen",
    "Table",
    "Palace",
    "Star",
    "Moon",
    "Olive",
    "Rose",
    "Anchor",
    "Fox",
    "Pear",
    "Bridge",
    "Lantern",
    "Oven",
]
TRADES = [
    "Restaurant",
    "Cafe",
    "Bakery",
    "Grill",
    "Diner",
    "Bistro",
    "Pharmacy",
    "Hardware",
    "Books",
    "Motors",
    "Cleaners",
    "Florist",
]
CUISINES = [
    "american",
    "italian",
    "chinese",
    "french",
    "mexican",
    "indian",
    "thai",
    "seafood",
    "japanese",
    "steakhouse",
]


def _street(rng: Random) -> tuple[str, str, str]:
    kind = rng.choice(KINDS)
    return str(rng.randrange(1, 2000)), rng.choice(["", "", "N. ", "S. ", "W. "]) + rng.choice(STREETS), kind[0]


def _typed(text: str, rng: Random, share: float = 0.12) -> str:
    return errors.slip(text, rng) if rng.random() < share else text


def _address(one: Row, rng: Random) -> str:
    short = dict(KINDS)[one["kind"]] if rng.random() < 0.4 else one["kind"]
    return f"{one['number']} {_typed(one['street'], rng, 0.08)} {short if rng.random() < 0.9 else ''}".strip()


def _phone(one: Row, rng: Random) -> str:
    area, number = one["area"], one["phone"]
    if rng.random() < 0.08:
        number = errors.slip(number, rng)
    return rng.choice([f"{area}/{number[:3]}-{number[3:]}", f"({area}) {number[:3]}-{number[3:]}", f"{area}-{number}"])


def _view(one: Row, rng: Random, keep: float) -> Row:
    name = one["name"]
    if one["given"] and rng.random() < 0.1:
        name = f"{one['family']}, {one['given']}"
    elif one["given"] and rng.random() < 0.08:
        name = f"{one['given'][0]}. {one['family']}"
    elif not one["given"] and rng.random() < 0.2:
        name = rng.choice([f"The {name}", f"{name} Inc.", name.rsplit(" ", 1)[0], name.replace("'s", "s")])
    said = {
        "name": _typed(name, rng),
        "address": _address(one, rng),
        "city": _typed(one["city"], rng, 0.05),
        "phone": _phone(one, rng),
        "type": one["type"] if rng.random() < 0.7 else rng.choice(CUISINES),
    }
    return {k: v if k == "name" or rng.random() < keep else "" for k, v in said.items()}


def _base(rng: Random) -> Row:
    number, street, kind = _street(rng)
    place = {"number": number, "street": street, "kind": kind, "city": rng.choice(CITIES)}
    return place | {
        "area": rng.choice(["212", "310", "404", "415", "702"]),
        "phone": f"{rng.randrange(2, 10)}{rng.randrange(10**6):06d}",
        "type": rng.choice(CUISINES),
        "given": "",
        "family": "",
    }


def _person(rng: Random, other: Row | None) -> Row:
    one = _base(rng) | {"given": us_given().draw(rng), "family": us_surnames().draw(rng)}
    if other is not None and rng.random() < 0.7:
        one |= {k: other[k] for k in ("family", "number", "street", "kind", "city", "area")}
        if rng.random() < 0.5:
            one["phone"] = other["phone"]
    elif other is not None:
        one |= {k: other[k] for k in ("given", "family", "city")}
    return one | {"name": f"{one['given']} {one['family']}"}


def _business(rng: Random, other: Row | None) -> Row:
    owner = rng.random() < 0.3
    head = f"{us_surnames().draw(rng)}'s" if owner else f"{rng.choice(HEADS)} {rng.choice(TAILS)}"
    one = _base(rng) | {"name": f"{head} {rng.choice(TRADES)}"}
    if other is not None and rng.random() < 0.6:
        one["name"] = other["name"]  # the same chain elsewhere
    elif other is not None:
        one |= {k: other[k] for k in ("number", "street", "kind", "city")}  # the neighbour in the same house
    return one


def _build(business: bool, count: int, keep: float, rng: Random) -> tuple[list[Row], list[int]]:
    rows: list[Row] = []
    truth: list[int] = []
    known: list[Row] = []
    while len(rows) < count:
        other = rng.choice(known) if known and rng.random() < 0.15 else None
        known.append(_business(rng, other) if business else _person(rng, other))
        for _ in range(rng.choices([1, 2, 3], (60, 32, 8))[0]):
            rows.append(_view(known[-1], rng, keep))
            truth.append(len(known))
    return rows, truth


def people(count: int, columns: tuple[str, ...], keep: float, rng: Random) -> tuple[list[Row], list[int]]:
    """Build records of persons."""
    rows, truth = _build(False, count, keep, rng)
    return [{c: row[c] for c in columns} for row in rows], truth


def businesses(count: int, columns: tuple[str, ...], keep: float, rng: Random) -> tuple[list[Row], list[int]]:
    """Build records of shops and restaurants."""
    rows, truth = _build(True, count, keep, rng)
    return [{c: row[c] for c in columns} for row in rows], truth
