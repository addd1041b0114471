"""Persons for tests of learning: some of them twice, written differently."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HEADER = ("customer_no", "first_name", "last_name", "date_of_birth", "phone", "city")
GIVEN = ("Anna", "Bert", "Clara", "Dirk", "Elena", "Fritz", "Greta", "Hugo", "Ida", "Jonas", "Klara", "Leo")
FAMILY = ("Adler", "Becker", "Claasen", "Dietz", "Ebert", "Fuchs", "Graf", "Huber", "Iversen", "Jung", "Kraus", "Lang")
CITIES = ("Bremen", "Essen", "Halle", "Jena", "Kiel", "Mainz")


def write_people(folder: Path, persons: int, seed: int = 1) -> tuple[Path, Path]:
    """Write two files of persons, a third of the first once more in the second; the key's digits tell who is who."""
    generator = np.random.default_rng(seed)
    crm, shop = [], []
    for number in range(persons):
        row = [
            str(generator.choice(GIVEN)),
            str(generator.choice(FAMILY)),
            f"19{generator.integers(40, 99)}-{generator.integers(1, 13):02}-{generator.integers(1, 29):02}",
            f"+4915{generator.integers(10**8, 10**9)}",
            str(generator.choice(CITIES)),
        ]
        crm.append([f"K{number:04}", *row])
        if number % 3 == 0:
            copy = list(row)
            copy[3] = f"+4915{generator.integers(10**8, 10**9)}" if number % 2 else copy[3]
            copy[0] = copy[0][:1] + "." if number % 4 == 0 else copy[0]
            copy[2] = f"{copy[2][:-1]}{(int(copy[2][-1]) + 1) % 10}" if number % 5 == 0 else copy[2]
            copy[4] = str(generator.choice(CITIES))
            shop.append([f"S{number:04}", *copy])
    return _write(folder / "crm.csv", crm), _write(folder / "shop.csv", shop)


def one_person(left: str, right: str) -> bool:
    """Tell whether two records (``source:key``) are one person."""
    return left[-4:] == right[-4:]


def _write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def answer(sheet: Path, filled: Path, *, wrong: int | None = None) -> int:
    """Fill in the verdicts of a sheet of questions (CSV); ``wrong`` is a row answered wrongly. Returns the answers."""
    rows = list(csv.reader(sheet.open(encoding="utf-8-sig")))
    verdict, left, right = (rows[0].index(name) for name in ("verdict", "left", "right"))
    for number, row in enumerate(rows[1:]):
        row[verdict] = "same" if one_person(row[left], row[right]) != (number == wrong) else "不同"
    with filled.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return len(rows) - 1
