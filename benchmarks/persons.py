"""A seeded generator of person records with duplicates: ``python benchmarks/persons.py N OUT.csv``.

Every record has first name, surname, birth date, city, postcode, e-mail and phone; 30 % of the records are duplicates
of an earlier one with one to three errors (typo, missing value, other e-mail, moved). Names are drawn from a Zipf-like
distribution over made-up syllable names, so that common names are shared by many persons, as in life. Column ``person``
is the truth.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

ONSETS = [
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "w",
    "br",
    "ch",
    "cl",
    "dr",
    "fr",
    "gr",
    "kr",
    "pl",
    "pr",
    "sh",
    "st",
    "th",
    "tr",
]
NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "ia", "io", "ou"]
CODAS = ["", "", "n", "r", "s", "l", "m", "t", "nd", "rt", "ck", "ll"]
FIELDS = ("first_name", "surname", "birth_date", "city", "postcode", "email", "phone")
DUPLICATES = 0.3


def make_words(count: int, syllables: int, rng: np.random.Generator) -> np.ndarray:
    """Return ``count`` different made-up names."""
    words: set[str] = set()
    while len(words) < count:
        parts = (f"{rng.choice(ONSETS)}{rng.choice(NUCLEI)}{rng.choice(CODAS)}" for _ in range(syllables))
        words.add("".join(parts).capitalize())
    return np.array(sorted(words), dtype=object)


def zipf(words: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw words with probability falling as 1 / (rank + 10)."""
    weights = 1 / (np.arange(len(words)) + 10.0)
    return words[rng.choice(len(words), size, p=weights / weights.sum())]


def persons(count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return ``count`` different persons, column by column."""
    first = zipf(make_words(1200, 2, rng), count, rng)
    last = zipf(make_words(min(20_000, max(200, count // 5)), 2, rng), count, rng)
    cities = make_words(400, 2, rng)
    city = rng.choice(len(cities), count, p=(w := 1 / (np.arange(400) + 5.0)) / w.sum())
    days = rng.integers(0, 25_000, count)
    born = np.datetime_as_string(np.datetime64("1938-01-01") + days, unit="D").astype(object)
    number = rng.integers(0, 1000, count).astype(str).astype(object)
    domain = np.array(["gmail.com", "outlook.com", "mail.example", "post.example"], dtype=object)[
        rng.integers(0, 4, count)
    ]
    lower = np.array([f"{f}.{s}".lower() for f, s in zip(first, last, strict=True)], dtype=object)
    phone = np.char.add("+4479", np.char.zfill(rng.integers(0, 10**8, count).astype(str), 8)).astype(object)
    postcode = np.char.add(
        np.char.zfill((city * 20 + rng.integers(0, 20, count)).astype(str), 4), rng.integers(0, 10, count).astype(str)
    ).astype(object)
    columns = (first, last, born, cities[city], postcode, lower + number + "@" + domain, phone)
    return dict(zip(FIELDS, columns, strict=True))


def typo(text: str, kind: int, place: float, letter: int) -> str:
    """Replace, drop or swap one character."""
    at = int(place * max(len(text) - 1, 1))
    if kind == 0:
        return text[:at] + chr(97 + letter) + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def corrupt(columns: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Give each record one to three errors, in place."""
    count = len(columns["surname"])
    for _ in range(3):
        field = rng.choice(len(FIELDS), count, p=[0.2, 0.2, 0.12, 0.1, 0.1, 0.14, 0.14])
        act, missing = rng.random(count) < 0.65, rng.random(count) < 0.3
        kind, place, letter = rng.integers(0, 3, count), rng.random(count), rng.integers(0, 26, count)
        for i in np.flatnonzero(act):
            column = columns[FIELDS[field[i]]]
            if column[i] is not None:
                column[i] = None if missing[i] else typo(column[i], kind[i], place[i], letter[i])


def generate(count: int, seed: int = 1) -> pa.Table:
    """Return ``count`` records in random order with columns ``id``, the fields, and the truth ``person``."""
    rng = np.random.default_rng(seed)
    originals = count - int(count * DUPLICATES)
    base = persons(originals, rng)
    copied = rng.integers(0, originals, count - originals)
    copies = {name: column[copied].copy() for name, column in base.items()}
    corrupt(copies, rng)
    order = rng.permutation(count)
    truth = np.concatenate([np.arange(originals), copied])[order]
    columns = {name: pa.array(np.concatenate([base[name], copies[name]])[order], pa.string()) for name in FIELDS}
    return pa.table({"id": pa.array([f"R{i}" for i in range(count)]), **columns, "person": pa.array(truth)})


def main() -> None:
    """Write a file: CSV or Parquet by its ending; the truth goes beside it."""
    count, out = int(sys.argv[1]), Path(sys.argv[2])
    table = generate(count)
    data, truth = table.drop_columns(["person"]), table.select(["id", "person"])
    if out.suffix == ".parquet":
        pa.parquet.write_table(data, out)
    else:
        pa.csv.write_csv(data, out)
    pa.csv.write_csv(truth, out.with_suffix(".truth.csv"))
    print(f"{count:,} records, {len(set(table.column('person').to_pylist())):,} persons → {out}")


if __name__ == "__main__":
    main()
